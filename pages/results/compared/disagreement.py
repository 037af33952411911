"""Where two candidates disagree: four squares (for numbers: who is closer), and the rows behind one of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from core.evaluate import agreement
from core.evaluate.agreement import OUTCOMES
from core.results.comparison import Comparison, candidate_folder, slug, uses_llm
from core.workspace import RunRow
from pages.results.charts import two_candidates
from pages.results.compared import outcomes
from pages.shared import names, numbers, state
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _
from pages.shared.runs import held_out_rows, rows_behind
from pages.shared.runs.board import ranking

MOST_ROWS = rows_behind.MOST_ROWS


def draw(row: RunRow, result: Comparison) -> None:
    """Two candidates, how often which one is right, and the rows."""
    pair = _pair(row, result)
    if pair is None:
        st.caption(_("Choose two different candidates."))
        return
    first, second = pair
    classes = bool(result.classes)
    places = [candidate_folder(state.workspace().run_folder(row.id), name) / "predictions.parquet" for name in pair]
    if not all(path.exists() for path in places):
        st.caption(_("The predictions of one of them are gone. Compare again."))
        return
    frame = _frame(tuple((str(path), path.stat().st_mtime_ns) for path in places), classes)
    if frame is None:
        st.caption(_("These two were not scored on the same rows. Compare again."))
        return
    found = agreement.counts(frame, classes=classes)
    labels = [_label(result, name) for name in pair]
    key = f"disagree-{row.id}-{slug(first)}-{slug(second)}"
    st.caption(outcomes.sentence(frame, result.inflation, found))
    alt = _("How often {first} and {second} are right").format(first=labels[0], second=labels[1])
    if classes:
        st.plotly_chart(
            two_candidates.agreement(list(found.values())),
            key=key,
            on_select=lambda: _clicked(key),
            selection_mode="points",
            config=chart_theme.config("disagreement"),
            alt=alt,
        )
    else:
        display.show(two_candidates.distances(frame), key, name="disagreement", alt=alt)
    words = outcomes.in_words(classes)
    chosen = st.segmented_control(
        _("Rows where"), list(OUTCOMES[classes]), default="first", required=True, key=f"{key}-outcome",
        format_func=lambda one: f"{words[one]} · {numbers.count(found[one])}",
    )  # fmt: skip
    rows = agreement.most_apart(frame[frame["outcome"] == chosen], classes=classes)
    _rows(row, result, rows, key)


def _pair(row: RunRow, result: Comparison) -> tuple[str, str] | None:
    """The two chosen candidates; at first the best one, and the best of the other kind (with or without an LLM)."""
    lines = ranking.ranked(result)
    other = next((line for line in lines if uses_llm(line) != uses_llm(lines[0])), lines[1])
    options = [line.name for line in lines]
    chosen = []
    for box, place, label, usual in zip(
        st.columns(2), ("first", "second"), (_("First"), _("Second")), (lines[0], other), strict=True
    ):
        name = box.selectbox(
            label, options, index=options.index(usual.name), format_func=lambda one: _label(result, one),
            key=f"disagree-{place}-{row.id}",
        )  # fmt: skip
        chosen.append(str(name))
    return None if chosen[0] == chosen[1] else (chosen[0], chosen[1])


def _label(result: Comparison, name: str) -> str:
    line = result.candidate(name)
    return name if line is None else names.line_label(line, result.task)


@st.cache_resource(max_entries=8, show_spinner=False)
def _frame(files: tuple[tuple[str, int], ...], classes: bool) -> pd.DataFrame | None:
    one, other = (rows_behind.predictions(Path(path).parent) for path, _changed in files)
    return agreement.side_by_side(one, other, classes=classes)


def _clicked(key: str) -> None:
    """A click on a square chooses its rows."""
    if points := st.session_state[key].selection.point_indices:
        st.session_state[f"{key}-outcome"] = OUTCOMES[True][points[0]]


def _rows(row: RunRow, result: Comparison, rows: pd.DataFrame, key: str) -> None:
    """The first rows of an outcome: truth, what each said, and the row as it stands in the table."""
    if rows.empty:
        st.caption(_("There are no such rows."))
        return
    shown = rows.head(MOST_ROWS)
    if len(rows) > len(shown):
        st.caption(_("The first {n} of {all} rows.").format(n=numbers.count(len(shown)), all=numbers.count(len(rows))))
    said = shown[["truth", "first", "second"]].reset_index(drop=True)
    said.columns = pd.Index([_("truth"), _("first says"), _("second says")])
    if not held_out_rows.same_table(row, result):
        st.caption(_("The table was read anew since this run, so only what was predicted can be shown."))
        display.table(said, f"{key}-rows", name="disagreement")
        return
    source = held_out_rows.whole(row.dataset, [int(position) for position in shown["row"]])
    frame = pd.concat([said, source], axis=1)
    display.table(frame.loc[:, ~frame.columns.duplicated()], f"{key}-rows", name="disagreement")
