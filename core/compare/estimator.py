"""How long a comparison takes: one estimator for the bar, the time left, the budget and what the pages foretell. Light.

A guess per candidate is corrected by the pace of what has been measured; a probe or a trained fold takes its place.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping

from core import catalog
from core.encode.finetuning.effort import n_epochs
from core.names import model_of, parse

START = 0.3  # seconds of a fold that no table is too small for
PER_THOUSAND = {  # seconds per fold and thousand rows before anything was measured; only an order of magnitude
    "linear": 0.6,
    "additive": 0.6,
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
COSTLY_START, COSTLY_PER_READING = 5.0, 0.014  # seconds of a fit that trains an encoder: in all, and per text read
ASSISTED_PER_THOUSAND = 12.0  # several fits on inner folds
WORDS_FACTOR = 2.0  # word counts are wide
KEEPING = 1.0  # seconds to save a bundle
FACTS = 1.0  # seconds to measure what a candidate costs per row
SPARE = 1.3  # an estimate may be too low by as much
OVERRUN = 0.05  # of the budget, by what is nearly finished
WARMED_UP = (5.0, 0.1)  # seconds and share after which a fit that is under way shows its own pace
RISE = 4 / 3  # the time left that is shown never rises by more than a third
PATIENCE = 600.0  # seconds that the usual candidates may be guessed to take, all of them
ENCODING = 0.006  # seconds per text; an order of magnitude


def guess(name: str, n_rows: int) -> float:
    """Seconds for one fold of a candidate before any was measured."""
    parsed = parse(name)
    family = catalog.fusion(parsed.family)
    if family.name == "dummy":
        return 0.1
    if family.costly:
        return COSTLY_START + COSTLY_PER_READING * n_rows * n_epochs(n_rows)
    if family.way == "assisted":
        return START + ASSISTED_PER_THOUSAND * n_rows / 1000
    counts = parsed.family in {"text-tfidf", "classical"}
    words = counts or parsed.variant == "words" or parsed.encoder in {"bow", "tfidf"}
    return START + PER_THOUSAND.get(model_of(parsed), 1.0) * (WORDS_FACTOR if words else 1.0) * n_rows / 1000


def guess_all(
    names: Iterable[str], n_rows: int, folds: int, n_texts: int = 1, measured: Mapping[str, float] | None = None
) -> float:
    """Seconds for all folds, the fit on all rows and the encoding of these candidates, before they are trained.

    measured: candidate → seconds of one fit, from an earlier run of about as many rows.
    """
    listed, known = list(names), measured or {}
    encoded = any(catalog.fusion(parse(name).family).llm for name in listed if name not in known)
    train = n_rows * (folds - 1) / folds if folds > 1 else n_rows
    fitted = sum(
        known[name] * (folds + 1) if name in known else guess(name, round(train)) * folds + guess(name, n_rows)
        for name in listed
    )
    return fitted + KEEPING * len(listed) + (ENCODING * n_rows * max(1, n_texts) if encoded else 0.0)


def minutes_for(needed_seconds: float) -> int:
    """Whole minutes in which what is estimated to need so much is done, with something to spare."""
    return max(1, math.ceil(SPARE * needed_seconds / 60))


def usual_budget(usual: list[str], n_rows: int, folds: int, n_texts: int = 1) -> float | None:
    """The budget of the usual candidates: none, so that the clock decides nothing, but on tables that take too long."""
    return None if guess_all(usual, n_rows, folds, n_texts) <= PATIENCE else PATIENCE


class Estimator:
    """How far a comparison is, and what the budget still allows.

    Parameters
    ----------
    folds : int
    refits : bool
        Each candidate is fitted once more on all rows, and kept.
    budget_seconds : float, optional
        Wall-clock for all of it, the fits on all rows included.
    spent_seconds : float
        Of the budget, by earlier attempts at the same comparison.
    growth : float
        Rows in all over rows in a fold's training part.
    clock : callable
        Seconds that only grow.
    """

    def __init__(
        self,
        folds: int,
        refits: bool,
        budget_seconds: float | None,
        spent_seconds: float = 0.0,
        growth: float = 1.25,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folds, self.refits, self.growth = folds, refits, growth
        self.budget_seconds, self.spent_seconds = budget_seconds, spent_seconds
        self.clock, self.began = clock, clock()
        self._guessed: dict[str, float] = {}  # one fold
        self._known: dict[str, float] = {}  # one fold, probed or measured
        self._paced: dict[str, float] = {}  # one fold, at the pace of the one under way; until one was measured
        self._folds_left: dict[str, int] = {}
        self._refit_left: dict[str, bool] = {}
        self._current: tuple[str, float, float] = ("", 0.0, 0.0)  # the fold under way, its share done, when it began
        self._encoding = 0.0
        self._must: frozenset[str] = frozenset()
        self._share = 0.0
        self._lowest = math.inf

    # What it is told

    def expect(self, name: str, seconds: float) -> None:
        """A candidate that will be trained, and a guess at one of its folds."""
        self._guessed[name] = seconds
        self._folds_left.setdefault(name, self.folds)
        self._refit_left.setdefault(name, self.refits)

    def must(self, names: Iterable[str]) -> None:
        """Candidates that are trained whatever the budget."""
        self._must = frozenset(names)

    def probed(self, name: str, seconds: float) -> None:
        """What one fold will take, from a few real steps."""
        self._known.setdefault(name, seconds)

    def expect_encoding(self, seconds: float) -> None:
        """What encoding will take from now on."""
        self._encoding = seconds

    def under_way(self, name: str, share: float) -> None:
        """How far the fit of this candidate that is running is, 0 to 1."""
        share, (before, done, began) = min(1.0, max(0.0, share)), self._current
        if name != before or share < done:  # another fit, or another part of it
            began = self.clock()
        self._current = (name, share, began)
        gone = self.clock() - began
        if gone > WARMED_UP[0] and share >= WARMED_UP[1] and self._folds_left.get(name) == self.folds:
            self._paced[name] = gone / share

    def finished(self, name: str, seconds: float | None) -> None:
        """A fold has been trained; `seconds`: measured, None for one that was there already."""
        self._folds_left[name] = max(0, self._folds_left.get(name, 0) - 1)
        self._current = ("", 0.0, 0.0)
        self._paced.pop(name, None)
        if seconds is not None:
            self._known[name] = seconds

    def refitted(self, name: str) -> None:
        """A candidate has been fitted on all rows and kept, or will not be."""
        self._refit_left[name] = False
        self._current = ("", 0.0, 0.0)

    def drop(self, name: str) -> None:
        """A candidate that will not be trained any further."""
        self._folds_left[name], self._refit_left[name] = 0, False

    # What it says

    def fold_seconds(self, name: str) -> float:
        """What one fold takes: measured or probed, else guessed at the pace of what was measured.

        The first one may turn out slower while it is under way; part of a fit says nothing of being quicker.
        """
        known = self._known[name] if name in self._known else self._guessed.get(name, START) * self._pace()
        return max(known, self._paced.get(name, 0.0))

    def refit_seconds(self, name: str) -> float:
        """What the fit on all rows takes, and keeping it; 0 where there is none to come."""
        return self.fold_seconds(name) * self.growth + KEEPING if self._refit_left.get(name) else 0.0

    def needed(self, name: str) -> float:
        """Seconds until this candidate is finished and kept."""
        facts = FACTS if self._folds_left.get(name) == self.folds else 0.0
        return self.fold_seconds(name) * self._folds_left.get(name, 0) + facts + self.refit_seconds(name)

    def spent(self) -> float:
        """Seconds gone, earlier attempts included."""
        return self.spent_seconds + self.clock() - self.began

    def left(self) -> float:
        """Seconds of the budget that are left; endless without one."""
        return math.inf if self.budget_seconds is None else self.budget_seconds - self.spent()

    def slack(self) -> float:
        """Seconds that the budget may be overrun by what is nearly finished."""
        return 0.0 if self.budget_seconds is None else OVERRUN * self.budget_seconds

    def room(self, name: str) -> float:
        """Seconds of the budget for a candidate, when those that are finished have been fitted on all rows."""
        others = [one for one, folds in self._folds_left.items() if not folds and one != name]
        return self.left() - sum(self.refit_seconds(one) for one in others)

    def remaining_seconds(self) -> float:
        """What is left to do, as far as the budget allows it."""
        name, share, _began = self._current
        under_way = share * self.fold_seconds(name)
        ahead = sum(self.needed(name) for name in self._guessed) + self._encoding
        in_any_case = sum(self.needed(name) for name in self._must)
        return min(max(0.0, ahead - under_way), max(1.0, self.left(), in_any_case - under_way))

    def shown_seconds(self) -> float:
        """The time left as it is shown: it never rises by more than a third."""
        self._lowest = min(self._lowest, self.remaining_seconds())
        return min(self.remaining_seconds(), RISE * self._lowest)

    def share(self) -> float:
        """Of the whole, 0 to 1; never less than it was."""
        gone = self.clock() - self.began
        self._share = max(self._share, gone / max(1e-9, gone + self.remaining_seconds()))
        return min(0.99, self._share)

    def _pace(self) -> float:
        """How much slower than guessed candidates were so far; a guess itself counts as one that was right."""
        ratios = [
            math.log(max(0.05, self._known[name]) / self._guessed[name])
            for name in self._known
            if self._guessed.get(name, 0.0) >= START
        ]
        return math.exp(sum(ratios) / (1 + len(ratios)))
