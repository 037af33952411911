"""Who is trained when, how long the rest will take, and what the time budget still allows."""

from __future__ import annotations

import time

from core import catalog
from core.names import model_of, parse

START = 1.0  # seconds of a fold that no table is too small for
PER_THOUSAND = {  # seconds per fold and thousand rows before anything was measured; only an order of magnitude
    "linear": 0.6,
    "svm-linear": 0.8,
    "svm-kernel": 4.0,
    "tree": 0.5,
    "forest": 2.0,
    "extra-trees": 2.0,
    "boosting": 3.0,
    "lightgbm": 1.5,
    "knn": 0.5,
    "bayes": 0.3,
}
COSTLY_PER_THOUSAND = 40.0
ASSISTED_PER_THOUSAND = 12.0  # several fits on inner folds
WORDS_FACTOR = 2.0  # word counts are wide


def guess(name: str, n_rows: int) -> float:
    """Seconds for one fold of a candidate before any was measured."""
    parsed = parse(name)
    family = catalog.fusion(parsed.family)
    if family.name == "dummy":
        return 0.1
    if family.costly:
        return START + COSTLY_PER_THOUSAND * n_rows / 1000
    if family.way == "assisted":
        return START + ASSISTED_PER_THOUSAND * n_rows / 1000
    words = parsed.family == "text-tfidf" or parsed.variant == "words" or parsed.encoder in {"bow", "tfidf"}
    return START + PER_THOUSAND.get(model_of(parsed), 1.0) * (WORDS_FACTOR if words else 1.0) * n_rows / 1000


def order(names: list[str], n_rows: int) -> list[str]:
    """What to train first: whatever there is to be beaten, then the most promising for its time."""

    def rank(name: str) -> tuple[bool, float]:
        family = catalog.fusion(parse(name).family)
        return not family.baseline, guess(name, n_rows) / family.promise

    return sorted(names, key=rank)


class Forecast:
    """How far a comparison is: seconds gone against seconds expected, corrected by every fold that was measured.

    Parameters
    ----------
    folds : int
    refits : bool
        Each candidate is fitted once more on all rows.
    budget_seconds : float, optional
    """

    def __init__(self, folds: int, refits: bool, budget_seconds: float | None) -> None:
        self.began = time.monotonic()
        self.folds, self.refits, self.budget_seconds = folds, refits, budget_seconds
        self._seconds: dict[str, float] = {}  # of one fold
        self._rounds: dict[str, int] = {}  # still to come, the fit on all rows included
        self._encoding = 0.0
        self._current = 0.0  # share of the fold under way
        self._shown = 0.0

    def expect(self, name: str, seconds: float) -> None:
        """A candidate that will be trained, and a guess at one of its folds."""
        self._seconds[name] = seconds
        self._rounds.setdefault(name, self.folds + int(self.refits))

    def expect_encoding(self, seconds: float) -> None:
        """What encoding will take from now on."""
        self._encoding = seconds

    def under_way(self, share: float) -> None:
        """How far the fold that is being trained is, 0 to 1."""
        self._current = min(1.0, max(0.0, share))

    def finished(self, name: str, seconds: float | None) -> None:
        """A fold has been trained; `seconds`: measured, None for one that was there already."""
        self._rounds[name] = max(0, self._rounds.get(name, 0) - 1)
        self._current = 0.0
        if seconds is not None:
            self._seconds[name] = seconds

    def fold_seconds(self, name: str) -> float:
        """What one fold of a candidate takes, as measured last or else guessed."""
        return self._seconds[name]

    def drop(self, name: str) -> None:
        """A candidate that will not be trained any further."""
        self._rounds[name] = 0

    def remaining_seconds(self) -> float:
        """What is left to do; a fold on all rows counts like the others."""
        ahead = sum(self._seconds[name] * rounds for name, rounds in self._rounds.items())
        first = next((name for name, rounds in self._rounds.items() if rounds), None)
        under_way = self._current * self._seconds[first] if first else 0.0
        left = max(0.0, ahead - under_way) + self._encoding
        return left if self.budget_seconds is None else min(left, max(1.0, self.left()))

    def share(self) -> float:
        """Of the whole, 0 to 1; never less than it was."""
        gone = time.monotonic() - self.began
        self._shown = max(self._shown, gone / max(1e-9, gone + self.remaining_seconds()))
        return min(0.99, self._shown)

    def left(self) -> float:
        """Seconds of the budget that are left; endless without one."""
        return float("inf") if self.budget_seconds is None else self.budget_seconds - (time.monotonic() - self.began)
