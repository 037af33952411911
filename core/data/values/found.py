"""What was found of a column: its layout, the ones that fit as well, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from core.data.schema import Aside, Layout
from core.data.values.counted import Counted

SHOWN = 5


@dataclass(frozen=True)
class Found:
    """A column's layout, the ones that fit as well, and what the column shows of the table's habits."""

    layout: Layout
    others: list[Layout] = field(default_factory=list)
    shows: frozenset[str] = frozenset()  # "decimal ,", "decimal .", "thousands ,", "day first", "month first"


def words_in(counted: Counted, mask: np.ndarray) -> list[str]:
    """The different values under a mask, in order."""
    return sorted(str(word) for word in counted.where(mask).values.to_pylist())


def unread(counted: Counted, read: np.ndarray) -> dict[str, object]:
    """How many cells are of another kind, and some of them, the most frequent first."""
    odd = counted.where(~read)
    return {"n_unread": odd.total, "unread": _frequent(odd)}


def aside(counted: Counted, what: str, mask: np.ndarray) -> list[Aside]:
    """Cells that were read by leaving something aside; nothing where there are none."""
    some = counted.where(mask)
    return [Aside.model_validate({"what": what, "n": some.total, "examples": _frequent(some)})] if some.total else []


def _frequent(counted: Counted) -> list[str]:
    order = np.argsort(-counted.counts, kind="stable")[:SHOWN]
    return [str(value) for value in counted.values.take(pa.array(order)).to_pylist()] if counted.total else []
