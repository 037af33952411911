"""Kept runs on the Results page: side by side, under a name of one's own, or gone."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.jobs.housekeeping import delete_run
from core.results.comparison import Comparison
from core.workspace import RunRow
from pages.results.sharing import dialog
from pages.shared import names, numbers, state
from pages.shared.charts import display
from pages.shared.datetimes import when
from pages.shared.i18n import _
from pages.shared.markup import plain, short
from pages.shared.runs.board import ranking
from pages.shared.session import current

MOST_RUNS = 4


def draw(row: RunRow) -> None:
    """Closed until asked for; nothing is read before."""
    runs = state.workspace().runs(state.owner(), row.dataset, "compare")
    label = _("Kept runs of this table: {n}").format(n=numbers.count(len(runs)))
    box = st.expander(label, icon=":material/inventory_2:", key="kept-runs", on_change="rerun")
    if not box.open:
        return
    with box:
        _this_run(row)
        if len(runs) > 1:
            _side_by_side(runs, row)


def _this_run(row: RunRow) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(_("Name of this run"), row.name, max_chars=120, key=f"run-name-{row.id}")
        if st.button(_("Rename"), key=f"rename-{row.id}", disabled=not name.strip() or name == row.name):
            state.workspace().rename_run(row.id, state.owner(), name)
            st.rerun()
        dialog.draw(row)
        with st.popover(_("Delete"), icon=":material/delete:"):
            st.markdown(
                _("Delete {name} with its models and predictions? This can't be undone.").format(name=short(row.name))
            )
            st.button(_("Delete this run"), key=f"delete-{row.id}", on_click=_delete, args=(row.id,))


def _delete(run_id: str) -> None:
    delete_run(state.workspace(), run_id, state.owner())
    state.record("delete", run_id)
    current.RUN.set("")
    current.CANDIDATE.set("")


def _side_by_side(runs: list[RunRow], row: RunRow) -> None:
    labels = {run.id: f"{run.name} · {when(run.created)}" for run in runs}
    before = [row.id, *(run.id for run in runs if run.id != row.id)][:2]
    chosen = st.multiselect(
        _("Side by side"),
        list(labels),
        before,
        format_func=labels.__getitem__,
        max_selections=MOST_RUNS,
        key=f"side-by-side-{row.id}",
    )
    results = {
        run.id: result
        for run in runs
        if run.id in chosen
        and (result := state.stored(Comparison, state.workspace().run_folder(run.id) / "result.json")) is not None
    }
    if len({result.metric for result in results.values()}) > 1:
        st.caption(plain(_("These runs were ranked by different scores; compare them with care.")))
    if results:
        display.table(table({labels[run]: result for run, result in results.items()}), "side-by-side", name="runs")


def table(results: dict[str, Comparison]) -> pd.DataFrame:
    """One column per run, one line per candidate, and what the runs differ in."""
    lines: dict[str, dict[str, str]] = {}
    for run, result in results.items():
        facts = {
            _("Ranked by"): numbers.metric_label(result.metric),
            _("Rows"): numbers.count(result.n_rows),
            _("Folds"): numbers.count(result.folds),
            _("Seed"): str(result.seed),
        }
        scores = {
            names.line_label(line, result.task): numbers.score_with_interval(line.scores[result.metric])
            for line in ranking.ranked(result)
        }
        for name, value in (facts | scores).items():
            lines.setdefault(name, {})[run] = value
    return pd.DataFrame([{_("What"): name, **values} for name, values in lines.items()]).fillna("–")
