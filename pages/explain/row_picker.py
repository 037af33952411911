"""Which row to explain: by its place in the table, or one of the model's mistakes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from core.data import table
from core.data.roles.columns import shown
from core.data.schema import Schema
from core.messages import clip
from core.results.comparison import Comparison, candidate_folder, slug
from core.workspace import DatasetRow, RunRow
from pages.shared import state
from pages.shared.i18n import _, language
from pages.shared.runs import rows_behind

MOST_MISTAKES = 100


def draw(row: RunRow, data: DatasetRow, result: Comparison, name: str) -> int:
    """The position of the chosen row in the table."""
    ways = {"place": _("by its place"), "mistake": _("from the mistakes")}
    place = st.container(horizontal=True, vertical_alignment="bottom")  # a column would cut the second way off
    way = place.segmented_control(
        _("Choose a row"), list(ways), default="place", required=True, format_func=ways.__getitem__,
        key=f"row-way-{row.id}", persist_state="session",
    )  # fmt: skip
    if way == "mistake":
        folder = candidate_folder(state.workspace().run_folder(row.id), name)
        changed = (folder / "predictions.parquet").stat().st_mtime_ns
        found = mistakes(str(folder), changed, data.id, bool(result.classes), language())
        if found:
            chosen = place.selectbox(
                _("The surest mistakes first") if result.classes else _("The largest errors first"),
                list(found),
                format_func=found.__getitem__,
                key=f"mistake-{row.id}-{slug(name)}",
            )
            return int(chosen) if chosen is not None else next(iter(found))
        place.caption(_("There are no mistakes among the rows it was scored on."))
    number = place.number_input(
        _("Row"), 1, data.n_rows, 1, key=f"explain-row-{row.id}", persist_state="session",
        help=_("The row's place in the table, from 1."),
    )  # fmt: skip
    return int(number) - 1


@st.cache_data(max_entries=16, show_spinner=False)
def mistakes(folder: str, changed: int, dataset: str, classes: bool, words: str) -> dict[int, str]:
    """Positions of the worst rows, each with its truth, its prediction and how it begins."""
    held = rows_behind.predictions(Path(folder))
    held = held[held["row"] >= 0]
    worst = _wrong(held) if classes else _far(held)
    positions = [int(position) for position in worst["row"]]
    begins = _begins(state.folder(dataset), state.schema(dataset), positions)
    shape = str if classes else "{:.4g}".format
    line = _("row {row}: {truth} taken for {said} · {begins}")
    return {
        position: line.format(row=position + 1, truth=shape(truth), said=shape(said), begins=text)
        for position, truth, said, text in zip(positions, worst["truth"], worst["prediction"], begins, strict=True)
    }


def _wrong(held: pd.DataFrame) -> pd.DataFrame:
    wrong = held[held["truth"] != held["prediction"]]
    likely = [name for name in held.columns if name.startswith("probability_")]
    sure = wrong[likely].max(axis=1) if likely else pd.Series(0.0, index=wrong.index)
    return wrong.loc[sure.sort_values(ascending=False).index].head(MOST_MISTAKES)


def _far(held: pd.DataFrame) -> pd.DataFrame:
    distance = (held["prediction"] - held["truth"]).abs().sort_values(ascending=False)
    return held.loc[distance.index].head(MOST_MISTAKES)


def _begins(folder: Path, schema: Schema | None, positions: list[int]) -> list[str]:
    """How each row begins: its first text, else its first columns."""
    if schema is None or not positions:
        return ["" for _position in positions]
    names = schema.names("text")[:1] or schema.names("category", "number", "date")[:3]
    rows = table.rows(folder, positions)
    return [clip(" · ".join(shown(value) for value in values), 60) for values in rows[names].itertuples(index=False)]
