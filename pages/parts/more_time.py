"""More time for a candidate that the time budget did not allow: the comparison goes on where it was."""

from __future__ import annotations

import math
from functools import partial

import streamlit as st

from core.evaluate.result import Candidate, Comparison
from core.fuse.schedule import guess
from core.jobs import client
from core.jobs.client import Job
from core.messages import AmalgamError
from core.plan import CompareParams
from core.workspace import DatasetRow
from pages.parts import numbers, starting, state
from pages.parts.words import _

SPARE = 1.3  # an estimate may be too low by as much


def offer(row: DatasetRow, job: Job, result: Comparison, line: Candidate) -> None:
    """A button that grants what this candidate needs, if the comparison can still go on as it began."""
    if not unchanged(row, job, result):
        return
    minutes = minutes_for(result, line)
    st.button(
        _("Give it {n} min more").format(n=numbers.count(minutes)),
        key=f"more-time-{job.id}-{line.name}",
        icon=":material/more_time:",
        help=_("The comparison goes on with more time. What is finished is not trained again."),
        on_click=partial(_grant, job, 60.0 * minutes),
    )


def minutes_for(result: Comparison, line: Candidate) -> int:
    """Whole minutes in which this candidate, and those left out that need less and so come first, can be trained."""
    needed = {one.name: _seconds(result, one) for one in result.candidates if one.left_out}
    total = sum(seconds for seconds in needed.values() if seconds <= needed[line.name])
    return max(1, math.ceil(SPARE * total / 60))


def _seconds(result: Comparison, line: Candidate) -> float:
    """Seconds for all folds and the fit on all rows: as estimated when it was left out, else an order of magnitude."""
    estimated = line.reason.params.get("needed") if line.reason else None
    rounds = result.folds + 1
    if isinstance(estimated, (int, float)):
        return float(estimated) * rounds / result.folds
    return guess(line.name, result.n_rows) * rounds


def unchanged(row: DatasetRow, job: Job, result: Comparison) -> bool:
    """Whether table, columns and cleaning are still those that the finished folds were trained on."""
    files = [state.folder(row.id) / name for name in ("schema.json", "cleaning.json")]
    changed = max((path.stat().st_mtime for path in files if path.exists()), default=0.0)
    return result.dataset_hash == row.content_hash and changed <= (job.started or job.created)


def _grant(job: Job, seconds: float) -> None:
    params = CompareParams.model_validate(job.params)
    wanted = params.model_copy(update={"granted_seconds": params.granted_seconds + seconds})
    try:
        client.resume(state.workspace(), job.id, state.owner(), wanted)
    except AmalgamError as error:
        starting.show_error(error)
