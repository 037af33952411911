"""Whether ``auto`` is ever below its own best candidate alone, on the mean of several seeds.

    python -m benchmarks.alone [--tables A,B | --kept] [--seeds 0,1,2] [--budget SECONDS]

For each table and seed, the rows of `benchmarks.quality`: every candidate that ``auto`` tries is fitted on the rows to
learn from and scored on the others, and so is ``auto``. The best alone is the one with the best mean on the very rows
it is scored on, which is more than anybody could have known. Scores are accuracy, or R² of numbers, and are kept in
``benchmarks/cache``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import r2_score

from benchmarks._machine import machine
from benchmarks.candidates import code, truth_of
from benchmarks.quality import split
from benchmarks.tables.against_peers import TABLES
from core.data import reading, table
from core.data.roles import columns
from core.data.schema import ReadOptions, Schema
from core.data.splits.inner import fit_with, of_texts
from core.evaluate.ranking import metric_for
from core.fuse.auto.choice import Automatic
from core.fuse.candidates import build
from core.fuse.clock import Clock, ends_with
from core.fuse.setting import Setting
from core.jobs import limits
from core.plan import Plan, Validation
from core.workspace import Workspace

CACHE = Path(__file__).parent / "cache" / "alone"
CLOSE = 0.005


def measured(name: str, seed: int, budget: float) -> dict[str, float]:
    """The score of ``auto``, and of each candidate it can choose, on one table with one seed."""
    path = CACHE / f"{name}_{seed}_{budget:g}_{code()}.json"
    if path.exists():
        return dict(json.loads(path.read_text()))
    target = TABLES[name].target
    train, test, schema = _read(name, seed)
    task = schema.task or "regression"
    y, truth = truth_of(train[target], task), truth_of(test[target], task)
    plan = Plan(
        target=target,
        task=task,
        candidates=["auto"],
        seed=seed,
        budget_seconds=budget,
        validation=Validation(kind="search"),
    )
    cache, threads = Workspace().cache_folder, limits.slot_threads("heavy")
    auto = build("auto", Setting(schema, plan, task, metric_for(task, y)[0], cache, threads, len(y)))
    assert isinstance(auto, Automatic)
    bound = of_texts(train, schema.names("text"))
    scores: dict[str, float] = {}
    with ends_with(Clock(budget, fits=1)):
        auto = fit_with(auto, train, y, bound)
    for label, one in {"auto": auto, **dict([*auto.cheap, *(auto.costly or [])[:1]])}.items():
        fitted = one if label == "auto" else fit_with(one, train, y, bound)
        prediction = fitted.predict(test)
        right = (
            r2_score(truth, prediction)
            if task == "regression"
            else np.mean(prediction.astype(str) == truth.astype(str))
        )
        scores[label] = float(right)
        print(f"{name:10} {seed} {label:70} {right:.4f}", file=sys.stderr, flush=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(scores))
    return scores


def _read(name: str, seed: int) -> tuple[pd.DataFrame, pd.DataFrame, Schema]:
    """Rows to learn from and rows to be scored on, both read from files, and what the columns were taken for."""
    read = []
    with tempfile.TemporaryDirectory() as place:
        for part, rows in zip(("train", "test"), split(TABLES[name], seed), strict=True):
            folder = Path(place) / part
            folder.mkdir()
            rows.to_csv(folder / "table.csv", index=False)
            reading.read_files([folder / "table.csv"], ReadOptions(), folder)
            read.append(table.load(folder))
        schema = columns.guess(Path(place) / "train" / "table.parquet", TABLES[name].target)
    return read[0], read[1], schema


def report(scores: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    """Means over the seeds: ``auto``, its best alone, and how far it is ahead."""
    told = {}
    for name, seeds in scores.items():
        means = {label: float(np.mean([one[label] for one in seeds])) for label in seeds[0]}
        auto = means.pop("auto")
        best = max(means, key=lambda label: means[label])
        told[name] = {
            "auto": round(auto, 4),
            "best": best,
            "alone": round(means[best], 4),
            "ahead": round(auto - means[best], 4),
        }
    return {
        "tables": told,
        "below": [name for name, one in told.items() if float(one["ahead"]) < -CLOSE],
        "machine": machine(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", default="")
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--budget", type=float, default=240.0)
    options = parser.parse_args()
    names = [name for name in options.tables.split(",") if name]
    names = names or [name for name, one in TABLES.items() if one.kept == options.kept]
    seeds = [int(seed) for seed in options.seeds.split(",")]
    scores = {name: [measured(name, seed, options.budget) for seed in seeds] for name in names}
    print(json.dumps(report(scores), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
