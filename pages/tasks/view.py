"""One text task: what it does, its form, the job, and what came out."""

from __future__ import annotations

import streamlit as st

from core.catalog.text_tasks.every import TextTask
from core.jobs import client
from core.jobs.client import Job
from core.results.text_tasks.task import TaskResult
from pages.shared import state
from pages.shared.datetimes import when
from pages.shared.i18n import _, _n, t
from pages.shared.runs import delete, job_panel
from pages.tasks import form, results


def draw(task: TextTask) -> None:
    """The form, the panel while it runs, the results of this or an earlier time."""
    st.markdown(t(task.about))
    jobs = [
        job
        for job in client.jobs(state.workspace(), state.owner(), kind="task", limit=40)
        if job.params.get("task") == task.name
    ]
    active = next((job for job in jobs if job.active), None)
    done = [(job, found) for job in jobs if (found := _result(job)) is not None]
    form.draw(task, busy=active is not None, first=not done)
    if jobs:
        job_panel.follow(jobs[0])
    if active is not None:
        st.fragment(_live, run_every=2.0)(task, active.id)
        return
    if not done:
        st.caption(_("Nothing has been answered yet. The sample shows what to expect in a minute or so."))
        return
    job, result = done[0] if len(done) == 1 else _chosen(done)
    results.draw(task, result, job)
    delete.draw(job.id)


def _result(job: Job) -> TaskResult | None:
    return state.stored(TaskResult, client.folder(state.workspace(), job.id) / "task.json")


def _live(task: TextTask, job_id: str) -> None:
    """What there is so far; the panel above turns the page when it is done."""
    job = client.get(state.workspace(), job_id, state.owner())
    if job is not None and (result := _result(job)) is not None:
        results.draw(task, result, job)


def _chosen(done: list[tuple[Job, TaskResult]]) -> tuple[Job, TaskResult]:
    places = list(range(min(len(done), 20)))
    chosen = st.selectbox(
        _("Result"), places, format_func=lambda place: _line(*done[place]), key=f"task-result-{done[0][0].id}"
    )
    return done[chosen or 0]


def _line(job: Job, result: TaskResult) -> str:
    source = {"sample": _("sample"), "typed": _("typed texts")}.get(result.source, result.source)
    return _n("{when} · {source} · {n} text", "{when} · {source} · {n} texts", result.n_rows).format(
        when=when(job.created), source=source, n=result.n_rows
    )
