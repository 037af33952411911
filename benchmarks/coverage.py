"""How often do intervals of scores and gains hold the truth, and how often is "worth it" said without a gain?

    python -m benchmarks.coverage [--minutes N] [--only PART ...] [--lean] [--first NUMBER] [--report]

Real learners on tables drawn from a known law (`benchmarks._simulated`); the truth is what the fitted models of the
folds reach on 20,000 to 60,000 rows held back, with the noise of the labels averaged out. Every replicate is a line in
``benchmarks/cache/coverage/<situation>.jsonl``; a run that was cut off goes on after the last one. `--lean` draws many
more tables in the same time: only the product's intervals and the former one of folds, of one candidate and of two.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import _intervals as made
from benchmarks import _simulated as sim
from benchmarks._coverage_table import tables
from benchmarks._simulated import Situation
from core.evaluate.intervals.influence import Measured, average_precision, measured

CACHE = Path(__file__).parent / "cache" / "coverage"
DRAWS = 250
SEVERAL = (2, 8)
GAINS = {
    "kfold": ("none", "small", "large"),
    "holdout": ("none", "small"),
    "group": ("none", "small"),
    "time": ("none",),
}


def situations() -> list[Situation]:
    """Plain ones first, then the corners."""
    found = [
        Situation(task, n, scheme, gain)
        for scheme in ("kfold", "holdout", "group", "time")
        for task in sim.METRICS
        for n in (200, 700, 3000)
        for gain in GAINS[scheme]
        if (task, n, scheme) != ("rare", 200, "time")  # the first fold would know a single class
    ]
    found += [Situation(task, 1000, "group", "small") for task in ("class", "number")]
    found += [Situation(task, n, "kfold", "none", "tree") for task in ("class", "number") for n in (200, 700)]
    return found


class Replicate:
    """One table: its folds, predictions of all arms, and what each arm truly reaches."""

    def __init__(self, situation: Situation, number: int, lean: bool = False) -> None:
        self.situation, n = situation, situation.n
        self.random = np.random.default_rng([number, *situation.key().encode()])
        when = np.sort(self.random.random(n))
        self.rows = sim.draw(situation, self.random, n, when)
        self.folds = sim.laid(situation, self.rows, when, number)
        self.number = number
        self.arms = sim.ARMS if number % 4 == 0 and not lean else 1 + SEVERAL[0]  # eight in every fourth table
        self.models = [[sim.fitted(situation, self.rows, arm, train, number) for arm in range(self.arms)]
                       for train, _test in self.folds]  # fmt: skip
        self.test = np.concatenate([test for _train, test in self.folds])
        self.fold = np.concatenate([np.full(len(test), k) for k, (_train, test) in enumerate(self.folds)])
        self.seen = [self.rows.seen_by(arm, situation) for arm in range(self.arms)]
        self.said = np.column_stack([
            np.concatenate([sim.said(situation, fold[arm], self.seen[arm][test])
                            for fold, (_train, test) in zip(self.models, self.folds, strict=True)])
            for arm in range(self.arms)
        ])  # fmt: skip
        self.y = self.rows.y[self.test]
        group = self.rows.group
        self.units = np.unique(self.test if group is None else group[self.test], return_inverse=True)[1]
        self._true: dict[int, dict[str, float]] = {}

    def scores(self, values: np.ndarray, y: np.ndarray) -> dict[str, Measured]:
        """The metrics of an arm's predictions with their influence values."""
        if self.situation.task == "number":
            return {"r2": measured("regression", y, values, None, [])["r2"]}
        if self.situation.task == "rare":
            return {"average_precision": average_precision(y > 0, values)}
        clipped = np.clip(values, sim.TINY, 1 - sim.TINY)
        right = ((values > 0.5) == (y > 0)).astype(float)
        loss = -np.where(y > 0, np.log(clipped), np.log(1 - clipped))
        return {name: Measured(one.mean(), (one - one.mean()) / len(y))
                for name, one in (("accuracy", right), ("log_loss", loss))}  # fmt: skip

    def true(self, arm: int) -> dict[str, float]:
        """The mean over folds of what each fold's model reaches."""
        if arm not in self._true:
            parts = [sim.truth(self.situation, fold[arm], arm, k) for k, fold in enumerate(self.models)]
            sizes = [len(test) for _train, test in self.folds]
            mean = {name: float(np.average([part[name] for part in parts], weights=sizes)) for name in parts[0]}
            self._true[arm] = self._as_score(mean)
        return self._true[arm]

    def refitted(self, arm: int) -> dict[str, float]:
        """What the model fitted on all rows reaches."""
        model = sim.fitted(self.situation, self.rows, arm, np.arange(self.situation.n), self.number)
        return self._as_score(sim.truth(self.situation, model, arm, 4))

    def _as_score(self, mean: dict[str, float]) -> dict[str, float]:
        return {"r2": 1 - mean["r2"] / sim.spread(self.situation)} if "r2" in mean else mean

    def under(self, metric: str, arm: int, drawn: np.ndarray) -> np.ndarray:
        """The score under row weights.  (draws, n)  →  (draws,)"""
        values, y = self.said[:, arm], self.y
        total = drawn.sum(axis=1)
        if metric == "r2":
            centred = y - y.mean()
            return 1 - drawn @ (values - y) ** 2 / (drawn @ centred**2 - (drawn @ centred) ** 2 / total)
        if metric == "average_precision":
            return made.Ranking(y > 0, values).areas(drawn)[1]
        if metric == "accuracy":
            return drawn @ ((values > 0.5) == (y > 0)) / total
        clipped = np.clip(values, sim.TINY, 1 - sim.TINY)
        return drawn @ -np.where(y > 0, np.log(clipped), np.log(1 - clipped)) / total


def replicate(situation: Situation, number: int, lean: bool = False) -> dict:
    """All intervals of one replicate, by metric."""
    one = Replicate(situation, number, lean)
    every = [one.scores(one.said[:, arm], one.y) for arm in range(one.arms)]
    made_of = _lean if lean else _metric
    return {metric: made_of(one, metric, [arm[metric] for arm in every]) for metric in sim.METRICS[situation.task]}


def _lean(one: Replicate, metric: str, arms: list[Measured]) -> dict:
    """What needs no draws: the central limit theorem, the former interval of folds, and the best of two."""
    sign = -1 if metric == "log_loss" else 1
    gains = np.array([sign * (arm.value - arms[0].value) for arm in arms[1:]])
    moves = np.column_stack([sign * (arm.influence - arms[0].influence) for arm in arms[1:]])
    sums, own = made.summed(moves, one.units), made.summed(arms[1].influence[:, None], one.units)
    error, floor = made.errors(sums), 1 / len(one.y) if metric == "accuracy" else 0.0
    true = [sign * (one.true(arm)[metric] - one.true(0)[metric]) for arm in range(1, one.arms)]
    of_gain = {
        "clt": made.normal(gains[0], error[0], len(sums)),
        "clt, one row more": made.normal(gains[0], error[0], len(sums), floor),
    }
    chosen = int(np.argmax(gains))
    half = made.largest(sums, one.random) * (error[chosen] ** 2 + floor**2) ** 0.5
    of_best = {"max-t, one row more": (gains[chosen] - half, gains[chosen] + half)}
    if len(one.folds) > 1:
        of_gain["today"] = _today(one, metric, gains, 1)
        of_best["today"] = _today(one, metric, gains, SEVERAL[0], chosen)
    return _plain({
        "value": arms[1].value, "true": one.true(1)[metric], "refit": one.refitted(1)[metric],
        "gain": gains[0], "true_gain": true[0],
        "refit_gain": sign * (one.refitted(1)[metric] - one.refitted(0)[metric]),
        "score": {"clt": made.normal(arms[1].value, float(made.errors(own)[0]), len(sums))}, "of_gain": of_gain,
        "best": {str(SEVERAL[0]): {"true": true[chosen], "gain": gains[chosen], "intervals": of_best}},
    })  # fmt: skip


def _metric(one: Replicate, metric: str, arms: list[Measured]) -> dict:
    sign = -1 if metric == "log_loss" else 1
    gains = np.array([sign * (arm.value - arms[0].value) for arm in arms[1:]])
    moves = np.column_stack([sign * (arm.influence - arms[0].influence) for arm in arms[1:]])
    sums, own = made.summed(moves, one.units), made.summed(arms[1].influence[:, None], one.units)
    n_units, n_rows = len(sums), len(one.y)
    error, own_error = made.errors(sums), float(made.errors(own)[0])
    drawn = made.weights(n_units, DRAWS, one.random)
    by_row = drawn if n_units == n_rows else made.weights(n_rows, DRAWS, one.random)
    holdout = len(one.folds) == 1
    value, gain = arms[1].value, gains[0]
    drawn_score, drawn_other = one.under(metric, 1, drawn[:, one.units]), one.under(metric, 0, drawn[:, one.units])
    row_score = drawn_score if by_row is drawn else one.under(metric, 1, by_row)
    drawn_gain = sign * (drawn_score - drawn_other)
    t_own, t_gain = made.studentised(own, drawn)[:, 0], made.studentised(sums, drawn)
    score = {
        "today": made.percentile(row_score),
        "clt": made.normal(value, own_error, n_units),
        "clt, own scale": made.wilson(value, own_error, n_units, n_rows) if metric == "accuracy"
        else made.transformed(metric, value, own_error, n_units),
        "percentile": made.percentile(drawn_score),
        "basic": made.basic(value, drawn_score),
        "bca": made.bca(value, drawn_score, own[:, 0]),
        "bootstrap-t": (value - np.quantile(t_own, 0.975) * own_error, value - np.quantile(t_own, 0.025) * own_error),
    }  # fmt: skip
    floor = 1 / n_rows if metric == "accuracy" else 0.0
    of_gain = {
        "today": _today(one, metric, drawn_gain, 1),
        "clt": made.normal(gain, error[0], n_units),
        "clt, one row more": made.normal(gain, error[0], n_units, floor),
        "percentile": made.percentile(drawn_gain),
        "basic": made.basic(gain, drawn_gain),
        "bca": made.bca(gain, drawn_gain, sums[:, 0]),
        "bootstrap-t": (gain - np.quantile(t_gain[:, 0], 0.975) * error[0],
                        gain - np.quantile(t_gain[:, 0], 0.025) * error[0]),
    }  # fmt: skip
    if (repeated := _costly(one, metric)) is not None:
        of_gain |= repeated
    best = {}
    for m in (several for several in SEVERAL if several < one.arms):
        chosen = int(np.argmax(gains[:m]))
        reach = {
            "max-t": made.largest(sums[:, :m], one.random),
            "max-t, one row more": made.largest(sums[:, :m], one.random),
            "max bootstrap-t": float(np.quantile(np.abs(t_gain[:, :m]).max(axis=1), 0.95)),
        }
        found = {}
        for name, c in reach.items():
            plus = floor if "one row" in name else 0.0
            half = c * (error[chosen] ** 2 + plus**2) ** 0.5
            found[name] = (gains[chosen] - half, gains[chosen] + half)
        again = sign * (one.under(metric, 1 + chosen, drawn) - drawn_other) if holdout else drawn_gain
        found["today"] = _today(one, metric, again, m, chosen)
        true = sign * (one.true(1 + chosen)[metric] - one.true(0)[metric])
        best[str(m)] = {"true": true, "gain": gains[chosen], "intervals": found}
    return _plain({
        "value": value, "true": one.true(1)[metric], "refit": one.refitted(1)[metric],
        "gain": gain, "true_gain": sign * (one.true(1)[metric] - one.true(0)[metric]),
        "refit_gain": sign * (one.refitted(1)[metric] - one.refitted(0)[metric]),
        "score": score, "of_gain": of_gain, "best": best,
    })  # fmt: skip


def _today(one: Replicate, metric: str, row_gain: np.ndarray, m: int, chosen: int = 0) -> made.Pair:
    """What the product did before: corrected t over folds, percentiles of rows of a hold-out; Bonferroni for m."""
    if len(one.folds) == 1:
        low, high = made.percentile(row_gain)
        middle = float(np.nanmedian(row_gain))
        wider = made.stats.norm.isf(0.025 / m) / made.stats.norm.isf(0.025)
        return middle - wider * (middle - low), middle + wider * (high - middle)
    sign = -1 if metric == "log_loss" else 1
    gains = []
    for k in range(len(one.folds)):
        there = one.fold == k
        mine, other = (one.scores(one.said[there, arm], one.y[there])[metric].value for arm in (1 + chosen, 0))
        gains.append(sign * (mine - other))
    train, test = one.folds[0]
    return made.corrected_t(np.array(gains), len(train), len(test), 1 - 0.05 / m)


def _costly(one: Replicate, metric: str) -> dict | None:
    """Nested and repeated cross-validation, on a part of the situations and replicates."""
    s = one.situation
    if s.scheme != "kfold" or s.learner != "linear" or s.gain == "large" or s.n > 700 or one.number % 10:
        return None
    if metric not in ("accuracy", "r2"):
        return None
    variance = one.rows.y.var()

    def gains(train: np.ndarray, test: np.ndarray) -> np.ndarray:
        y = one.rows.y[test]
        mine, other = (
            sim.said(s, sim.learner(s, 0).fit(one.seen[arm][train], one.rows.y[train]), one.seen[arm][test])
            for arm in (1, 0)
        )
        if metric == "r2":
            return ((other - y) ** 2 - (mine - y) ** 2) / variance
        return ((mine > 0.5) == (y > 0)).astype(float) - ((other > 0.5) == (y > 0))

    return {
        "nested": made.nested(gains, s.n, 10, one.random),
        "corrected t, 5 times": made.corrected_t(_repeated(one, gains), s.n * 4 // 5, s.n // 5),
    }


def _repeated(one: Replicate, gains: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
    """The mean gain of each fold of five times five folds."""
    found = []
    for seed in range(5):
        for train, test in sim.laid(one.situation, one.rows, np.zeros(0), 1000 + 7 * one.number + seed):
            found.append(gains(train, test).mean())
    return np.array(found)


def _plain(value: Any) -> Any:
    """Numbers of six digits, in plain lists and dictionaries."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return float(f"{float(value):.6g}")


def run(minutes: float, only: list[str], lean: bool, first: int) -> None:
    """Add replicates in turn, to the situation that has fewest, until the time is up.

    first: the number of the first replicate of a situation; by another one there are other tables.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + 60 * minutes
    counts = {one: _count(one) for one in situations() if any(part in one.key() for part in only)}
    while time.monotonic() < end:
        situation = min(counts, key=lambda one: counts[one])
        with (CACHE / f"{situation.key()}.jsonl").open("a") as file:
            for _time in range(20):  # the rows held back are drawn once for these
                file.write(json.dumps(replicate(situation, first + counts[situation], lean)) + "\n")
                counts[situation] += 1
        print(situation.key(), counts[situation], file=sys.stderr, flush=True)


def _count(situation: Situation) -> int:
    path = CACHE / f"{situation.key()}.jsonl"
    return sum(1 for _line in path.open()) if path.exists() else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--only", nargs="+", default=[""], help="situations whose name holds one of these")
    parser.add_argument("--lean", action="store_true", help="only what needs no bootstrap")
    parser.add_argument("--first", type=int, default=0, help="number of the first table: others are drawn by others")
    parser.add_argument("--report", action="store_true", help="only print the table of what is there")
    options = parser.parse_args()
    if not options.report:
        run(options.minutes, options.only, options.lean, options.first)
    print(tables(CACHE, options.only))


if __name__ == "__main__":
    main()
