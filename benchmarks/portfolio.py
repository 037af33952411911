"""In which order ``auto`` should try candidates: what each adds to a mixture on many tables, for the seconds it takes.

    python -m benchmarks.portfolio [--measure] [--tables A,B] [--rows N]

With ``--measure`` every candidate says what it thinks of each used table's rows from five folds (kept in
``benchmarks/cache``; a run that was stopped goes on). Then, for tables with and without texts, the order is grown one
by one: next is whoever lowers the mean error of the mixture most per second, errors counted in that of guessing. It is
written to ``core/fuse/auto/portfolio.json``, which ``auto`` follows. What an order learned on the other tables loses on
each table that was left out is printed beside it. Tables kept for the end are never read.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from benchmarks.candidates import truth_of
from benchmarks.quality import split
from benchmarks.tables.against_peers import TABLES
from core.data import reading, table
from core.data.roles import columns
from core.data.schema import ReadOptions, Schema
from core.data.splits.inner import fit_with, inner_folds, of_texts
from core.evaluate.ranking import metric_for
from core.fuse.auto.portfolio import CONSIDERED, FILE, Entry
from core.fuse.candidates import build
from core.fuse.ensemble import aligned, greedy_weights, loss
from core.fuse.setting import Setting, Skipped
from core.jobs import limits
from core.names import parse
from core.plan import Plan
from core.workspace import Workspace

CACHE = Path(__file__).parent / "cache" / "portfolio"
MOST_ROWS = 1500  # of a table's training rows
FOLDS = 5
ENOUGH = 0.0002  # of guessing's error: who lowers the mean error by less is not worth a place
SECONDS = 0.5  # added to what a candidate takes, so that the quickest of all is not first for that alone


def rows_of(name: str, most: int) -> tuple[pd.DataFrame, Schema, str]:
    """A used table's training rows, and what its columns were taken for."""
    entry = TABLES[name]
    assert not entry.kept, "it is kept for the end"
    train, _test = split(entry, seed=0)
    with tempfile.TemporaryDirectory() as place:
        train.head(most).to_csv(Path(place) / "table.csv", index=False)
        reading.read_files([Path(place) / "table.csv"], ReadOptions(), Path(place))
        schema = columns.guess(Path(place) / "table.parquet", entry.target)
        return table.load(Path(place)), schema, entry.target


def measure(name: str, most: int) -> None:
    """What every candidate says of each row, from folds in which the row was held back; once said, it is kept."""
    rows, schema, target = rows_of(name, most)
    task = schema.task or "regression"
    y = truth_of(rows[target], task)
    truth = y if task == "regression" else np.unique(y, return_inverse=True)[1]
    classes = [] if task == "regression" else sorted({str(one) for one in y})
    bound = of_texts(rows, schema.names("text"))
    folds = inner_folds(task, truth, 0, FOLDS, bound)
    for entry in CONSIDERED:
        path = CACHE / name / f"{entry.label.replace(':', '-')}.npz"
        if path.exists() and len(np.load(path)["said"]) == len(y):
            continue
        settings = {parse(entry.name).model: entry.settings} if entry.settings else {}
        plan = Plan(target=target, task=task, model_settings=settings)
        cache = Workspace().cache_folder
        setting = Setting(schema, plan, task, metric_for(task, y)[0], cache, limits.slot_threads("heavy"), len(y))
        built = build(entry.name, setting)
        if isinstance(built, Skipped):
            continue
        said = np.full((len(y), len(classes)) if classes else len(y), np.nan)
        if built.frozen_work(rows):
            clone(built).fit(rows.head(60), y[:60])
            for work in built.frozen_work(rows):
                clone(work.encoder).fit(work.texts[:1]).transform(work.texts)  # texts are read once for all
        began = time.monotonic()
        for train, test in folds:
            model = fit_with(clone(built), rows.iloc[train], y[train], bound.take(train))
            prediction, probabilities = model.predict_both(rows.iloc[test])
            full = aligned(probabilities, model, classes)
            said[test] = prediction if full is None else full
        seconds = (time.monotonic() - began) / FOLDS * 1000 / len(y)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, said=said, truth=truth, seconds=seconds, kind=kind_of(schema))
        print(f"{name:10} {entry.label:60} {seconds:6.2f} s", file=sys.stderr, flush=True)


def kind_of(schema: Schema) -> str:
    """Whether a table has texts, other columns, or both."""
    if not schema.names("text"):
        return "columns"
    return "both" if schema.names("number", "category", "date") else "text"


class Known:
    """What was said of one table.

    Attributes
    ----------
    guessing : float
        The error of the mean of the target, in which all errors are counted.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.said: dict[str, np.ndarray] = {}
        self.seconds: dict[str, float] = {}
        for entry in CONSIDERED:
            path = CACHE / name / f"{entry.label.replace(':', '-')}.npz"
            if path.exists():
                with np.load(path) as kept:
                    self.said[entry.label], self.truth = kept["said"], kept["truth"]
                    self.seconds[entry.label], self.kind = float(kept["seconds"]), str(kept["kind"])
        first = next(iter(self.said.values()))
        self.unit = float(np.std(self.truth)) if first.ndim == 1 else 1.0
        mean = (
            np.full(first.shape, self.truth.mean())
            if first.ndim == 1
            else np.tile(_shares(self.truth), (len(first), 1))
        )
        self.guessing = loss(mean, self.truth, self.unit)
        self._errors: dict[tuple[str, ...], float] = {}

    def error(self, names: Sequence[str]) -> float:
        """Of the best mixture of these, in guessing's; guessing's own where there is none."""
        mine = tuple(sorted(name for name in names if name in self.said))
        if not mine:
            return 1.0
        if mine not in self._errors:
            said = [self.said[name] for name in mine]
            weights = greedy_weights(said, self.truth, unit=self.unit)
            mixed = np.tensordot(weights, np.asarray(said), axes=1)
            self._errors[mine] = loss(mixed, self.truth, self.unit) / self.guessing
        return self._errors[mine]


def _shares(truth: np.ndarray) -> np.ndarray:
    counts = np.bincount(truth)
    return np.asarray(counts / counts.sum())


def order(tables: Sequence[Known]) -> list[dict[str, Any]]:
    """Candidates in the order of what they add per second on these tables, as far as they add something."""
    found: list[dict[str, Any]] = []
    names: list[str] = []
    while True:
        gains = {}
        for entry in CONSIDERED:
            able = [one for one in tables if entry.label in one.said]
            if entry.label in names or not able:
                continue
            gain = float(np.mean([one.error(names) - one.error([*names, entry.label]) for one in tables]))
            seconds = float(np.mean([one.seconds[entry.label] for one in able]))
            gains[entry.label] = (gain / (SECONDS + seconds), gain, seconds, entry)
        worth = {name: told for name, told in gains.items() if told[1] >= ENOUGH}
        if not worth:
            return found
        name = max(worth, key=lambda one: worth[one][0])
        _rate, _gain, seconds, entry = worth[name]
        names.append(name)
        error = float(np.mean([one.error(names) for one in tables]))
        found.append(
            {"name": entry.name, "settings": entry.settings, "error": round(error, 4), "seconds": round(seconds, 2)}
        )


def left_out(tables: Sequence[Known], n: int) -> dict[str, float]:
    """How much more error an order learned on the others leaves on each table than one learned on all, after n."""
    every = [Entry(one["name"], one["settings"]).label for one in order(tables)[:n]]
    told = {}
    for one in tables:
        others = [Entry(two["name"], two["settings"]).label for two in order([t for t in tables if t is not one])[:n]]
        told[one.name] = round(one.error(others) - one.error(every), 4)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--tables", default=",".join(name for name, one in TABLES.items() if not one.kept))
    parser.add_argument("--rows", type=int, default=MOST_ROWS)
    options = parser.parse_args()
    names = options.tables.split(",")
    for name in names if options.measure else []:
        measure(name, options.rows)
    known = [Known(name) for name in names if (CACHE / name).is_dir()]
    groups = {
        "columns": [one for one in known if one.kind == "columns"],
        "texts": [one for one in known if one.kind != "columns"],
    }
    made = {kind: order(tables) for kind, tables in groups.items() if tables}
    FILE.write_text(
        json.dumps({"tables": {k: [o.name for o in t] for k, t in groups.items()}, **made}, indent=1) + "\n"
    )
    told = {kind: left_out(tables, 6) for kind, tables in groups.items() if len(tables) > 1}
    print(json.dumps({"order": made, "left out": told}, indent=2))


if __name__ == "__main__":
    main()
