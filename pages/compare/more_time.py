"""More time for what the time budget did not allow: one line that names it, one button; the comparison goes on."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.compare.estimator import guess_all, minutes_for
from core.job_params import CompareParams
from core.jobs import client
from core.jobs.client import Job
from core.messages import AmalgamError
from core.results.comparison import CandidateResult, Comparison
from core.workspace import DatasetRow
from pages.shared import names, numbers, state
from pages.shared.i18n import _
from pages.shared.markup import plain
from pages.shared.runs import starting


def draw(result: Comparison, row: DatasetRow | None = None, job: Job | None = None) -> None:
    """What was left out, in one line; with a job that can still go on as it began, the button beside it."""
    lines = [line for line in result.candidates if line.left_out]
    if not lines:
        return
    named = ", ".join(names.line_label(line, result.task) for line in lines)
    words = plain(_("Left out for lack of time: {names}.").format(names=named))
    if row is None or job is None or not unchanged(row, job, result):
        st.caption(words)
        return
    line = next_one(result)
    minutes = minutes_for(needed(result, line))
    left, right = st.columns([4, 1], vertical_alignment="center")
    next_words = _("The time is for {name} first.").format(name=names.line_label(line, result.task))
    left.caption(words if len(lines) == 1 else f"{words} {plain(next_words)}")
    right.button(
        _("Give it {n} min").format(n=numbers.count(minutes)),
        key=f"more-time-{job.id}",
        icon=":material/more_time:",
        help=_("The comparison goes on with so much more time. What is finished is not trained again."),
        on_click=partial(_grant, job, result, line, 60.0 * minutes),
    )


def next_one(result: Comparison) -> CandidateResult:
    """The candidate that is trained first with more time: one that could change the verdict, if there is any."""
    lines = [line for line in result.candidates if line.left_out]
    could = result.verdict.left_out if result.verdict else []
    return next((line for line in lines if line.name in could), lines[0])


def needed(result: Comparison, line: CandidateResult) -> float:
    """Seconds until it is trained and kept: as estimated when it was left out, else a guess."""
    return line.needed_seconds or guess_all([line.name], result.n_rows, result.folds)


def unchanged(row: DatasetRow, job: Job, result: Comparison) -> bool:
    """Whether table, columns and cleaning are still those that the finished folds were trained on."""
    files = [state.folder(row.id) / name for name in ("schema.json", "cleaning.json")]
    changed = max((path.stat().st_mtime for path in files if path.exists()), default=0.0)
    return result.dataset_hash == row.content_hash and changed <= (job.started or job.created)


def _grant(job: Job, result: Comparison, line: CandidateResult, seconds: float) -> None:
    """Let the comparison go on for so many seconds from now, whatever it has spent already."""
    params = CompareParams.model_validate(job.params)
    granted = result.spent_seconds + seconds - (params.plan.budget_seconds or 0.0)
    wanted = params.model_copy(update={"granted_seconds": max(params.granted_seconds, granted), "first": line.name})
    try:
        client.resume(state.workspace(), job.id, state.owner(), wanted)
    except AmalgamError as error:
        starting.show_error(error)
        return
    state.record_job(job.kind, job.dataset, job.id)
