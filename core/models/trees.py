"""Trees and what is built from them: single, bagged, boosted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.base import BaseEstimator
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from core.catalog import Task


def tree(*, task: Task, settings: Mapping[str, Any], balanced: bool, seed: int, threads: int) -> BaseEstimator:
    """One decision tree (CART)."""
    if task == "regression":
        return DecisionTreeRegressor(**_shape(settings), random_state=seed)
    return DecisionTreeClassifier(**_shape(settings), class_weight=_weight(balanced), random_state=seed)


def forest(*, task: Task, settings: Mapping[str, Any], balanced: bool, seed: int, threads: int) -> BaseEstimator:
    """A random forest (Breiman 2001)."""
    common = {**_shape(settings), "n_estimators": settings["n_estimators"], "random_state": seed, "n_jobs": threads}
    if task == "regression":
        return RandomForestRegressor(max_features=1 / 3, **common)
    return RandomForestClassifier(class_weight=_weight(balanced), **common)


def extra_trees(*, task: Task, settings: Mapping[str, Any], balanced: bool, seed: int, threads: int) -> BaseEstimator:
    """Extremely randomised trees (Geurts et al. 2006)."""
    common = {**_shape(settings), "n_estimators": settings["n_estimators"], "random_state": seed, "n_jobs": threads}
    if task == "regression":
        return ExtraTreesRegressor(max_features=1 / 3, **common)
    return ExtraTreesClassifier(class_weight=_weight(balanced), **common)


def boosting(*, task: Task, settings: Mapping[str, Any], balanced: bool, seed: int, threads: int) -> BaseEstimator:
    """Histogram gradient boosting."""
    common = {name: settings[name] for name in ("learning_rate", "max_iter", "max_leaf_nodes")}
    if task == "regression":
        return HistGradientBoostingRegressor(**common, early_stopping=False, random_state=seed)
    return HistGradientBoostingClassifier(
        **common, early_stopping=False, class_weight=_weight(balanced), random_state=seed
    )


def lightgbm(*, task: Task, settings: Mapping[str, Any], balanced: bool, seed: int, threads: int) -> BaseEstimator:
    """LightGBM (Ke et al. 2017), in its deterministic mode."""
    common = {
        **{name: settings[name] for name in ("learning_rate", "n_estimators", "num_leaves")},
        "random_state": seed,
        "n_jobs": threads,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    if task == "regression":
        return LGBMRegressor(**common)
    return LGBMClassifier(class_weight=_weight(balanced), **common)


def _shape(settings: Mapping[str, Any]) -> dict[str, Any]:
    depth = settings["max_depth"]
    return {"max_depth": depth if depth > 0 else None, "min_samples_leaf": settings["min_samples_leaf"]}


def _weight(balanced: bool) -> str | None:
    return "balanced" if balanced else None
