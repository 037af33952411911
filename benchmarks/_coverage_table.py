"""What `benchmarks.coverage` found, as Markdown: coverage of scores and gains, false and true "worth it", widths."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks._simulated import GROUPS
from core.evaluate.uncertainty import Sampling, interval_by_error, t_quantile

BY = ["scheme", "metric", "n"]


def tables(folder: Path, only: str = "") -> str:
    """All tables; a cell pools the sizes of gain, and `n` tables stand behind it."""
    found = pd.DataFrame(_lines(folder, only))
    if found.empty:
        return "nothing was simulated yet"
    parts = []
    for what, title in (("score", "Coverage of the score, %"), ("gain", "Coverage of the gain, %")):
        chosen = found[found["what"] == what]
        parts += [
            f"## {title}",
            _pivot(chosen, "covered"),
            "median width over today's",
            _pivot(chosen, "width", _ratio),
        ]
        parts += [f"## {title}: of the procedure's expected performance", _pivot(chosen, "expected")]
        parts += [f"## {title}: of the model fitted on all rows", _pivot(chosen, "refitted")]
    best = found[found["what"].isin(["best of 2", "best of 8"])]
    by = [*BY, "what"]
    parts += ["## Coverage of the gain of the best of several, %", _pivot(best, "covered", by=by)]
    parts += ["median width over today's", _pivot(best, "width", _ratio, by=by)]
    none = best[best["size"] == "none"]
    parts += ['## "Worth it" without a gain, %', _pivot(none, "above", by=by)]
    parts += ["of which the fitted models were truly not better, %", _pivot(none, "wrongly", by=by)]
    for size in ("small", "large"):
        some = best[best["size"] == size]
        if len(some):
            parts += [f'## "Worth it" with a {size} gain, %', _pivot(some, "above", by=by)]
    return "\n\n".join(parts)


def _lines(folder: Path, only: str) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl")):
        if only not in path.stem:
            continue
        _task, n, scheme, size, learner = path.stem.split("-")
        replicates = [json.loads(line) for line in path.open()]
        for metric in replicates[0] if replicates else []:
            seen = [one[metric] for one in replicates]
            common = {"scheme": scheme if learner == "linear" else f"{scheme}, {learner}", "n": int(n), "size": size,
                      "metric": metric}  # fmt: skip
            expected = {name: float(np.mean([one[name] for one in seen])) for name in ("true", "true_gain")}
            for one in seen:
                _chosen(one, common)
                yield from _of(one, common, expected)


def _chosen(one: dict, common: dict) -> None:
    """Add the product's method: the central limit theorem with its corrections, by what a replicate holds of it."""
    n, scheme = common["n"], common["scheme"].split(",")[0]
    n_rows = {"holdout": n // 4, "time": n - n // 6}.get(scheme, n)
    n_units = GROUPS[n] if scheme == "group" else n_rows
    factor = 1.25 if scheme in ("kfold", "group") else 1.0  # five folds
    low, high = one["score"]["clt"]
    error = (high - low) / 2 / t_quantile(0.975, n_units) * factor**0.5
    rows = np.arange(n_rows)
    sampling = Sampling(rows, rows % n_units, 1.0)
    made = interval_by_error(common["metric"], one["value"], error, sampling)
    one["score"]["chosen"] = made.low, made.high
    best = ((of["intervals"], "max-t, one row more") for of in one["best"].values())
    for intervals, name in ((one["of_gain"], "clt, one row more"), *best):
        low, high = intervals[name]
        middle, reach = (low + high) / 2, (high - low) / 2 * factor**0.5
        intervals["chosen"] = middle - reach, middle + reach


def _of(one: dict, common: dict, expected: dict[str, float]) -> Iterator[dict[str, Any]]:
    for what, intervals, true, refit in (("score", "score", "true", "refit"),
                                         ("gain", "of_gain", "true_gain", "refit_gain")):  # fmt: skip
        for method, (low, high) in one[intervals].items():
            yield common | {
                "what": what, "method": method, "covered": low <= one[true] <= high, "width": high - low,
                "expected": low <= expected[true] <= high, "refitted": low <= one[refit] <= high,
                "above": low > 0, "wrongly": low > 0 and one[true] <= 0,
            }  # fmt: skip
    for m, best in one["best"].items():
        for method, (low, high) in best["intervals"].items():
            yield common | {
                "what": f"best of {m}", "method": method, "covered": low <= best["true"] <= high, "width": high - low,
                "above": low > 0, "wrongly": low > 0 and best["true"] <= 0,
            }  # fmt: skip


def _percent(values: pd.Series) -> str:
    return f"{100 * values.astype(float).mean():.1f}"


def _ratio(values: pd.Series) -> float:
    return float(values.median())


def _pivot(found: pd.DataFrame, column: str, by_cell: Callable[[pd.Series], Any] = _percent, by: list[str] = BY) -> str:
    """Methods across, situations down, the number of replicates last."""
    made = found.groupby([*by, "method"])[column].agg(by_cell).unstack("method")
    if by_cell is _ratio:
        made = made.div(made["today"], axis=0).map(lambda ratio: f"{ratio:.2f}")
    made = made[["today", *[name for name in made.columns if name != "today"]]]
    first = found[found["method"] == "today"].groupby(by)[column].size()
    rows = made.assign(tables=first).reset_index().fillna("")
    heads = [str(name) for name in rows.columns]
    lines = [heads, ["---"] * len(heads), *rows.astype(str).to_numpy().tolist()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
