"""What the automatic choice comes to: the best candidate or a weighted few, by what was said of rows held back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.catalog import Task
from core.evaluate.metrics import point
from core.fuse.ensemble import greedy_weights, loss

MOST_MEMBERS = 5
FAR = 0.02  # the best of many is ahead by less by chance; a mixture is steadier
MIXTURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)  # weight of a candidate that was tried on one fold, beside the others
MOST_WEIGHED = 50_000  # rows that weights are chosen on; more would hardly move them


@dataclass
class Screened:
    """What one candidate said of rows it had not seen, and what that took."""

    name: str
    said: np.ndarray  # (n, k) or (n,); NaN for rows it was not tried on
    seconds: float  # to fit it once
    score: float
    error: float  # mean squared distance to the truth

    def knows(self, rows: np.ndarray) -> np.ndarray:
        """Which of these rows it was tried on: bool, shape (rows,)."""
        said = self.said[rows]
        return np.isfinite(said if said.ndim == 1 else said[:, 0])


@dataclass(frozen=True)
class Mixer:
    """Weighs candidates by what they said of some rows, none of which they were fitted on.

    Attributes
    ----------
    truth : array, shape (n,)
        Of all rows: class numbers, or numbers.
    classes : array, shape (k,)
        Empty for numbers.
    positive : str
        Of two classes, the one that the metric speaks of.
    unit : float
        Of errors, for a target that is a number.
    """

    task: Task
    metric: str
    truth: np.ndarray
    classes: np.ndarray
    positive: str = ""
    unit: float = 1.0

    def score(self, said: np.ndarray, rows: np.ndarray) -> float:
        """The metric of what was said of these rows, shape (rows,) or (rows, k)."""
        truth = self.truth[rows]
        if self.task == "regression":
            return point(self.metric, self.task, truth, said, None, [])
        classes = [str(label) for label in self.classes]
        positive, called = self.positive if self.positive in classes else "", self.classes[said.argmax(axis=1)]
        return point(self.metric, self.task, self.classes[truth], called, said, classes, positive=positive)

    def error(self, said: np.ndarray, rows: np.ndarray) -> float:
        """The mean squared distance of what was said of these rows, in the unit of a target of a usual size."""
        return loss(said, self.truth[rows], self.unit)

    def choose(self, found: Mapping[str, Screened], rows: np.ndarray) -> tuple[dict[str, float], dict[str, Any]]:
        """The weights of what is chosen by what was said of these rows, and what was measured of a mixture.

        Those that were tried on all of them are weighed first; one that was tried on a part of them gets its share
        beside these by that part.
        """
        if len(rows) > MOST_WEIGHED:
            rows = np.sort(np.random.default_rng(0).permutation(rows)[:MOST_WEIGHED])
        whole = {name: one for name, one in found.items() if one.knows(rows).all()}
        weights = self.weights(whole, rows)
        measured = self.measured(weights, whole, rows)
        for name in [name for name in found if name not in whole]:
            mine = rows[found[name].knows(rows)]
            if len(mine):
                weights, told = self.beside(found[name], whole, weights, mine)
                measured = measured if told is None else told
        return weights, {} if len(weights) == 1 else measured

    def weights(self, screened: Mapping[str, Screened], rows: np.ndarray) -> dict[str, float]:
        """The greedily weighted few whose error is least on rows held back; the best single one where it is far ahead.

        A mixture may score a little less than the best of many, which is ahead by so much by chance; its error is less.
        """
        names = list(screened)
        alone = {name: self.score(one.said[rows], rows) for name, one in screened.items()}
        single = screened[max(alone, key=lambda name: alone[name])]
        found = greedy_weights([screened[name].said[rows] for name in names], self.truth[rows], unit=self.unit)
        kept = sorted(np.flatnonzero(found), key=lambda place: -found[place])[:MOST_MEMBERS]
        weights = {names[place]: float(found[place] / found[kept].sum()) for place in kept}
        mixed = mixed_of(weights, screened, rows)
        steadier = self.error(mixed, rows) <= self.error(single.said[rows], rows)
        if steadier and self.score(mixed, rows) >= alone[single.name] - FAR:
            return weights
        return {single.name: 1.0}

    def beside(
        self, costly: Screened, screened: Mapping[str, Screened], weights: Mapping[str, float], rows: np.ndarray
    ) -> tuple[dict[str, float], dict[str, Any] | None]:
        """How much a costly candidate counts beside the others, by the rows of the fold it was tried on.

        Returns
        -------
        weights of all
        what was measured of a mixture with it, see `measured`; None where there is none
        """
        others = mixed_of(weights, screened, rows)
        errors = {share: self.error(share * costly.said[rows] + (1 - share) * others, rows) for share in MIXTURES}
        share = min(errors, key=lambda one: errors[one])
        mixed = {name: (1 - share) * weight for name, weight in weights.items()} | {costly.name: share}
        mixed = {name: weight for name, weight in mixed.items() if weight > 0}
        if share == 0:
            return mixed, None
        measured = self.measured(mixed, {**screened, costly.name: costly}, rows)
        if measured and measured["score"] < measured["single_score"] and measured["error"] >= measured["single_error"]:
            return {measured["single"]: 1.0}, None
        return mixed, measured

    def measured(
        self, weights: Mapping[str, float], screened: Mapping[str, Screened], rows: np.ndarray
    ) -> dict[str, Any]:
        """Score and error of a mixture and of the best alone, on rows that none of them was fitted on; empty for one.

        ``single, single_score, single_error, score, error, rows``
        """
        if len(weights) == 1:
            return {}
        alone = {name: self.score(one.said[rows], rows) for name, one in screened.items()}
        single = max(alone, key=lambda name: alone[name])
        mixed = mixed_of(weights, screened, rows)
        return {
            "single": single,
            "single_score": alone[single],
            "single_error": self.error(screened[single].said[rows], rows),
            "score": self.score(mixed, rows),
            "error": self.error(mixed, rows),
            "rows": len(rows),
        }


def mixed_of(weights: Mapping[str, float], found: Mapping[str, Screened], rows: np.ndarray) -> np.ndarray:
    """What a mixture says of these rows, (rows,) or (rows, k)."""
    return sum((weight * found[name].said[rows] for name, weight in weights.items()), np.zeros(1))
