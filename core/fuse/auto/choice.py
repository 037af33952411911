"""Automatic choice: cheap candidates on inner folds, costly ones on one of them, then the best or a mixture.

A candidate is begun only if there is time for it, and for fitting whatever may be chosen on all rows afterwards.
"""

from __future__ import annotations

import time
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from core.catalog import Task
from core.data.splits.inner import Dependence, fit_with, inner_folds, of_texts
from core.encode.batches import part, progress_listener, report_progress
from core.fuse.auto.findings import choice, not_in_time, too_short
from core.fuse.auto.mixture import MOST_MEMBERS, Mixer, Screened
from core.fuse.clock import TooSlow, costly_seconds, fit_seconds, gives_up, note, read_ahead, running, scaled, warm_up
from core.fuse.costs import TIMED_ROWS
from core.fuse.ensemble import Ensemble, aligned
from core.fuse.predictor import Predictor, as_frame
from core.messages import Message, _, say
from core.models.scaled import factor_of, restored

BUDGET_SECONDS = 300.0
FOLDS = 5
SCREENING = 0.45  # of the budget, where something costly is to be tried too
READING = 0.5  # of the budget, for texts to be read by frozen encoders
SHORT = 20.0  # seconds in which nothing costly is begun: asking what it takes is a few of them
HOPEFUL = 20.0  # the same per thousand rows: a costly candidate is fitted twice, at about 40 s each
Fold = tuple[np.ndarray, np.ndarray]


class Automatic(Predictor):
    """The best of many candidates, or a mixture of a few, chosen on inner folds of the training rows.

    Cheap candidates are scored on all inner folds. A costly one is fitted on the first inner fold's training rows only,
    where there is time to fit it twice, and compared there with the best of the others. What is chosen is fitted on all
    rows. Rows with nearly the same texts stay in one inner fold.

    Parameters
    ----------
    cheap, costly : list of (name, Predictor)
    texts : list of str
        The text columns.
    task, metric, seed
    budget_seconds : float, optional
        For all of it, reading texts and the fit on all rows included; it only decides which candidates are tried. A
        clock of the whole command (`core.fuse.clock`) goes before it.
    only : list of str, optional
        Try exactly these and look at no clock: what an earlier fit tried.
    positive : str
        Of two classes, the one that the metric speaks of.
    one_fold : bool
        With `only`: try it on the first inner fold, as a fit did that had no time for more.
    held : float
        Rows that will be predicted afterwards, per training row: time is kept for reading them.

    Attributes
    ----------
    best_ : Predictor, fitted on all rows
    chosen_ : dict, name → weight
    trials_ : list of ``{"name", "score", "seconds"}``
    left_out_ : list of names that there was no time for
    allowed_ : float
        Seconds there were for all of it.

    References
    ----------
    Caruana et al., "Ensemble selection from libraries of models", ICML 2004.
    """

    def __init__(
        self,
        cheap: list[tuple[str, Predictor]],
        costly: list[tuple[str, Predictor]] | None = None,
        texts: list[str] | None = None,
        task: Task = "multiclass",
        metric: str = "accuracy",
        seed: int = 0,
        budget_seconds: float | None = None,
        only: list[str] | None = None,
        positive: str = "",
        held: float = 0.0,
        one_fold: bool = False,
    ) -> None:
        self.cheap = cheap
        self.costly = costly
        self.texts = texts
        self.task = task
        self.metric = metric
        self.seed = seed
        self.budget_seconds = budget_seconds
        self.only = only
        self.positive = positive
        self.held = held
        self.one_fold = one_fold

    def fit(self, X: pd.DataFrame, y: Any, dependence: Dependence | None = None) -> Automatic:
        """X: source columns, n rows; y: labels (str) or numbers, shape (n,); dependence: of the rows.

        Without `dependence`, rows with nearly the same texts are taken to be one group.
        """
        self.began_ = time.monotonic()
        X = as_frame(X)
        self.n_features_in_ = X.shape[1]
        y, truth = np.asarray(y), self._coded(y)
        self.unit_ = factor_of(truth) if self.task == "regression" else 1.0  # of errors, until they are told
        self._dependence = of_texts(X, self.texts or []) if dependence is None else dependence
        classes = np.asarray(getattr(self, "classes_", []))
        self._mixer = Mixer(self.task, self.metric, truth, classes, self.positive, self.unit_)
        folds = inner_folds(self.task, truth, self.seed, FOLDS, self._dependence)
        self.n_folds_ = len(folds)
        self.trials_: list[dict[str, Any]] = []
        self.settings_: dict[str, Any] = {}
        pool = self._pool(X)
        screened = self._screened(pool, X, y, folds)
        rows = np.sort(np.concatenate([test for _train, test in folds]))  # by time, the earliest are never held back
        weights = self._mixer.weights(screened, rows)
        self.measured_ = self._mixer.measured(weights, screened, rows)
        self.tried_costly_ = ""
        trial = folds[0] if self._dependence.times is None else folds[-1]  # by time, the last one trains on most rows
        costly = self._costly(X, y, trial, sum(self._on_all_rows(screened[name]) for name in weights))
        if costly is not None:
            self.tried_costly_ = costly.name
            weights, measured = self._mixer.beside(costly, screened, weights, trial[1])
            self.measured_ = self.measured_ if measured is None else measured
        self.chosen_ = weights
        every = dict([*self.cheap, *(self.costly or [])])
        members = [(name, every[name]) for name in weights]
        best = clone(members[0][1]) if len(members) == 1 else Ensemble(members, list(weights.values()), self.task)
        self.best_ = fit_with(best, X, y, self._dependence)
        del self._dependence, self._mixer  # of these rows, not of the estimator
        self.columns_ = self.best_.columns_
        return self

    def predict_both(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
        """Prediction and probabilities of what was chosen."""
        check_is_fitted(self, "best_")
        return self.best_.predict_both(X)

    def text_encoders(self) -> dict[str, Any]:
        """Those of what was chosen."""
        return self.best_.text_encoders()

    def networks(self) -> list[Any]:
        """Those of what was chosen."""
        return self.best_.networks()

    def leak_badge(self) -> Literal["", "label-free", "out-of-fold", "fitted-in-fold"]:
        """It learns which one is best, in the fold."""
        return "fitted-in-fold"

    def rule(self) -> Message:
        """What was chosen, of how many, by what, and what there was no time for."""
        check_is_fitted(self, "chosen_")
        said = choice(len(self.trials_), self.n_folds_, self.chosen_, self.metric, self._told())
        for left in not_in_time(self.unread_, self.left_out_):
            said = say(_("{what} {hint}"), what=said, hint=left)
        if self.too_short_ is not None:
            said = say(_("{what} {hint}"), what=said, hint=self.too_short_)
        return said

    # Time

    def _pool(self, X: pd.DataFrame) -> list[tuple[str, Predictor]]:
        """The cheap candidates whose texts could be read in time, and how long everything may take."""
        self.left_out_: list[str] = []
        self.unread_: dict[str, float] = {}
        self.too_short_: Message | None = None
        self.expected_: dict[str, float] = {}
        self.estimates_: dict[str, float] = {}
        if self.only is not None:
            self.allowed_ = float("inf")
            return [(name, candidate) for name, candidate in self.cheap if name in self.only]
        clock, own = running(), BUDGET_SECONDS if self.budget_seconds is None else self.budget_seconds
        wanted = {name: candidate.frozen_work(X) for name, candidate in self.cheap}
        works = {work.key: work for some in wanted.values() for work in some}
        in_all = clock.left() if clock is not None and clock.fits else own
        readings = read_ahead(list(works.values()), READING * in_all, self.seed)
        unread = {one.work.key for one in readings if not one.done}
        self.unread_ = {one.work.model: one.seconds for one in readings if not one.done}
        afterwards = sum(one.per_text * (self.held * one.n_texts + TIMED_ROWS) for one in readings if one.done)
        self.allowed_ = self._used() + clock.take(own - self._used()) if clock is not None else own
        self.allowed_ -= afterwards
        readable = {name: not any(work.key in unread for work in some) for name, some in wanted.items()}
        self.left_out_ = [name for name, candidate in self.cheap if not readable[name]]
        return [(name, candidate) for name, candidate in self.cheap if readable[name]] or self.cheap[:1]

    def _on_all_rows(self, one: Screened) -> float:
        """Seconds to fit a screened candidate on all rows."""
        return scaled(one.seconds, self.n_folds_ - 1, self.n_folds_)

    def _fits(self, seconds: float, one_fit: float, found: dict[str, Screened], limit: float) -> bool:
        """Whether something more can be tried, and the slowest few still be fitted on all rows."""
        return self._used() + seconds + sum(self._refits(found, one_fit)) <= limit

    def _refits(self, found: dict[str, Screened], one_fit: float = 0.0) -> list[float]:
        """Seconds that the slowest few take on all rows; `one_fit`: of one more, on the rows of an inner fold."""
        every = [*map(self._on_all_rows, found.values()), scaled(one_fit, self.n_folds_ - 1, self.n_folds_)]
        return sorted(every)[-MOST_MEMBERS:]

    # Screening

    def _screened(
        self,
        pool: list[tuple[str, Predictor]],
        X: pd.DataFrame,
        y: np.ndarray,
        folds: list[Fold],
    ) -> dict[str, Screened]:
        """All that there is time for; the rest is for something costly, or for more of these if that can't be had."""
        if self.one_fold:
            return self._fastest(pool, X, y, folds)
        hopeful = self._hopeful(len(y))
        limit = self.allowed_ * (SCREENING if hopeful else 1.0)
        found = self._screen(pool, X, y, folds, {}, limit)
        if hopeful and self.only is None:
            self.estimates_ = {name: costly_seconds(name, one, X, y) for name, one in self.costly or []}
            twice = min(self.estimates_.values()) * (1 + len(folds[0][0]) / len(y))
            if self._used() + twice + sum(self._refits(found)) > self.allowed_:
                again = [(name, one) for name, one in pool if name not in found]
                self.left_out_ = [name for name in self.left_out_ if name not in dict(again)]
                found |= self._screen(again, X, y, folds, found, self.allowed_)
        order = [name for name, _candidate in self.cheap]
        self.trials_.sort(key=lambda trial: order.index(trial["name"]))
        found = {name: found[name] for name in order if name in found}
        return found or self._fastest(pool, X, y, folds)

    def _hopeful(self, n_rows: int) -> bool:
        """Whether to ask a costly candidate what it takes: not if an earlier fit knows that it is too much."""
        clock, left = running(), self.allowed_ - self._used()
        known = clock.measured if clock is not None else {}
        told = [known[name][0] / known[name][1] * n_rows for name, _one in self.costly or [] if name in known]
        return bool(self.costly) and left >= max(SHORT, HOPEFUL * n_rows / 1000, 2 * min(told, default=0.0))

    def _screen(
        self,
        pool: list[tuple[str, Predictor]],
        X: pd.DataFrame,
        y: np.ndarray,
        folds: list[Fold],
        known: dict[str, Screened],
        limit: float,
    ) -> dict[str, Screened]:
        """Candidates on all inner folds, one after the other, as far as the limit allows; `known`: screened before."""
        found: dict[str, Screened] = {}
        train = folds[0][0]
        clock = running()
        if self.only is None and not self.expected_ and not (clock and clock.measured) and self._used() < limit:
            warm_up(pool[0][1], X, y, self.seed)
        for number, (name, candidate) in enumerate(pool):
            one = None
            if self.only is not None or self._used() < limit:
                with part(number, len(pool)):
                    seconds = 0.0
                    if self.only is None:
                        seconds = fit_seconds(name, candidate, X.iloc[train], y[train], self.seed)
                        self.expected_[name] = seconds
                    if self._fits(seconds * len(folds), seconds, known | found, limit):
                        one = self._out_of_fold(name, candidate, X, y, folds, known | found, limit)
            if one is None:
                self.left_out_.append(name)
            else:
                found[name] = one
        return found

    def _fastest(
        self,
        pool: list[tuple[str, Predictor]],
        X: pd.DataFrame,
        y: np.ndarray,
        folds: list[Fold],
    ) -> dict[str, Screened]:
        """Where there is no time for any: the one that takes least, on one inner fold."""
        clock = running()
        known = self.expected_ or (
            {} if clock is None else {name: taken for name, (taken, _n) in clock.measured.items()}
        )
        name = min((one for one, _candidate in pool), key=lambda one: known.get(one, float("inf")))
        left = max(0.0, self.allowed_ - self._used())
        one = self._out_of_fold(name, dict(pool)[name], X, y, folds[:1], {}, float("inf"))
        assert one is not None
        self.left_out_ = [other for other in self.left_out_ if other != name]
        self.trials_[-1]["folds"] = 1
        needed = one.seconds + self._on_all_rows(one)
        self.too_short_ = too_short(name, needed, left) if needed > left else None
        return {name: one}

    def _out_of_fold(
        self,
        name: str,
        candidate: Predictor,
        X: pd.DataFrame,
        y: np.ndarray,
        folds: list[Fold],
        found: dict[str, Screened],
        limit: float,
    ) -> Screened | None:
        """A candidate on some inner folds; None if a fold shows that there is no time for the others."""
        said = np.full((len(y), len(self.classes_)) if self.task != "regression" else len(y), np.nan)
        began = time.monotonic()
        for number, (train, test) in enumerate(folds):
            with part(number, len(folds)):
                fitted = fit_with(clone(candidate), X.iloc[train], y[train], self._dependence.take(train))
            said[test] = self._said(fitted, X.iloc[test])
            seconds = (time.monotonic() - began) / (number + 1)
            note(name, seconds, len(train))
            if not self._fits(seconds * (len(folds) - number - 1), seconds, found, limit):
                return None
            report_progress(number + 1, len(folds))
        rows = np.concatenate([test for _train, test in folds])
        one = Screened(name, said, seconds, self._mixer.score(said[rows], rows), self._mixer.error(said[rows], rows))
        self.trials_.append({"name": name, "score": one.score, "seconds": seconds})
        return one

    # What takes long

    def _costly(self, X: pd.DataFrame, y: np.ndarray, fold: Fold, refit: float) -> Screened | None:
        """The costly candidate on the first inner fold, if it can be fitted there and once more on all rows in time."""
        for name, candidate in self.costly or []:
            if self.only is not None and name not in self.only:
                continue
            share = len(fold[0]) / len(y)
            estimate = 0.0 if self.only is not None else self.estimates_.get(name, float("inf"))
            if self._used() + estimate * (1 + share) + refit > self.allowed_:
                self.left_out_.append(name)
                continue
            try:
                with part(0, 2), progress_listener(gives_up(1 + 1 / share, self.allowed_ - self._used() - refit)):
                    return self._out_of_fold(name, candidate, X, y, [fold], {}, float("inf"))
            except TooSlow:
                self.left_out_.append(name)
        return None

    # Small parts

    def _said(self, fitted: Predictor, X: pd.DataFrame) -> np.ndarray:
        prediction, probabilities = fitted.predict_both(X)
        full = aligned(probabilities, fitted, [str(label) for label in getattr(self, "classes_", [])])
        return prediction if full is None else full

    def _told(self) -> dict[str, Any]:
        """What was measured, its squared errors in the target's own unit."""
        unit = getattr(self, "unit_", 1.0)  # one kept by an earlier version has none
        errors = {name: self.measured_[name] for name in ("single_error", "error") if name in self.measured_}
        return {**self.measured_, **{name: float(restored(restored(one, unit), unit)) for name, one in errors.items()}}

    def _used(self) -> float:
        return time.monotonic() - self.began_
