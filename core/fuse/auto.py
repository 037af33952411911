"""Automatic choice: cheap candidates on inner folds, costly ones on one of them, then the best or a mixture."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from core.catalog import Task
from core.data.inner import Dependence, fit_with, inner_folds, of_texts
from core.encode.batches import part, tell
from core.evaluate.points import point
from core.fuse.ensemble import Ensemble, aligned, greedy_weights, loss
from core.fuse.predictor import FrozenWork, Predictor, as_frame
from core.messages import Message, _, _n, say

BUDGET_SECONDS = 300.0
FOLDS = 5
SCREENING = 0.45  # of the budget, where something costly is to be tried too
MOST_MEMBERS = 4
SAME = 0.01  # the best of many is ahead by so much by chance; a mixture is steadier
MIXTURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)  # weight of a costly candidate beside the screened ones
_STEADY = {"n_estimators": 300, "learning_rate": 0.05}


@dataclass(frozen=True)
class Entry:
    """A candidate worth screening: its name, its settings, and the rows beyond which it is too slow to be tried."""

    name: str
    settings: dict[str, Any] | None = None
    most_rows: int = 1_000_000


SCREENED: tuple[Entry, ...] = (  # the most promising for their time first
    Entry("cooperative@words"),
    Entry("cooperative"),
    Entry("columns"),
    Entry("columns+lightgbm", _STEADY),
    Entry("text-tfidf+svm-linear"),
    Entry("columns+boosting"),
    Entry("cooperative+svm-linear@words"),
    Entry("columns+extra-trees"),
    Entry("columns+forest", most_rows=50_000),
    Entry("cooperative+svm-kernel", most_rows=8_000),
    Entry("text-tfidf"),
    Entry("cooperative:tfidf-svd+lightgbm", _STEADY, most_rows=50_000),
    Entry("cooperative:tfidf-svd+extra-trees", most_rows=50_000),
    Entry("cooperative+lightgbm", _STEADY, most_rows=50_000),
)
COSTLY = ("cooperative-tuned",)


@dataclass
class Screened:
    """What one candidate said of rows it had not seen, and what that took."""

    name: str
    said: np.ndarray  # (n, k) or (n,); rows outside its folds are undefined
    seconds: float  # to fit it once
    score: float
    error: float  # mean squared distance to the truth


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
        For all of it; it only decides which candidates are tried.
    only : list of str, optional
        Try exactly these and look at no clock: what an earlier fit tried.
    positive : str
        Of two classes, the one that the metric speaks of.

    Attributes
    ----------
    best_ : Predictor, fitted on all rows
    chosen_ : dict, name → weight
    trials_ : list of ``{"name", "score", "seconds"}``

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

    def fit(self, X: pd.DataFrame, y: Any, dependence: Dependence | None = None) -> Automatic:
        """X: source columns, n rows; y: labels (str) or numbers, shape (n,); dependence: of the rows.

        Without `dependence`, rows with nearly the same texts are taken to be one group.
        """
        self.began_ = time.monotonic()
        X = as_frame(X)
        self.n_features_in_ = X.shape[1]
        y, truth = np.asarray(y), self._coded(y)
        self._dependence = of_texts(X, self.texts or []) if dependence is None else dependence
        folds = inner_folds(self.task, truth, self.seed, FOLDS, self._dependence)
        self.n_folds_ = len(folds)
        self.trials_: list[dict[str, Any]] = []
        self.settings_: dict[str, Any] = {}
        screened = self._screen(X, y, truth, folds)
        weights = self._mixture(screened, truth, np.sort(np.concatenate([test for _train, test in folds])))
        self.tried_costly_ = ""
        trial = folds[0] if self._dependence.times is None else folds[-1]  # by time, the last one trains on most rows
        costly = self._costly(X, y, truth, trial, sum(screened[name].seconds for name in weights))
        if costly is not None:
            weights = self._beside(costly, screened, weights, truth, trial[1])
        self.chosen_ = weights
        every = dict([*self.cheap, *(self.costly or [])])
        members = [(name, every[name]) for name in weights]
        best = clone(members[0][1]) if len(members) == 1 else Ensemble(members, list(weights.values()), self.task)
        self.best_ = fit_with(best, X, y, self._dependence)
        del self._dependence  # of these rows, not of the estimator
        self.columns_ = self.best_.columns_
        return self

    def both(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
        """Prediction and probabilities of what was chosen."""
        check_is_fitted(self, "best_")
        return self.best_.both(X)

    def text_encoders(self) -> dict[str, Any]:
        """Those of what was chosen."""
        return self.best_.text_encoders()

    def networks(self) -> list[Any]:
        """Those of what was chosen."""
        return self.best_.networks()

    def frozen_work(self, X: pd.DataFrame) -> list[FrozenWork]:
        """What all of the pool can have encoded beforehand."""
        return [work for _name, candidate in self.cheap for work in candidate.frozen_work(X)]

    def leak_badge(self) -> Literal["", "label-free", "out-of-fold", "fitted-in-fold"]:
        """It learns which one is best, in the fold."""
        return "fitted-in-fold"

    def rule(self) -> Message:
        """What was chosen, of how many, and by what."""
        check_is_fitted(self, "chosen_")
        gaps = {
            "n": len(self.trials_),
            "folds": self.n_folds_,
            "chosen": [f"{name} {weight:.0%}" if weight < 1 else name for name, weight in self.chosen_.items()],
            "single": self.single_.name,
            "score": self.single_.score,
        }
        if len(self.chosen_) == 1:
            return say(
                _n(
                    "Of {n} candidate, screened on {folds} inner folds, “{chosen}” was chosen.",
                    "Of {n} candidates, screened on {folds} inner folds, “{chosen}” was chosen.",
                ),
                **gaps,
            )
        return say(
            _(
                "Of {n} candidates, screened on {folds} inner folds, “{single}” was the best alone ({score:.3f}); a "
                "mixture was as good or better there and steadier, and was chosen: {chosen}."
            ),
            **gaps,
        )

    # Screening

    def _screen(
        self, X: pd.DataFrame, y: np.ndarray, truth: np.ndarray, folds: list[tuple[np.ndarray, np.ndarray]]
    ) -> dict[str, Screened]:
        found: dict[str, Screened] = {}
        share = SCREENING if self.costly else 0.8
        for number, (name, candidate) in enumerate(self.cheap):
            if self.only is not None and name not in self.only:
                continue
            if found and self._used() > share * self._budget():
                break
            with part(number, len(self.cheap)):
                one = self._out_of_fold(name, candidate, X, y, truth, folds, share if found else None)
            if one is not None:
                found[name] = one
        return found

    def _out_of_fold(
        self,
        name: str,
        candidate: Predictor,
        X: pd.DataFrame,
        y: np.ndarray,
        truth: np.ndarray,
        folds: list[tuple[np.ndarray, np.ndarray]],
        share: float | None,
    ) -> Screened | None:
        """A candidate on some inner folds; None if the first one shows that there is no time for the others."""
        said = np.full((len(y), len(self.classes_)) if self.task != "regression" else len(y), np.nan)
        began = time.monotonic()
        for number, (train, test) in enumerate(folds):
            with part(number, len(folds)):
                fitted = fit_with(clone(candidate), X.iloc[train], y[train], self._dependence.take(train))
            said[test] = self._said(fitted, X.iloc[test])
            seconds = (time.monotonic() - began) / (number + 1)
            if share is not None and number == 0 and self._used() + seconds * (len(folds) - 1) > share * self._budget():
                return None
            tell(number + 1, len(folds))
        rows = np.concatenate([test for _train, test in folds])
        one = Screened(name, said, seconds, self._score(said[rows], y[rows]), loss(said[rows], truth[rows]))
        self.trials_.append({"name": name, "score": one.score, "seconds": seconds})
        return one

    def _mixture(self, screened: dict[str, Screened], truth: np.ndarray, rows: np.ndarray) -> dict[str, float]:
        """The best single candidate, or the greedily weighted few that do better on rows held back."""
        self.single_ = max(screened.values(), key=lambda one: one.score)
        names = list(screened)
        found = greedy_weights([screened[name].said[rows] for name in names], truth[rows])
        kept = sorted(np.flatnonzero(found), key=lambda place: -found[place])[:MOST_MEMBERS]
        weights = {names[place]: float(found[place] / found[kept].sum()) for place in kept}
        mixed = self._mixed(weights, screened)[rows]
        if len(weights) > 1 and self._score(mixed, self._labels(truth[rows])) >= self.single_.score - SAME:
            return weights
        return {self.single_.name: 1.0}

    # What takes long

    def _costly(
        self, X: pd.DataFrame, y: np.ndarray, truth: np.ndarray, fold: tuple[np.ndarray, np.ndarray], refit: float
    ) -> Screened | None:
        """The costly candidate on the first inner fold, if it can be fitted there and once more on all rows in time."""
        for name, candidate in self.costly or []:
            if self.only is None:
                estimate = candidate.estimate_seconds(X, y)
                share = len(fold[0]) / len(y)
                if estimate is not None and self._used() + estimate * (1 + share) + refit > self._budget():
                    continue
            elif name not in self.only:
                continue
            with part(0, 2):
                return self._out_of_fold(name, candidate, X, y, truth, [fold], None)
        return None

    def _beside(
        self,
        costly: Screened,
        screened: dict[str, Screened],
        weights: dict[str, float],
        truth: np.ndarray,
        rows: np.ndarray,
    ) -> dict[str, float]:
        """How much a costly candidate counts beside the others, by the rows of the fold it was tried on."""
        self.tried_costly_ = costly.name
        others = self._mixed(weights, screened)[rows]
        losses = {share: loss(share * costly.said[rows] + (1 - share) * others, truth[rows]) for share in MIXTURES}
        share = min(losses, key=lambda one: losses[one])
        mixed = {name: (1 - share) * weight for name, weight in weights.items()} | {costly.name: share}
        return {name: weight for name, weight in mixed.items() if weight > 0}

    # Small parts

    def _mixed(self, weights: dict[str, float], screened: dict[str, Screened]) -> np.ndarray:
        return sum((weight * screened[name].said for name, weight in weights.items()), np.zeros(1))

    def _said(self, fitted: Predictor, X: pd.DataFrame) -> np.ndarray:
        prediction, probabilities = fitted.both(X)
        full = aligned(probabilities, fitted, [str(label) for label in getattr(self, "classes_", [])])
        return prediction if full is None else full

    def _score(self, said: np.ndarray, y: np.ndarray) -> float:
        if self.task == "regression":
            return point(self.metric, self.task, y, said, None, [])
        classes = [str(label) for label in self.classes_]
        positive = self.positive if self.positive in classes else ""
        return point(self.metric, self.task, y, self.classes_[said.argmax(axis=1)], said, classes, positive=positive)

    def _labels(self, truth: np.ndarray) -> np.ndarray:
        return truth if self.task == "regression" else self.classes_[truth]

    def _budget(self) -> float:
        if self.only is not None:
            return float("inf")
        return BUDGET_SECONDS if self.budget_seconds is None else self.budget_seconds

    def _used(self) -> float:
        return time.monotonic() - self.began_
