"""An explained row checked against shap: the job, and how long it takes."""

from __future__ import annotations

import streamlit as st

from core.explain.asked_elsewhere import shap_answers
from core.explain.row.estimate import shap_seconds
from core.job_params import ExplainParams, ShapParams
from core.jobs import client
from core.jobs.client import Job
from core.results.comparison import Comparison
from core.results.explanations.rows import Explanation, RowExplanation
from core.results.explanations.shap_check import ShapCheck
from core.workspace import RunRow
from pages.explain import common, elsewhere
from pages.explain.row.shap import bars_beside, take_away
from pages.shared import numbers, state
from pages.shared.i18n import _
from pages.shared.markup import plain
from pages.shared.runs import job_panel

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
        bars_beside.draw(check)
    take_away.command_line(row, name, job)
    take_away.notebook(job)


def _newest(row: RunRow, job: Job) -> ShapCheck | None:
    """The newest check of this explanation that has ended."""
    for one in client.jobs(state.workspace(), state.owner(), kind=KIND, dataset=row.dataset, limit=20):
        if one.params.get("explanation") == job.id:
            found = state.stored(ShapCheck, client.folder(state.workspace(), one.id) / FILE)
            if found is not None:
                return found
    return None


def _start(row: RunRow, result: Comparison, name: str, job: Job, one: RowExplanation) -> None:
    n_words = [sum(part.level == "word" for part in column.parts) for column in one.columns if column.parts]
    elsewhere.draw(row, name, lambda manifest: shap_answers(manifest, n_words))
    left, right = st.columns([1, 2], vertical_alignment="center")
    line = result.candidate(name)
    seconds = shap_seconds(len(one.columns), n_words, (line.ms_per_row if line else None) or 1.0)
    if common.start_button(left, KIND, row.dataset, _("Check"), ":material/compare_arrows:", first=False):
        asked = ExplainParams.model_validate(job.params)
        params = ShapParams(run=row.id, candidate=name, explanation=job.id, row=one.row, seed=asked.seed)
        common.start(KIND, params, row.dataset)
    right.caption(plain(_("This takes about {time}.").format(time=numbers.seconds(seconds))))
