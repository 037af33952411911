"""The Results page: the verdict, the scores beside guessing, and one view at a time into the mistakes."""

from __future__ import annotations

import streamlit as st

from core.catalog import METRICS
from core.plan import GenerateParams, ReportParams
from core.results.comparison import Comparison, Detail, candidate_folder
from core.workspace import RunRow
from pages.results import advice, ladder, mistakes, run_keeper, soft_tree, training, verdict_card
from pages.results import views as result_views
from pages.results.compared import error_costs, overview, subgroups
from pages.shared import answer, navigation, numbers, state
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
    _figures(result, detail)
    result_views.doubts(detail)
    st.fragment(_view)(row, result, detail, name)  # a click in a view draws that view again, not the whole page
    st.fragment(overview.draw)(row, result)
    _summary(row, name)
    _take_away(row, name)
    navigation.next_step(_("Explain it"), "explain")


def _figures(result: Comparison, detail: Detail) -> None:
    first = ["r2", "rmse", "mae"] if result.task == "regression" else ["accuracy", "balanced_accuracy", "f1"]
    shown = list(dict.fromkeys([result.metric, *first]))[:3]
    for column, name in zip(st.columns(3), shown, strict=True):
        with column.container(border=True, gap="xsmall", height="stretch"):
            _figure(detail, name)
    with st.expander(_("All scores"), icon=":material/table:"):
        for name in [one for one in METRICS if one in detail.scores]:
            line = f"{numbers.metric_label(name)}: {numbers.score_with_interval(detail.scores[name])}"
            st.markdown(plain(line), help=plain(numbers.metric_about(name)))


def _figure(detail: Detail, name: str) -> None:
    score, guess = detail.scores.get(name), detail.dummy_scores.get(name)
    st.metric(numbers.metric_label(name), numbers.score(score), help=plain(numbers.metric_about(name)))
    if score is not None:
        st.caption(plain(_("95 % interval {interval}").format(interval=numbers.between(score))))
    if guess is not None:
        st.caption(plain(_("guessing: {score}").format(score=numbers.score_with_interval(guess))))


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


def _summary(row: RunRow, name: str) -> None:
    st.subheader(_("In plain words"), anchor=False)
    params = GenerateParams(task="summary", run=row.id, candidate=name, language=language())
    answer.draw("summary", params, _("Write a summary"), about=row.id)


def _take_away(row: RunRow, name: str) -> None:
    st.subheader(_("Take it away"), anchor=False)
    with st.container(horizontal=True):
        held = rows_behind.predictions(candidate_folder(state.workspace().run_folder(row.id), name))
        st.download_button(
            _("Predictions (CSV)"),
            lambda: chart_theme.csv_bytes(held),
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


draw()
