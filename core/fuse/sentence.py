"""A row written out as a sentence, for an encoder that reads text."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.fuse.columns import TextColumn


class SentenceColumn(TextColumn):
    """A text encoder for whole rows: “age: 36; town: Rome; note: hello there.”"""

    def texts(self, frame: pd.DataFrame) -> np.ndarray:
        """One sentence per row, shape (n,)."""
        return sentences(frame)

    def column(self, columns: list[str]) -> str:
        """Whole rows have no column's name."""
        return ""


def sentences(frame: pd.DataFrame) -> np.ndarray:
    """Every filled cell with its column's name, in column order."""
    raise NotImplementedError
