"""The Results page: the verdict, the scores beside guessing, and one view at a time into the mistakes."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.job_params import ReportParams
from core.results.comparison import Comparison, Detail, candidate_folder
from core.workspace import RunRow
from pages.results import advice, ladder, mistakes, run_keeper, soft_tree, summary, training, verdict_card
from pages.results import views as result_views
from pages.results.compared import error_costs, overview, subgroups
from pages.shared import navigation, state
from pages.shared.charts import chart_theme
from pages.shared.i18n import _, language, t
from pages.shared.markup import plain
from pages.shared.runs import rows_behind, run_picker, starting
from pages.shared.runs.job_panel import panel


def draw() -> None:
    """Title, verdict, figures, the chosen view, what to take away."""
    st.title(_("Results"))
    st.markdown(_("How good is it, how sure is that, and where does it fail?"))
    row, result, name = run_picker.draw()
    run_keeper.draw(row)
    verdict_card.draw(result, row.id)
    ladder.draw(result, row.id)
    for message in filter(None, [result.metric_reason, *result.warnings]):
        st.caption(plain(t(message)))
    folder = candidate_folder(state.workspace().run_folder(row.id), name)
    detail = state.stored(Detail, folder / "detail.json")
    if detail is None:
        st.warning(_("The details of this candidate are gone. Compare again."))
        return
    result_views.figures(result, detail)
    result_views.doubts(detail)
    st.fragment(_view)(row, result, detail, name)  # a click in a view draws that view again, not the whole page
    st.fragment(overview.draw)(row, result)
    st.subheader(_("In plain words"), anchor=False)
    summary.draw(row, result, detail)
    _take_away(row, name)
    navigation.next_step(_("Explain it"), "explain")


def _view(row: RunRow, result: Comparison, detail: Detail, name: str) -> None:
    views = {"errors": _("Errors")}
    if result.classes and detail.roc:
        views |= {"classes": _("By class")}
    views |= {"groups": _("By group")}
    if result.classes and detail.roc:
        views |= {"curves": _("Curves"), "calibration": _("Calibration")}
    if detail.thresholds:
        views |= {"threshold": _("Threshold"), "costs": _("Costs of errors")}
    folder = candidate_folder(state.workspace().run_folder(row.id), name)
    views |= {"training": _("Training")} if training.stored(folder) else {}
    views |= {"tree": _("Soft tree")} if soft_tree.stored(folder) else {}
    views |= {"advice": _("Advice")} if detail.advice else {}
    views |= {"learning": _("Learning curve"), "settings": _("Settings and timings")}
    chosen = st.segmented_control(
        _("View"), list(views), default="errors", required=True, format_func=views.__getitem__, key="results-view",
        label_visibility="collapsed", bind="query-params",
    )  # fmt: skip
    if not folder.is_dir():  # deleted in another tab since the page was drawn
        st.rerun()
    {
        "errors": lambda: mistakes.draw(row.dataset, result, detail, folder),
        "classes": lambda: mistakes.per_class(detail),
        "groups": lambda: subgroups.draw(row, result, detail, folder),
        "costs": lambda: error_costs.draw(result, detail, folder),
        "curves": lambda: result_views.curves(detail),
        "threshold": lambda: result_views.threshold(detail),
        "calibration": lambda: result_views.calibration(detail),
        "training": lambda: training.draw(folder),
        "tree": lambda: soft_tree.draw(folder),
        "advice": lambda: advice.draw(result, detail),
        "learning": lambda: result_views.learning(result, detail),
        "settings": lambda: result_views.settings(result, detail),
    }[chosen or "errors"]()


def _take_away(row: RunRow, name: str) -> None:
    st.subheader(_("Take it away"), anchor=False)
    taken = state.recorder("download", row.id)
    with st.container(horizontal=True):
        held = rows_behind.predictions(candidate_folder(state.workspace().run_folder(row.id), name))
        st.download_button(
            _("Predictions (CSV)"),
            lambda: _handed_out(held, taken),
            file_name="predictions.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        if st.button(_("Make a report"), icon=":material/description:"):
            starting.submit("report", ReportParams(run=row.id, language=language()), row.dataset)
            st.rerun()
    job = panel("report", row.dataset)
    if job is not None and job.state == "done" and job.params.get("run") == row.id:
        st.link_button(
            _("Download the report (HTML)"), f"/amalgam/download/{job.id}/report.html", icon=":material/download:"
        )


def _handed_out(held: pd.DataFrame, taken: Callable[[], object]) -> bytes:
    taken()
    return chart_theme.csv_bytes(held)


draw()
