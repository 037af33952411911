"""Candidates on inner folds: each begins on one of them, and goes on to the others while it may still win.

Who is clearly behind on the first fold is given up there; who would take longer than there is time for is left out.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from core.data.splits.inner import Dependence, fit_with
from core.encode.batches import part, progress_listener, report_progress
from core.fuse.auto.mixture import MOST_MEMBERS, Mixer, Screened
from core.fuse.clock import TooSlow, costly_seconds, fit_seconds, gives_up, note, running, scaled, unheard, warm_up
from core.fuse.ensemble import aligned, greedy_weights, losses
from core.fuse.predictor import FAULTS, Predictor
from core.messages import AmalgamError, Cancelled

log = logging.getLogger(__name__)
BEHIND = 2.0  # standard errors of the mean difference of losses, row by row
ENOUGH = 30  # rows of a fold that can show who is behind
Fold = tuple[np.ndarray, np.ndarray]


@dataclass
class Allowance:
    """The seconds a search has for all of it, from when it is made; endless where an earlier search is repeated."""

    seconds: float = float("inf")
    began: float = field(default_factory=time.monotonic)

    def used(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Seconds until it ends; less than 0 afterwards."""
        return self.seconds - self.used()


class Race:
    """A search under way.

    Parameters
    ----------
    X, y : source columns, n rows; labels or numbers, shape (n,)
    folds : list of (train, test)
    first : Fold
        The one that each candidate begins on.
    dependence : Dependence
        Of the rows.

    Attributes
    ----------
    found : dict
        Candidates that may be chosen, with what they said of the rows they were tried on.
    models : dict
        Those that take long, as fitted on the first fold.
    trials : list of ``{"name", "score", "seconds", "folds"}``, and ``"behind"`` where it was given up
    left_out : list of names that there was no time for
    failed : dict, name → error
        Candidates that could not be fitted; the others went on.
    reserve : float
        Seconds kept for fitting on all rows what takes long.
    """

    def __init__(
        self,
        X: pd.DataFrame,
        y: np.ndarray,
        folds: list[Fold],
        dependence: Dependence,
        mixer: Mixer,
        allowance: Allowance,
        seed: int,
    ) -> None:
        self.X, self.y, self.dependence, self.mixer, self.seed = X, y, dependence, mixer, seed
        last = dependence.times is not None  # by time, the last one trains on most rows
        self.folds = folds[::-1] if last else folds
        self.rows = np.sort(np.concatenate([test for _train, test in folds]))  # by time, the earliest are in none
        self.allowance = allowance
        self.found: dict[str, Screened] = {}
        self.models: dict[str, Predictor] = {}
        self.trials: list[dict[str, Any]] = []
        self.left_out: list[str] = []
        self.failed: dict[str, Exception] = {}
        self.expected: dict[str, float] = {}
        self.reserve = 0.0

    # What is quick

    def enter(self, name: str, candidate: Predictor, limit: float) -> None:
        """A candidate on all folds, as far as it can win and `limit` seconds of the allowance last."""
        if self.allowance.used() >= limit:
            self.left_out.append(name)
            return
        with self.spared(name):
            self._enter(name, candidate, limit)

    def _enter(self, name: str, candidate: Predictor, limit: float) -> None:
        train, clock = self.folds[0][0], running()
        if not self._fits(0.0, 0.0, limit):
            self.left_out.append(name)
            return
        if not self.expected and not (clock and clock.measured):
            warm_up(candidate, self.X, self.y, self.seed)
        seconds = fit_seconds(name, candidate, self.X.iloc[train], self.y[train], self.seed)
        self.expected[name] = seconds
        if not self._fits(seconds * len(self.folds), seconds, limit):
            self.left_out.append(name)
            return
        said, seconds, done = self._blank(), 0.0, 0
        for seconds in self._folds(name, candidate, said, len(self.folds)):
            done += 1
            if done == 1 and self._behind(said):
                self._note(name, said, seconds, done, behind=True)
                return
            if not self._fits(seconds * (len(self.folds) - done), seconds, limit):
                self.left_out.append(name)
                return
        self._note(name, said, seconds, done)

    def enter_fastest(self, pool: Mapping[str, Predictor]) -> tuple[str, float]:
        """Where there is no time for any: the one that takes least, on one fold.  →  its name, seconds needed in all

        Where all have failed, it fails as they did.
        """
        clock, pool = running(), {name: one for name, one in pool.items() if name not in self.failed} or pool
        known = self.expected or {name: taken for name, (taken, _n) in (clock.measured if clock else {}).items()}
        name = min(pool, key=lambda one: known.get(one, float("inf")))
        self.again(name, pool[name], 1)
        self.failed.pop(name, None)
        self.left_out = [other for other in self.left_out if other != name]
        return name, self.found[name].seconds + self.on_all_rows(name)

    def again(self, name: str, candidate: Predictor, n_folds: int, *, behind: bool = False, kept: bool = False) -> None:
        """A candidate on so many folds, whatever it takes; `kept`: with the model of the first one."""
        said = self._blank()
        *_others, seconds = self._folds(name, candidate, said, n_folds, kept=kept)
        self._note(name, said, seconds, n_folds, behind=behind)

    # What takes long

    def estimate(self, name: str, candidate: Predictor) -> float:
        """Seconds that a costly candidate takes on all rows, as it says itself."""
        return costly_seconds(name, candidate, self.X, self.y)

    def enter_costly(self, name: str, candidate: Predictor) -> None:
        """A costly candidate on the first fold, whose model is kept; time is kept for it on all rows, if there is."""
        with self.spared(name):
            self._enter_costly(name, candidate)

    def _enter_costly(self, name: str, candidate: Predictor) -> None:
        seconds, train = self.estimate(name, candidate), self.folds[0][0]
        on_fold = seconds * len(train) / len(self.y)
        if self.allowance.left() < on_fold + sum(self._refits()):
            self.left_out.append(name)
            return
        said = self._blank()
        try:
            with part(0, 2), progress_listener(gives_up(self.allowance.left() - sum(self._refits()))):
                (seconds,) = self._folds(name, candidate, said, 1, kept=True)
        except TooSlow:
            self.left_out.append(name)
            return
        self._note(name, said, seconds, 1)
        refit = self.on_all_rows(name)
        if self.allowance.left() >= refit + sum(self._refits()):
            self.reserve = refit

    def more_folds(self, name: str, candidate: Predictor) -> None:
        """As many of the other folds of a costly candidate as there is time for: more rows that weigh and score it."""
        one, others = self.found[name], self.reserve + sum(self._refits())
        n_folds = min(len(self.folds), 1 + int((self.allowance.left() - others) / max(one.seconds, 1e-9)))
        said, done = one.said.copy(), 1
        try:
            with progress_listener(gives_up(self.allowance.left() - others)):
                for _seconds in self._folds(name, candidate, said, n_folds, start=1):
                    done += 1
        except Cancelled:
            raise
        except (TooSlow, AmalgamError, *FAULTS):  # what it said of the folds before stands
            pass
        if done > 1:
            self._note(name, said, one.seconds, done)

    # Small parts

    @contextmanager
    def spared(self, name: str) -> Iterator[None]:
        """The others go on without one that fails."""
        try:
            yield
        except Cancelled:
            raise
        except (AmalgamError, *FAULTS) as error:
            log.exception("candidate %s", name)
            self.failed[name] = error
            self.models.pop(name, None)
            self.found.pop(name, None)

    def on_all_rows(self, name: str) -> float:
        """Seconds to fit one that was tried on all rows."""
        return scaled(self.found[name].seconds, len(self.folds[0][0]), len(self.y))

    def _folds(
        self, name: str, candidate: Predictor, said: np.ndarray, n_folds: int, *, start: int = 0, kept: bool = False
    ) -> Any:
        """Fit on each fold and write down what is said of its rows.  →  after each, the mean seconds of a fit"""
        began = time.monotonic()
        for number in range(start, n_folds):
            train, test = self.folds[number]
            with part(number - start, n_folds - start):
                model = fit_with(clone(candidate), self.X.iloc[train], self.y[train], self.dependence.take(train))
            with progress_listener(unheard):  # it counts from nothing again, as if the fit had hardly begun
                prediction, probabilities = model.predict_both(self.X.iloc[test])
            full = aligned(probabilities, model, [str(label) for label in self.mixer.classes])
            said[test] = prediction if full is None else full
            if kept and number == 0:
                self.models[name] = model
            seconds = (time.monotonic() - began) / (number - start + 1)
            note(name, seconds, len(train))
            report_progress(number - start + 1, n_folds - start)
            yield seconds

    def _behind(self, said: np.ndarray) -> bool:
        """Whether a candidate is so far behind the best on the first fold's rows that it would not even be mixed in."""
        rows, mixer = self.folds[0][1], self.mixer
        if not self.found or len(rows) < ENOUGH:
            return False
        others = [one.said[rows] for one in self.found.values() if one.knows(rows).all()]
        truth, mine = mixer.truth[rows], losses(said[rows], mixer.truth[rows], mixer.unit)
        best = min((losses(one, truth, mixer.unit) for one in others), key=np.mean)
        ahead = mine - best
        if ahead.mean() <= BEHIND * ahead.std() / np.sqrt(len(rows)):
            return False
        return float(greedy_weights([*others, said[rows]], truth, unit=mixer.unit)[-1]) == 0.0

    def _note(self, name: str, said: np.ndarray, seconds: float, folds: int, *, behind: bool = False) -> None:
        blank = said if said.ndim == 1 else said[:, 0]
        rows = np.flatnonzero(np.isfinite(blank))
        one = Screened(name, said, seconds, self.mixer.score(said[rows], rows), self.mixer.error(said[rows], rows))
        trial = {"name": name, "score": one.score, "seconds": seconds, "folds": folds} | (
            {"behind": True} if behind else {}
        )
        place = next((place for place, known in enumerate(self.trials) if known["name"] == name), len(self.trials))
        self.trials[place : place + 1] = [trial]
        if not behind:
            self.found[name] = one

    def _fits(self, seconds: float, one_fit: float, limit: float) -> bool:
        """Whether something more can be tried, and the slowest few still be fitted on all rows."""
        return self.allowance.used() + seconds + self.reserve + sum(self._refits(one_fit)) <= limit

    def _refits(self, one_fit: float = 0.0) -> list[float]:
        """Seconds that the slowest quick ones take on all rows; `one_fit`: of one more, on the rows of a fold."""
        quick = [self.on_all_rows(name) for name in self.found if name not in self.models]
        return sorted([*quick, scaled(one_fit, len(self.folds[0][0]), len(self.y))])[-MOST_MEMBERS:]

    def _blank(self) -> np.ndarray:
        n, classes = len(self.y), self.mixer.classes
        return np.full((n, len(classes)) if len(classes) else n, np.nan)
