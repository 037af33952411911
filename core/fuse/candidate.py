"""One candidate: source columns in, prediction out, as a scikit-learn estimator."""

from __future__ import annotations

import time
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline

from core.catalog import Task
from core.data.splits.inner import Dependence, inner_folds
from core.evaluate.metrics import point
from core.fuse.columns import TextColumn
from core.fuse.predictor import FrozenWork, Predictor, as_frame
from core.models.factory import build as build_model
from core.models.fitting import fit_model
from core.models.scaled import Rescaled, factor_of
from core.models.search import search
from core.results.flow import Flow


class Candidate(Predictor):
    """Features of the source columns, then a classical model.

    Everything that learns from rows is fitted in `fit` on the rows given there and nowhere else.

    Parameters
    ----------
    features : ColumnTransformer or None
        None: the model sees no columns (guessing).
    model : estimator
        Takes the features, predicts classes by number or numbers.
    task : {"binary", "multiclass", "regression"}
    search : dict or None
        ``{"model", "trials", "budget_seconds", "metric", "positive", "balanced", "seed", "threads", "settings"}``: look
        for good settings on inner folds first.

    Attributes
    ----------
    classes_ : array of str, shape (k,)
        Sorted; absent for regression.
    columns_ : list of str
        The source columns it uses.
    features_, model_ : fitted
    settings_ : dict
        What a search found; empty without one.
    trials_ : list of dict
    n_made_ : int
        Numbers per row that the model takes.
    encode_seconds_ : float
        Time spent on features in `fit`.
    """

    def __init__(
        self,
        features: ColumnTransformer | None,
        model: BaseEstimator,
        task: Task = "multiclass",
        search: dict[str, Any] | None = None,
    ) -> None:
        self.features = features
        self.model = model
        self.task = task
        self.search = search

    def fit(self, X: pd.DataFrame, y: Any, dependence: Dependence | None = None) -> Candidate:
        """X: the source columns, n rows; y: shape (n,); dependence: of the rows, for every split that is made here."""
        X = as_frame(X)
        self.n_features_in_ = X.shape[1]
        self.columns_ = source_columns(self.features, X)
        X = self._columns_of(X)
        y = self._coded(y)
        self.settings_: dict[str, Any] = {}
        self.trials_: list[dict[str, Any]] = []
        self.model_ = clone(self.model)
        if self.search:
            self._search(X, y, dependence)
        factor = factor_of(y) if self.task == "regression" else 1.0
        y = y if factor == 1 else y / factor  # for encoders that learn from it, too
        began = time.monotonic()
        self.features_ = None if self.features is None else clone(self.features)
        made = np.zeros((len(X), 1)) if self.features_ is None else self.features_.fit_transform(X, y)
        self.encode_seconds_ = time.monotonic() - began
        self.n_made_ = int(made.shape[1])
        fit_model(self.model_, made, y, dependence)
        if "n_jobs" in self.model_.get_params(deep=False):
            self.model_.set_params(n_jobs=1)  # several threads would add votes up in any order, and never twice alike
        if factor != 1:
            self.model_ = Rescaled(self.model_, factor)
        return self

    def predict_both(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
        made = self._made(X)
        predicted = self.model_.predict(made)
        if self.task == "regression":
            return np.asarray(predicted, dtype=float), None
        return self.classes_[np.asarray(predicted, dtype=int)], self.model_.predict_proba(made)

    def text_encoders(self) -> dict[str, Any]:
        """The fitted encoders: the first of a column by the column's name, a second one by ``column (2)``."""
        found: dict[str, Any] = {}
        for _name, transformer, columns in [] if self.features_ is None else self.features_.transformers_:
            if isinstance(transformer, TextColumn):
                name = transformer.column(columns)
                found[name if name not in found else f"{name} (2)"] = transformer.encoder_
        return found

    def frozen_work(self, X: pd.DataFrame) -> list[FrozenWork]:
        """The texts of the columns that are read by encoders that see no labels."""
        found = []
        for maker, columns in self._readers():
            encoder = getattr(maker.encoder, "encoder", maker.encoder)  # inside PCA
            if getattr(encoder, "label_free", False):
                found.append(FrozenWork(maker.column(columns), encoder, maker.texts(X[columns])))
        return found

    def estimate_seconds(self, X: pd.DataFrame, y: np.ndarray) -> float | None:
        """What tuning its encoders on these rows would take; None if nothing is tuned."""
        told = [
            maker.encoder.estimate_seconds(maker.texts(X[columns]), y)
            for maker, columns in self._readers()
            if hasattr(maker.encoder, "estimate_seconds")
        ]
        return sum(told) if told else None

    def flow(self, X: pd.DataFrame) -> Flow:
        return super().flow(X).model_copy(update={"n_features": self.n_made_})

    def leak_badge(self) -> Literal["", "label-free", "out-of-fold", "fitted-in-fold"]:
        """Fitted in the fold unless no encoder learns anything."""
        free = [bool(getattr(maker.encoder, "label_free", False)) for maker, _columns in self._readers()]
        if not free:
            return ""
        return "label-free" if all(free) else "fitted-in-fold"

    def _readers(self) -> list[tuple[TextColumn, list[str]]]:
        """The parts that read texts, not fitted, with their columns."""
        makers = [] if self.features is None else self.features.transformers
        return [(maker, list(columns)) for _name, maker, columns in makers if isinstance(maker, TextColumn)]

    def _made(self, X: pd.DataFrame) -> Any:
        X = self._columns_of(X)
        return np.zeros((len(X), 1)) if self.features_ is None else self.features_.transform(X)

    def _search(self, X: pd.DataFrame, y: np.ndarray, dependence: Dependence | None) -> None:
        wanted = dict(self.search or {})
        folds = [
            (self._fold_features(X, y, train, test), y[train], y[test], dependence and dependence.take(train))
            for train, test in inner_folds(self.task, y, wanted["seed"], dependence=dependence)
        ]

        def score(settings: dict[str, Any]) -> float:
            known = [one for fold in folds if np.isfinite(one := self._inner_score(settings, *fold))]
            return float(np.mean(known)) if known else float("nan")

        self.settings_, self.trials_ = search(
            wanted["model"],
            score,
            trials=wanted["trials"],
            budget_seconds=wanted["budget_seconds"],
            seed=wanted["seed"],
            start=wanted["settings"],
        )
        self.model_ = self._with(self.settings_)

    def _inner_score(
        self,
        settings: dict[str, Any],
        features: tuple[Any, Any],
        y_train: np.ndarray,
        y_test: np.ndarray,
        dependence: Dependence | None,
    ) -> float:
        model = self._with(settings)
        if self.task == "regression" and (factor := factor_of(y_train)) != 1:
            model = Rescaled(model, factor)
        fit_model(model, features[0], y_train, dependence)
        prediction = model.predict(features[1])
        metric = (self.search or {})["metric"]
        if self.task == "regression":
            return point(metric, self.task, y_test, prediction, None, [])
        full = np.zeros((len(y_test), len(self.classes_)))
        full[:, model.classes_] = model.predict_proba(features[1])
        labels, classes = self.classes_, [str(label) for label in self.classes_]
        positive = (self.search or {}).get("positive", "")
        if positive not in classes:
            positive = ""  # not in these training rows
        return point(metric, self.task, labels[y_test], labels[prediction], full, classes, positive=positive)

    def _with(self, settings: dict[str, Any]) -> BaseEstimator:
        wanted = self.search or {}
        made = build_model(
            wanted["model"], self.task, settings, wanted["balanced"], seed=wanted["seed"], threads=wanted["threads"]
        )
        if isinstance(self.model, Pipeline):
            return Pipeline([*self.model.steps[:-1], ("model", made)])
        return made

    def _fold_features(self, X: pd.DataFrame, y: np.ndarray, train: np.ndarray, test: np.ndarray) -> tuple[Any, Any]:
        features = clone(self.features)
        known = y[train] / factor_of(y[train]) if self.task == "regression" else y[train]
        return features.fit_transform(X.iloc[train], known), features.transform(X.iloc[test])


def source_columns(features: ColumnTransformer | None, X: pd.DataFrame) -> list[str]:
    """The columns of a table that a feature maker reads, each once, in its order."""
    if features is None:
        return []
    asked = [columns(X) if callable(columns) else columns for _label, _maker, columns in features.transformers]
    return list(dict.fromkeys(str(name) for columns in asked for name in columns))
