"""A linear model's coefficients in units that mean something, and blocks of features that only mean something together.

The model sees number columns scaled to deviation 1, so a coefficient is per standard deviation; divided by the
deviation it is per unit. A category's coefficient is taken against the mean of its column's other values, since only
differences between values matter.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse

from core.explain.model_internals.features import groups
from core.results.explanations.model_internals import Block, Coefficient, Feature, Linear

MOST_WORDS = 40  # of a column, for one class
TOGETHER = {"embedding", "spelling"}  # single ones mean nothing


def linear(
    weights: np.ndarray, intercepts: np.ndarray, known: list[Feature], labels: list[str], unit: Any, made: Any
) -> Linear:
    """Coefficients and blocks of each score.

    Parameters
    ----------
    weights : (scores, features)
    intercepts : (scores,)
    labels : list of str
        The class of each score; ``[""]`` for numbers. Two for one row of weights: the second class's, and its opposite.
    made : (rows, features), dense or sparse
        Background rows as the model sees them.
    """
    if len(labels) == 2 and len(weights) == 1:
        weights, intercepts = np.vstack([-weights, weights]), np.concatenate([-intercepts, intercepts])
    found = Linear(unit=unit, intercepts={label: float(one) for label, one in zip(labels, intercepts, strict=True)})
    deviations, by_group = _deviations(made), groups(known)
    for label, row in zip(labels, weights, strict=True):
        effects = np.abs(row) * deviations
        for (column, kind), places in by_group.items():
            added = np.asarray(made[:, places] @ row[places]).ravel()
            effect = float(np.std(added))
            found.blocks.append(Block(column=column, kind=kind, label=label, n_features=len(places), effect=effect))
            for place in _worth_telling(known, places, row, effects):
                found.coefficients.append(_one(known, places, row, float(effects[place]), place, label))
    found.blocks.sort(key=lambda block: -block.effect)
    found.coefficients.sort(key=lambda one: -one.effect)
    return found


def _worth_telling(known: list[Feature], places: np.ndarray, row: np.ndarray, effects: np.ndarray) -> list[int]:
    """Of words the strongest, of all else everything that has a meaning of its own."""
    single = [int(place) for place in places if known[place].kind not in TOGETHER]
    if single and known[single[0]].kind in {"word", "piece"}:
        single = [place for place in single if row[place]]
        single.sort(key=lambda place: (-effects[place], -abs(row[place])))
        return single[:MOST_WORDS]
    return single


def _one(
    known: list[Feature], places: np.ndarray, row: np.ndarray, effect: float, place: int, label: str
) -> Coefficient:
    feature, value = known[place], float(row[place])
    if feature.kind == "category":
        others = [int(one) for one in places if one != place and known[one].kind == "category"]
        value = (value - (float(row[others].mean()) if others else 0.0)) / feature.spread
    per_unit = value / feature.spread if feature.kind in {"number", "formula"} else None
    return Coefficient(feature=feature, label=label, value=value, per_unit=per_unit, effect=effect)


def _deviations(made: Any) -> np.ndarray:
    """Standard deviation of each feature.  (rows, features)  →  (features,)"""
    if not scipy.sparse.issparse(made):
        return np.asarray(made, dtype=float).std(axis=0)
    mean = np.asarray(made.mean(axis=0)).ravel()
    square = np.asarray(made.multiply(made).mean(axis=0)).ravel()
    return np.sqrt(np.maximum(square - mean**2, 0.0))
