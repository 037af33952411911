"""Advice that becomes training rows: added ones, and soft labels for those there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse
from sklearn.base import BaseEstimator, clone
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import has_fit_parameter

from core.data.splits.inner import Dependence
from core.fuse.assisted.base import Assisted, Rows, one_thread
from core.models.fitting import fit_model

FAINT = 0.02  # a soft label below is left out
MOST_ADDED = 5000


@dataclass(frozen=True)
class Lesson:
    """What advice teaches: more rows, and what the labelled ones should rather be called."""

    X: pd.DataFrame  # m added rows
    targets: np.ndarray  # probabilities (m, k), or numbers (m,)
    own: np.ndarray | None = None  # the same for the labelled rows; None: as they are labelled
    weights: np.ndarray | None = None  # how much each added row counts (m,); None: 1


@dataclass(frozen=True)
class Material:
    """Training rows as features; `wide` are the labelled and the added ones, in features fitted on both."""

    plain: Any
    y: np.ndarray
    wide: Any = None
    lesson: Lesson | None = None
    dependence: Dependence | None = None  # of the labelled rows


class Enlarged(Assisted):
    """A parent whose model is also fitted on what advice teaches.

    An added row counts as `trust` labelled rows; a labelled one is called (1 − trust) × its label + trust × what the
    advice calls it. A soft label is several rows of one class each, weighted by its probabilities. Words are learned
    from the added rows, too. Nothing of the advice is needed for new rows.
    """

    def _lesson(self, rows: Rows) -> Lesson:
        """What advice teaches these training rows."""
        raise NotImplementedError

    def _begin(self, rows: Rows, advised: bool) -> Material:
        lesson = self._lesson(rows) if advised else None
        plain = self._features(rows.X, rows.y)
        if lesson is None:
            return Material(plain, rows.y, dependence=rows.dependence)
        self.wide_ = clone(self.parent.features)
        wide = self.wide_.fit_transform(pd.concat([rows.X, lesson.X]))
        return Material(plain, rows.y, wide, lesson, rows.dependence)

    def _learn(self, material: Material, trust: float) -> None:
        self.trust_ = trust
        self.model_ = clone(self.parent.model)
        if trust == 0 or material.lesson is None:
            fit_model(self.model_, material.plain, material.y, material.dependence)
        elif self.task == "regression":
            y, weights = _numbers(material.y, material.lesson, trust)
            fit_weighted(self.model_, material.wide, y, weights, _bound(material, len(material.lesson.targets)))
        else:
            places, codes, weights = _classes(material.y, material.lesson, trust, len(self.classes_))
            bound = _bound(material, len(material.lesson.targets)).take(places)
            fit_weighted(self.model_, _rows(material.wide, places), codes, weights, bound)
        one_thread(self.model_)

    def _seen(self, X: pd.DataFrame, advised: bool) -> tuple[Any, Any]:
        made = self._made(X)
        return made, self.wide_.transform(X) if hasattr(self, "wide_") else made

    def _answer(self, seen: tuple[Any, Any]) -> np.ndarray:
        return self._said(self.model_, seen[1] if self.trust_ > 0 else seen[0])

    def _forget(self) -> None:
        if hasattr(self, "wide_"):
            self.features_ = self.wide_
            del self.wide_
        read = {str(name) for _maker, _transformer, columns in self.features_.transformers_ for name in columns}
        self.columns_ = [name for name in self.columns_ if name in read]


def can_weigh(model: BaseEstimator) -> bool:
    """Whether a model can count one row for more than another."""
    return bool(has_fit_parameter(model.steps[-1][1] if isinstance(model, Pipeline) else model, "sample_weight"))


def fit_weighted(
    model: Any, made: Any, y: np.ndarray, weights: np.ndarray, dependence: Dependence | None = None
) -> None:
    """Fit a model, in a pipeline or not, on rows that count differently."""
    name = f"{model.steps[-1][0]}__sample_weight" if isinstance(model, Pipeline) else "sample_weight"
    fit_model(model, made, y, dependence, **{name: weights})


def _bound(material: Material, n_added: int) -> Dependence:
    """How labelled and added rows depend on each other: a row that is counted for several classes is one group."""
    given = material.dependence or Dependence()
    groups = np.arange(len(material.y)) if given.groups is None else given.groups
    return Dependence(groups, given.times).with_independent(n_added)


def some(n: int, most: int, seed: int) -> np.ndarray:
    """Places of at most so many rows, drawn at random, in order."""
    return np.arange(n) if n <= most else np.sort(np.random.default_rng(seed).permutation(n)[:most])


def in_shares(targets: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weigh soft labels so that each class has the share that it has among labelled rows.

    targets: probabilities (m, k); y: class numbers (n,)  →  probabilities (m, k), weights (m,), on average 1
    """
    shares = np.bincount(y, minlength=targets.shape[1]) + 1.0
    mass = targets * (shares / shares.sum() / np.maximum(targets.mean(axis=0), 1e-12))
    weights = mass.sum(axis=1)
    return mass / weights[:, None], weights


def _numbers(y: np.ndarray, lesson: Lesson, trust: float) -> tuple[np.ndarray, np.ndarray]:
    own = y if lesson.own is None else (1 - trust) * y + trust * lesson.own
    weights = np.concatenate([np.ones(len(y)), np.full(len(lesson.targets), trust)])
    return np.concatenate([own, lesson.targets]), weights


def _classes(y: np.ndarray, lesson: Lesson, trust: float, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Soft labels as rows of one class each: places, class numbers, weights."""
    own = np.eye(k)[y]
    if lesson.own is not None:
        own = (1 - trust) * own + trust * lesson.own
    soft = np.concatenate([own, lesson.targets])
    soft = np.where(soft >= FAINT, soft, 0.0)
    soft /= np.maximum(soft.sum(axis=1, keepdims=True), 1e-12)
    added = np.ones(len(lesson.targets)) if lesson.weights is None else lesson.weights
    counted = np.concatenate([np.ones(len(y)), trust * added])
    places, codes = np.nonzero(soft)
    return places, codes, soft[places, codes] * counted[places]


def _rows(made: Any, places: np.ndarray) -> Any:
    return (made.tocsr() if scipy.sparse.issparse(made) else np.asarray(made))[places]
