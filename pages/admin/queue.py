"""Everybody's jobs, in all states, and the way to end one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.jobs import client
from core.jobs.client import Job
from core.people import overview
from core.workspace import now
from pages.shared import numbers, state
from pages.shared.i18n import _
from pages.shared.runs import job_words

HEIGHT = 320


def draw() -> None:
    """A table with a line for each job; choosing one that is active offers to end it."""
    st.subheader(_("Jobs"), anchor=False)
    jobs = overview.jobs(state.workspace())
    if not jobs:
        st.caption(_("There are no jobs."))
        return
    names = overview.names(state.workspace())
    event = st.dataframe(
        pd.DataFrame([_line(job, names) for job in jobs]),
        hide_index=True,
        height=HEIGHT if len(jobs) > 8 else "content",
        placeholder="–",
        key="admin-jobs",
        on_select="rerun",
        selection_mode="single-row",
    )
    chosen = [jobs[row] for row in event.selection.rows if row < len(jobs)]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("Look again"), icon=":material/refresh:", key="admin-look")
        if not chosen:
            st.caption(_("Choose a job to end it."))
        elif not chosen[0].active:
            st.caption(_("This job has ended."))
        elif st.button(_("End this job"), icon=":material/stop_circle:", key="admin-end"):
            client.cancel(state.workspace(), chosen[0].id, chosen[0].owner)
            st.rerun()


def _line(job: Job, names: dict[str, str]) -> dict[str, str]:
    memory = overview.memory_bytes(job)
    return {
        _("State"): state_word(job),
        _("Kind"): job_words.kind_label(job),
        _("Person"): shown(job.owner, names.get(job.owner, "")),
        _("Slot"): {"heavy": _("heavy"), "light": _("light")}.get(job.slot, job.slot),
        _("Age"): numbers.seconds(round(now() - job.created)),
        _("At work"): numbers.seconds(round(job.elapsed_seconds)) if job.started else "",
        _("Memory"): numbers.megabytes(memory / 1e6) if memory else "",
        _("Job"): job.id[:8],
    }


def state_word(job: Job) -> str:
    """How a job stands, in a word."""
    if job.active and job.cancelling:
        return _("ending")
    return {
        "queued": _("waiting"),
        "running": _("running"),
        "done": _("done"),
        "failed": _("failed"),
        "cancelled": _("cancelled"),
        "lost": _("lost"),
    }[job.state]


def shown(owner: str, name: str) -> str:
    """A person by the login's name, and by the beginning of what stands for them in the files."""
    short = owner if len(owner) <= 20 else f"{owner[:14]}…"
    return f"{name} ({short})" if name else short
