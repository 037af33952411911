"""The rows behind a mark on the Results page: truth, prediction, how sure, and the row as it stands in the table.

What is drawn again on every rerun is put together once per choice; it is shared, so it is for reading only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from core.data import table
from pages.shared import state
from pages.shared.charts import display

MOST_ROWS = 200


@dataclass(frozen=True)
class Choice:
    """Which held-out rows: of one truth, of one prediction; all mistakes, or the largest errors, if neither is set."""

    classes: bool
    truth: str | None = None
    said: str | None = None


@st.cache_resource(max_entries=16, show_spinner=False)
def _predictions(path: str, changed: int) -> pd.DataFrame:
    return pd.read_parquet(path)


def predictions(folder: Path) -> pd.DataFrame:
    """Every held-out prediction of the candidate in this folder."""
    path = folder / "predictions.parquet"
    return _predictions(str(path), path.stat().st_mtime_ns)


def chosen(held: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The held-out rows of a choice."""
    if not choice.classes:
        distance = (held["prediction"] - held["truth"]).abs().sort_values(ascending=False)
        return held.loc[distance.index]
    if choice.truth is None and choice.said is None:
        return held[held["truth"] != held["prediction"]]
    rows = held if choice.truth is None else held[held["truth"] == choice.truth]
    return rows if choice.said is None else rows[rows["prediction"] == choice.said]


def find(dataset: str, folder: Path, choice: Choice) -> tuple[int, pd.DataFrame]:
    """How many rows are behind a choice, and the first of them as a table."""
    path = folder / "predictions.parquet"
    return _found(dataset, state.table_version(dataset), str(path), path.stat().st_mtime_ns, choice)


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs={Choice: repr})
def _found(dataset: str, table_changed: int, path: str, changed: int, choice: Choice) -> tuple[int, pd.DataFrame]:
    rows = chosen(_predictions(path, changed), choice)
    known = rows[rows["row"] >= 0].head(MOST_ROWS)
    source = table.rows(state.folder(dataset), [int(row) for row in known["row"]])
    parts = [known[["truth", "prediction"]].reset_index(drop=True)]
    if likely := [name for name in known.columns if name.startswith(display.PROBABILITY)]:
        parts.append(known[likely].max(axis=1).rename("certainty").reset_index(drop=True))
    frame = pd.concat([*parts, source.reset_index(drop=True)], axis=1)
    return len(rows), frame.loc[:, ~frame.columns.duplicated()]


def draw(frame: pd.DataFrame) -> None:
    """The table, its cells as they are."""
    display.table(frame, "rows-behind", name="rows", formats=display.answers(("truth", "prediction", "certainty")))
