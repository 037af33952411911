"""Rare classes enlarged by rows whose texts are told in other words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone

from core.catalog import Task
from core.encode.batches import as_texts as filled
from core.fuse.assisted.base import Rows
from core.fuse.assisted.enlarged import Enlarged, Lesson
from core.fuse.assisted.substitution import Near, near_words, retold
from core.fuse.candidate import Candidate
from core.messages import Message, _, say

RARE = 0.5  # a class is rare that has fewer than this share of the rows of the largest one
MOST_COPIES = 3  # added rows per row there is


class Augmentation(Enlarged):
    """A classical model that also sees rare classes in other words.

    Classes with less than half the rows of the largest one are brought up to that, by at most three new rows for each
    there is: the columns of a row, and its texts with some words replaced by others of the training rows that the
    encoder finds near. Only training rows are told anew.

    Parameters
    ----------
    parent : Candidate
    encoder : transformer
        Words to unit rows; learns nothing.
    languages : dict, optional
        Text column → its language.
    """

    def __init__(
        self,
        parent: Candidate,
        encoder: BaseEstimator,
        languages: dict[str, str] | None = None,
        texts: list[str] | None = None,
        task: Task = "multiclass",
        seed: int = 0,
    ) -> None:
        self.parent = parent
        self.encoder = encoder
        self.languages = languages
        self.texts = texts
        self.task = task
        self.seed = seed

    def _advise(self, rows: Rows) -> Rows:
        """Find near words among those of the training rows."""
        encoder = clone(self.encoder).fit([])
        self.near_: dict[str, Near] = {
            name: near_words(filled(rows.X[name]), self._language(name), encoder) for name in self.texts or []
        }
        return rows

    def _shared(self) -> Sequence[str]:
        return ("near_",)

    def _why_not(self, rows: Rows) -> Message | None:
        if not wanted(rows.y):
            return say(_("The LLM's advice was not used: no class is rare."))
        if not any(self.near_.values()):
            return say(_("The LLM's advice was not used: no word of these texts has another one near it."))
        return None

    def _lesson(self, rows: Rows) -> Lesson:
        random = np.random.default_rng(self.seed)
        places, told, codes = [], [], []
        for code, n in wanted(rows.y).items():
            own = np.flatnonzero(rows.y == code)
            for place in np.tile(random.permutation(own), MOST_COPIES)[:n]:
                changed = self._retold(rows.X.iloc[place], random)
                if changed:
                    places.append(place)
                    told.append(changed)
                    codes.append(code)
        added = rows.X.iloc[places].copy()
        for name in self.texts or []:
            added[name] = [one.get(name, before) for one, before in zip(told, added[name].tolist(), strict=True)]
        return Lesson(added, np.eye(len(self.classes_))[codes])

    def _retold(self, row: pd.Series, random: np.random.Generator) -> dict[str, str]:
        """The texts of a row that could be told anew."""
        found = {}
        for name in self.texts or []:
            text = row[name]
            if isinstance(text, str) and (made := retold(text, self.near_[name], self._language(name), random)):
                found[name] = made
        return found

    def _forget(self) -> None:
        super()._forget()
        del self.near_

    def _language(self, name: str) -> str:
        return (self.languages or {}).get(name, "")


def wanted(codes: np.ndarray) -> dict[int, int]:
    """Rare class → how many rows to add."""
    counts = np.bincount(codes)
    enough = int(RARE * counts.max(initial=0))
    return {code: min(enough - int(n), MOST_COPIES * int(n)) for code, n in enumerate(counts) if 0 < n < enough}
