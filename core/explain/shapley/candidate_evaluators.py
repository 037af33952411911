"""From a fitted candidate to its evaluator: features and a model where it is that, a mixture of such, else a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse

from core.explain.shapley import tree_shap
from core.explain.shapley.evaluators import Evaluator, Mixture, Other, Table
from core.explain.shapley.feature_blocks import Features, can_assemble
from core.explain.shapley.linear_and_kernel import Head, head_of, last_step
from core.fuse.assisted.enlarged import Enlarged
from core.fuse.assisted.margins import BoostedMargins
from core.fuse.assisted.priors import NamePriors
from core.fuse.assisted.probabilities import Probabilities
from core.fuse.auto.choice import Automatic
from core.fuse.candidate import Candidate
from core.fuse.ensemble import Ensemble
from core.fuse.logged import Logged, in_own_unit
from core.fuse.predictor import Predictor
from core.models.scaled import Rescaled, unscaled
from core.results.explanations.rows import Output

SAME = 1e-4  # what an evaluator may differ by from the model itself, beside 1: encoders count in float32


class Assembled(Evaluator):
    """Features that are picked together, and a model on them.

    Parameters
    ----------
    features : Features
    model : fitted estimator
        Its classes are the numbers of the candidate's.
    n_classes : int
        0: numbers.
    """

    def __init__(self, features: Features, model: Any, n_classes: int) -> None:
        self.features, self.model, self.n_classes = features, model, n_classes
        self.known = np.asarray(model.classes_, dtype=int) if n_classes else np.arange(1)
        self.head: Head | None = head_of(model)
        self.cheap = self.head is not None
        if self.head is not None:
            self._own = [np.flatnonzero(features.owners == player) for player in range(len(features.names))]
            self._parts = [self.head.parts(features.matrix, own) for own in self._own]  # each (n stacked, sums)

    def outputs(self, places: np.ndarray, other: Other | None = None) -> np.ndarray:
        if self.head is not None:
            return self._full(self.head.outputs(self._sums(places, other)))
        made = self.features.rows(places, other)
        return self._full(self.model.predict_proba(made) if self.n_classes else self.model.predict(made))

    def closed(self, place: int, output: Output, weights: np.ndarray) -> np.ndarray | None:
        """Weighted sums and trees need no coalitions, on the scale they add up on."""
        if self.n_classes and place not in self.known:
            return None
        own = int(np.flatnonzero(self.known == place)[0]) if self.n_classes else 0
        scale = output if self.n_classes else "number"
        sign = -1.0 if scale == "margin" and own == 0 else 1.0
        if self.head is not None:
            if not self.head.straight or scale == "probability":
                return None
            each = [self.head.margin(part) for part in self._parts]
            return sign * np.asarray([part[0] - weights @ part[1:] for part in each])
        step = last_step(self.model)
        found = None if step is None else tree_shap.trees_of(step)
        if found is None or found.scale != scale:
            return None
        rows = self.features.matrix.toarray() if scipy.sparse.issparse(self.features.matrix) else self.features.matrix
        if step is not self.model or isinstance(step, (*tree_shap.SINGLE, *tree_shap.FORESTS)):
            rows = rows.astype(np.float32)  # as they were given to it
        column = own if scale == "probability" else 0
        return sign * tree_shap.shapley(found, column, rows, weights, self.features.owners, len(self.features.names))

    def encoder(self, player: int) -> Any:
        reader = self.features.reader(player)
        return None if reader is None else reader.encoder_

    def _sums(self, places: np.ndarray, other: Other | None) -> np.ndarray:
        assert self.head is not None
        total: Any = 0.0
        for player, known in enumerate(self._parts):
            added = []
            if other is not None and player == other.player:
                added = [self.head.parts(self.features.of_texts(other), self._own[player])]
            total = total + np.vstack([known, *added])[places[:, player]]
        return np.asarray(total)

    def _full(self, said: np.ndarray) -> np.ndarray:
        if not self.n_classes:
            return np.asarray(said, dtype=float)
        full = np.zeros((len(said), self.n_classes))
        full[:, self.known] = said
        return full


class OutOfLogarithms(Evaluator):
    """Numbers whose logarithms another evaluator says, so that shares are counted in the target's own unit."""

    def __init__(self, inner: Evaluator) -> None:
        self.inner, self.cheap = inner, inner.cheap

    def outputs(self, places: np.ndarray, other: Other | None = None) -> np.ndarray:
        return in_own_unit(self.inner.outputs(places, other))

    def encoder(self, player: int) -> Any:
        return self.inner.encoder(player)


def evaluator_of(
    pipeline: Predictor,
    stacked: pd.DataFrame,
    says: Callable[[pd.DataFrame], np.ndarray],
    said_ends: np.ndarray | None = None,
) -> Evaluator:
    """The cheapest evaluator of a candidate that says what the candidate itself says.

    stacked: the row that is explained and the background, the candidate's columns
    says: table (n rows) → probabilities (n, k) in the order of its classes, or numbers (n,)
    said_ends: what it says of the first and the last of the stacked rows, where that is known already
    """
    found = _structured(pipeline, stacked)
    if found is None:
        return Table(says, stacked)
    ends = [0, len(stacked) - 1]
    places = np.repeat(np.asarray(ends)[:, None], len(stacked.columns), axis=1)
    theirs = says(stacked.iloc[ends]) if said_ends is None else said_ends
    return found if np.allclose(found.outputs(places), theirs, rtol=SAME, atol=SAME) else Table(says, stacked)


def _structured(pipeline: Predictor, stacked: pd.DataFrame) -> Evaluator | None:
    if isinstance(pipeline, Automatic):
        return _structured(pipeline.best_, stacked)
    if isinstance(pipeline, Logged):
        inner = _structured(pipeline.candidate_, stacked)
        return None if inner is None else OutOfLogarithms(inner)
    if isinstance(pipeline, Ensemble):
        return _mixture(pipeline, stacked)
    model = _plain_model(pipeline)
    maker = getattr(pipeline, "features_", None)
    if model is None or not can_assemble(maker):
        return None
    features = Features(maker, stacked)
    if isinstance(pipeline, NamePriors):
        features.weighted(pipeline.factors_ if pipeline.trust_ > 0 else None)
    return Assembled(features, model, len(getattr(pipeline, "classes_", [])))


def _plain_model(pipeline: Predictor) -> Any:
    """The model that sees the candidate's features and nothing else; None if there is more to it."""
    alone = isinstance(pipeline, BoostedMargins | Probabilities) and pipeline.trust_ == 0
    if alone or isinstance(pipeline, Candidate | Enlarged | NamePriors):
        model, factor = unscaled(pipeline)
        return model if factor == 1 else Rescaled(model, factor)
    return None


def _mixture(pipeline: Ensemble, stacked: pd.DataFrame) -> Mixture:
    names = [str(name) for name in stacked.columns]
    labels = [str(label) for label in getattr(pipeline, "classes_", [])]
    members = []
    for member in pipeline.members_:
        own = stacked[member.columns_]
        inner = _structured(member, own) or Table(_sayer(member), own)
        players = np.asarray([names.index(name) for name in member.columns_], dtype=int)
        classes = np.asarray([labels.index(str(label)) for label in getattr(member, "classes_", [])], dtype=int)
        members.append((inner, players, classes))
    return Mixture(members, pipeline.weights, len(labels), len(names))


def _sayer(member: Predictor) -> Callable[[pd.DataFrame], np.ndarray]:
    def says(frame: pd.DataFrame) -> np.ndarray:
        prediction, probabilities = member.predict_both(frame)
        return np.asarray(prediction, dtype=float) if probabilities is None else probabilities

    return says
