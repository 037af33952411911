"""An explained row beside shap: the check's job, both bars side by side, and the file for shap's own plots."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.explain.against_shap import export
from core.explain.local.estimate import shap_seconds
from core.jobs import client
from core.jobs.client import Job
from core.plan import ExplainParams, ShapParams
from core.results.comparison import Comparison, slug
from core.results.explanations.rows import Explanation, RowExplanation
from core.results.explanations.shap_check import ShapBars, ShapCheck, explainer_about, reasons, sentence
from core.workspace import RunRow
from pages.explain import common
from pages.explain.row import shap_charts
from pages.shared import navigation, numbers, state
from pages.shared.charts import display
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs import job_panel
from pages.shared.terminal import command

KIND = "shap-check"
FILE = "shap_check.json"


def draw(row: RunRow, result: Comparison, name: str, job: Job, explanation: Explanation) -> None:
    """The check of the first row of this explanation, then the file for a notebook.

    job : the job that made the explanation
    """
    one = explanation.rows[0]
    st.divider()
    st.markdown(_("**Check against shap**"))
    st.caption(
        _(
            "shap is the package most people know. The same row, model, background rows and output go through its own "
            "explainers, and its bars stand beside these."
        )
    )
    check = _newest(row, job)
    _start(row, result, name, job, one)
    latest = job_panel.latest(KIND, row.dataset)
    if latest is not None and latest.params.get("explanation") == job.id:
        job_panel.follow(latest)
    if check is None:
        if latest is None or not latest.active:
            st.caption(_("This row has not been checked yet."))
    else:
        _checked(check)
    _command(row, name, job)
    _notebook(job)


def _newest(row: RunRow, job: Job) -> ShapCheck | None:
    """The newest check of this explanation that has ended."""
    for one in client.jobs(state.workspace(), state.owner(), kind=KIND, dataset=row.dataset, limit=20):
        if one.params.get("explanation") == job.id:
            found = state.stored(ShapCheck, client.folder(state.workspace(), one.id) / FILE)
            if found is not None:
                return found
    return None


def _start(row: RunRow, result: Comparison, name: str, job: Job, one: RowExplanation) -> None:
    left, right = st.columns([1, 2], vertical_alignment="center")
    n_words = [sum(part.level == "word" for part in column.parts) for column in one.columns if column.parts]
    line = result.candidate(name)
    seconds = shap_seconds(len(one.columns), n_words, (line.ms_per_row if line else None) or 1.0)
    if common.start_button(left, KIND, row.dataset, _("Check"), ":material/compare_arrows:", first=False):
        asked = ExplainParams.model_validate(job.params)
        params = ShapParams(run=row.id, candidate=name, explanation=job.id, row=one.row, seed=asked.seed)
        common.start(KIND, params, row.dataset)
    right.caption(plain(_("This takes about {time}.").format(time=numbers.seconds(seconds))))


def _checked(check: ShapCheck) -> None:
    for number, part in enumerate(check.parts):
        with st.container(border=True):
            _part(check, part, f"shap-{number}")
    line = _(
        "shap {version} · its background is the same {n} rows, each as often as it counts, {repeated} in all · {ours} "
        "here, {theirs} by shap, the compiling of its loops not counted"
    )
    st.caption(
        plain(
            line.format(
                version=check.shap_version,
                n=check.background_rows,
                repeated=check.repeated_rows,
                ours=numbers.seconds(check.ours_seconds),
                theirs=numbers.seconds(check.seconds),
            )
        )
    )


def _part(check: ShapCheck, part: ShapBars, key: str) -> None:
    heading = _("The words of “{column}”").format(column=part.column) if part.column else _("The columns")
    st.markdown(f"**{plain(heading)}**")
    said = plain(t(sentence(part, check.unit)))
    if part.agreement == "apart":
        st.warning(said, icon=":material/report:")
    elif part.agreement == "grouping":
        st.info(said, icon=":material/info:")
    else:
        st.success(said, icon=":material/check_circle:")
    for message in reasons(part):
        st.caption(plain(t(message)))
    alt = _("Each bar here and beside it shap’s; the largest difference is {difference}.")
    display.show(
        shap_charts.side_by_side(part, common.unit_words(check.unit)),
        f"{key}-bars",
        _frame(part),
        name="beside-shap",
        alt=alt.format(difference=numbers.figure(abs(part.worst.difference), 2)),
    )
    notes = [t(explainer_about(part.explainer))]
    if len(part.bars) > shap_charts.MOST_BARS:
        text = _("The {n} longest bars are drawn; the file has all of them.")
        notes.append(text.format(n=shap_charts.MOST_BARS))
    evaluations = _("{evaluations} evaluations · {seconds}").format(
        evaluations=numbers.count(part.evaluations), seconds=numbers.seconds(part.seconds)
    )
    st.caption(plain(" ".join([*notes, evaluations])))


def _frame(part: ShapBars) -> pd.DataFrame:
    bars = [{**bar.model_dump(), "difference": bar.difference} for bar in part.bars]
    return pd.DataFrame(bars).rename(columns={"theirs": "shap", "theirs_reach": "shap_reach"})


def _command(row: RunRow, name: str, job: Job) -> None:
    reading = state.reading(row.dataset)
    file = str(reading.files[0]) if reading and reading.files else "table.csv"
    asked = ExplainParams.model_validate(job.params)
    text = command.explain(f"{slug(name)}.zip", file, asked, check_shap=True, shap_file=export.SHAP_FILE)
    about = _("It checks the same rows, and writes the file for shap’s plots.")
    navigation.command(text, about)


def _notebook(job: Job) -> None:
    """The file and how to load it."""
    with st.expander(_("For shap’s plots in a notebook"), icon=":material/code:"):
        if not (client.folder(state.workspace(), job.id) / export.SHAP_FILE).exists():
            st.caption(_("This row was explained by an earlier version. Explain it again to get the file."))
            return
        st.caption(
            _(
                "The explained row as a shap.Explanation: plain arrays, nothing pickled. Two lines load it, with numpy "
                "and shap alone."
            )
        )
        st.link_button(
            _("Download {file}").format(file=export.SHAP_FILE),
            f"/amalgam/download/{job.id}/{export.SHAP_FILE}",
            icon=":material/download:",
        )
        st.code(f"{export.snippet(export.SHAP_FILE)}{export.PLOTS}", language="python", wrap_lines=True)
