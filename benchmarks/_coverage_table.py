"""What `benchmarks.coverage` found, as Markdown: coverage of scores and gains, false and true "worth it", widths."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks._simulated import GROUPS
from core.evaluate.intervals.uncertainty import OF_GAINS, Sampling, interval_by_error, is_loss, t_quantile

CELL, FINE = ["scheme", "metric"], ["scheme", "metric", "n"]
BOTH = ["chosen", "today"]


def tables(folder: Path, only: list[str]) -> str:
    """All tables: each method over all sizes, then the product's beside the former one by the number of rows."""
    found = pd.DataFrame(_lines(folder, only))
    if found.empty:
        return "nothing was simulated yet"
    parts = []
    for what in ("score", "gain"):
        chosen = found[found["what"] == what]
        parts += [f"## The {what}: holds what the fitted models reach, %", _pivot(chosen, "covered", CELL)]
        parts += [f"## The {what}: holds what the procedure is expected to reach, %", _pivot(chosen, "expected", CELL)]
        parts += [f"## The {what}: median width over the former one", _pivot(chosen, "width", CELL)]
        both = chosen[chosen["method"].isin(BOTH)]
        for column in ("covered", "expected", "refitted", "width"):
            parts += [f"## The {what}, by rows: {column}", _pivot(both, column, FINE)]
    parts.append("## Gain minus truth over the error by rows: what the factor must make up for")
    parts.append(_markdown(_distances(found[(found["what"] == "gain") & (found["method"] == "clt")])))
    for several in ("best of 2", "best of 8"):
        best = found[(found["what"] == several) & (found["metric"] != "log_loss")]  # which ranks no candidates
        parts += [f"## The gain of the {several}, %", _pivot(best, "covered", CELL)]
        parts += [f"## The gain of the {several}: median width over the former one", _pivot(best, "width", CELL)]
        for size in ("none", "small", "large"):
            some = best[(best["size"] == size) & (best["method"].isin([*BOTH, "max-t, one row more"]))]
            if len(some):
                parts += [f'## "Worth it" of the {several} with a gain: {size}, %', _pivot(some, "above", ["scheme"])]
                parts += [f"## The same by rows: {size}, %", _pivot(some, "above", ["scheme", "n"])]
        if (none := best[best["size"] == "none"]).empty:
            continue
        parts += [f"## Without a gain, and no better in truth: {several}, %", _pivot(none, "wrongly", ["scheme"])]
    return "\n\n".join(parts)


def _lines(folder: Path, only: list[str]) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl")):
        if not any(part in path.stem for part in only):
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
    crossed = scheme in ("kfold", "group")
    factor = 1.25 if crossed else 1.0  # five folds
    of_gains = OF_GAINS if crossed and is_loss(common["metric"]) else factor
    low, high = one["score"]["clt"]
    error = (high - low) / 2 / t_quantile(0.975, n_units) * factor**0.5
    rows = np.arange(n_rows)
    sampling = Sampling(rows, rows % n_units, 1.0)
    made = interval_by_error(common["metric"], one["value"], error, sampling)
    one["score"]["chosen"] = made.low, made.high
    best = ((of["intervals"], "max-t, one row more") for of in one["best"].values())
    for intervals, name in ((one["of_gain"], "clt, one row more"), *best):
        low, high = intervals[name]
        middle, reach = (low + high) / 2, (high - low) / 2 * of_gains**0.5
        intervals["chosen"] = middle - reach, middle + reach


def _of(one: dict, common: dict, expected: dict[str, float]) -> Iterator[dict[str, Any]]:
    for what, intervals, true, refit in (("score", "score", "true", "refit"),
                                         ("gain", "of_gain", "true_gain", "refit_gain")):  # fmt: skip
        for method, (low, high) in one[intervals].items():
            yield common | {
                "what": what, "method": method, "covered": low <= one[true] <= high, "width": high - low,
                "apart": (low + high) / 2 - one[true], "half": (high - low) / 2,
                "expected": low <= expected[true] <= high, "refitted": low <= one[refit] <= high,
                "above": low > 0, "wrongly": low > 0 and one[true] <= 0,
            }  # fmt: skip
    for m, best in one["best"].items():
        for method, (low, high) in best["intervals"].items():
            yield common | {
                "what": f"best of {m}", "method": method, "covered": low <= best["true"] <= high, "width": high - low,
                "above": low > 0, "wrongly": low > 0 and best["true"] <= 0,
            }  # fmt: skip


def _pivot(found: pd.DataFrame, column: str, by: list[str]) -> str:
    """Methods across, situations down, the number of tables last."""
    cells = found.groupby([*by, "method"])[column]
    if column == "width":
        wide = cells.median().unstack("method")
        before = wide.get("today", np.nan)  # which a lean run hasn't of scores
        made = wide.div(before, axis=0).map(lambda ratio: f"{ratio:.2f}")
    else:
        made = (100 * cells.agg(lambda values: values.astype(float).mean()).unstack("method")).map(
            lambda share: "" if np.isnan(share) else f"{share:.1f}"
        )
    known = [name for name in BOTH if name in made]
    made = made[[*known, *[name for name in made.columns if name not in BOTH]]]
    return _markdown(made.assign(tables=found[found["method"] == "chosen"].groupby(by).size()).reset_index())


def _distances(found: pd.DataFrame) -> pd.DataFrame:
    """By situation: (gain - truth) / error, and the variance of gain - truth over that of the rows."""
    lines = []
    for (scheme, metric, size, n), cell in found.groupby(["scheme", "metric", "size", "n"]):
        units = GROUPS[n] if scheme == "group" else n // 4 if scheme == "holdout" else n
        error = cell["half"] / t_quantile(0.975, units)
        z = cell["apart"] / error
        lines.append({"scheme": scheme, "metric": metric, "gain": size, "n": n, "mean": f"{z.mean():.2f}",
                      "sd": f"{z.std():.2f}", "skewness": f"{z.skew():.2f}", "tables": len(cell),
                      "variance over rows'": f"{cell['apart'].var() / (error**2).mean():.2f}"})  # fmt: skip
    return pd.DataFrame(lines)


def _markdown(rows: pd.DataFrame) -> str:
    heads = [str(name) for name in rows.columns]
    lines = [heads, ["---"] * len(heads), *rows.astype(str).to_numpy().tolist()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
