"""How columns are understood: roles on tables labelled by hand, honest columns left out, planted leaks found.

    AMALGAM_TRIAL_DATA=folder AMALGAM_TRIAL_CASES=folder python -m benchmarks.roles [--wrong] [--plants N] [--seed S]

The tables are those that scikit-learn and plotly bring, the made-up ones of ``benchmarks/tables``, the two folders if
they are named, and those of these packages where they are there (in an environment of their own, without dependencies):
vega_datasets 0.9.0, statsmodels 0.15.0, lifelines 0.30.3, river 0.26.1, palmerpenguins 0.1.6. Each table is brought
as a file and read as everywhere; the label names its target. Roles were written down by looking at the tables, with
two roles where people differ ("number|date": a year); "leak" stands for a column that must not take part. Columns whose
cells are more than plain numbers, dates or words ("$1,234", "5.3 kg") are marked: figures are given with and without.
"""

from __future__ import annotations

import argparse
import json
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.tables import made_up_measurements, made_up_offices, packaged, planted
from core.catalog import Role
from core.data import reading
from core.data.roles import columns
from core.data.schema import Column, ReadOptions, Schema

LABELS = Path(__file__).parent / "tables" / "labels.json"
NOT_ROLES = ("target", "cells", "rest")
OUT: tuple[Role, ...] = ("id", "ignored")


@dataclass(frozen=True)
class Answer:
    """One column: what it is, and what it was taken for."""

    table: str
    column: Column
    expected: frozenset[str]
    of_cells: bool  # how its cells are written has to be understood first

    @property
    def right(self) -> bool:
        return self.column.role in self.expected or ("leak" in self.expected and self.column.role in OUT)

    @property
    def honest_but_left_out(self) -> bool:
        return self.column.code == "leak" and self.column.role in OUT and "leak" not in self.expected


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wrong", action="store_true", help="list the columns that were taken for something else")
    parser.add_argument("--plants", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    labels = json.loads(LABELS.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        tables = read(files(Path(scratch), asked.seed), labels, Path(scratch))
        answers = [answer for name, path in tables.items() for answer in answers_of(name, path, labels[name])]
        plants, dropped = plant(tables, labels, asked.plants, asked.seed, Path(scratch))
    report(answers, plants, dropped, asked.wrong)


def files(scratch: Path, seed: int) -> dict[str, Path]:
    """Every table that is there, by its name in the labels."""
    found = packaged.files(scratch)
    for number, make in enumerate([*made_up_offices.TABLES, *made_up_measurements.TABLES]):
        path = scratch / f"{make.__name__}.csv"
        make(np.random.default_rng([seed, number])).to_csv(path, index=False)
        found[f"made/{make.__name__}"] = path
    return found


def read(found: dict[str, Path], labels: dict[str, dict], scratch: Path) -> dict[str, Path]:
    """Name → the table as it is read."""
    tables = {}
    for name in sorted(set(found) & set(labels)):
        folder = scratch / name
        folder.mkdir(parents=True)
        reading.read_files([found[name]], ReadOptions(), folder)
        tables[name] = folder / "table.parquet"
    return tables


def answers_of(name: str, table: Path, label: dict) -> list[Answer]:
    """Every column but the target, beside its label."""
    schema = columns.guess(table, _target(table, label), suggest=False)
    found = []
    for column in schema.columns:
        expected = _expected(column.name, label)
        if column.role != "target" and column.name != label["target"] and expected:
            cells = _of_cells(label)
            found.append(Answer(name, column, expected, "*" in cells or column.name in cells))
    return found


def _of_cells(label: dict) -> list[str]:
    """Columns whose cells have to be understood first; "*" for all."""
    return list(label.get("cells", []))


def _target(table: Path, label: dict) -> str | None:
    """None where it was read under another name."""
    return label["target"] if label["target"] in pq.read_schema(table).names else None


def _expected(column: str, label: dict) -> frozenset[str]:
    for roles, names in label.items():
        if roles not in NOT_ROLES and column in names:
            return frozenset(roles.split("|"))
    return frozenset(filter(None, label.get("rest", "").split("|")))


def plant(tables: dict[str, Path], labels: dict[str, dict], n: int, seed: int, scratch: Path) -> tuple[list, list[str]]:
    """Plant leaks one at a time.  →  (table, kind, found) each, honest columns that were left out on the way"""
    random = np.random.default_rng(seed)
    usable = [
        name for name in tables if labels[name]["target"] and labels[name]["target"] not in _of_cells(labels[name])
    ]
    frames = {name: pq.read_table(tables[name]).to_pandas() for name in usable}
    fitting = {name: planted.fitting(frame, labels[name]["target"]) for name, frame in frames.items()}
    chosen = [(name, kind) for name, kinds in fitting.items() for kind in kinds]
    plants, dropped = [], []
    for place in random.permutation(len(chosen))[:n]:
        name, kind = chosen[place]
        target = labels[name]["target"]
        frame = kind(random, frames[name], target)
        schema = _guessed(frame, target, scratch / "planted.parquet")
        new = next(column for column in frame if column not in frames[name])
        plants.append((name, kind.__name__, new in schema.names(*OUT)))
        dropped += [
            f"{name}: {column.name}"
            for column in schema.columns
            if column.name != new and column.code == "leak" and "leak" not in _expected(column.name, labels[name])
        ]
    return plants, dropped


def _guessed(frame: pd.DataFrame, target: str, path: Path) -> Schema:
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    return columns.guess(path, target, suggest=False)


def report(answers: list[Answer], plants: list[tuple[str, str, bool]], dropped: list[str], wrong: bool) -> None:
    """Print shares, what was wrong, and a line for the README."""
    plain = [answer for answer in answers if not answer.of_cells]
    left_out = [f"{answer.table}: {answer.column.name}" for answer in answers if answer.honest_but_left_out]
    for answer in answers:
        if wrong and not answer.right:
            mark = " (cells)" if answer.of_cells else ""
            role, expected = answer.column.role, " or ".join(sorted(answer.expected))
            print(f"{answer.table}: {answer.column.name} is {expected}, not {role}{mark}: {answer.column.reason}")
    for name, kind, found in plants:
        if not found:
            print(f"{name}: planted {kind} was not found")
    for line in [*left_out, *dropped]:
        print(f"{line} is honest, but was left out as a leak")
    by_table = pd.DataFrame([(answer.table, answer.right) for answer in answers], columns=["table", "right"])
    print(
        json.dumps(
            {
                "tables": int(by_table["table"].nunique()),
                "columns": len(answers),
                "right": round(_share(answers), 4),
                "columns_of_plain_cells": len(plain),
                "right_of_plain_cells": round(_share(plain), 4),
                "mean_over_tables": round(float(by_table.groupby("table")["right"].mean().mean()), 4),
                "two_roles_allowed": round(float(np.mean([len(answer.expected) > 1 for answer in answers])), 3),
                "honest_left_out": len(left_out) + len(dropped),
                "planted": len(plants),
                "planted_found": sum(found for _name, _kind, found in plants),
            }
        )
    )
    print(
        f"| {by_table['table'].nunique()} | {len(answers)} | {_share(answers):.1%} | {_share(plain):.1%} | "
        f"{len(left_out) + len(dropped)} | {sum(found for *_which, found in plants)} of {len(plants)} |"
    )


def _share(answers: list[Answer]) -> float:
    return float(np.mean([answer.right for answer in answers]))


if __name__ == "__main__":
    main()
