"""A job on the page: what it is doing, how far it is, how long it will take, and the way to stop or resume it.

The panel looks again every second only while its job is queued or running, and reruns the page once when it ends.
"""

from __future__ import annotations

import streamlit as st

from core.jobs import client
from core.jobs.client import Job
from core.messages import AmalgamError
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs import job_words
from pages.shared.state import owner, record_job, workspace

SECONDS = 1.0  # between looks at an active job
OF_A_FILE = frozenset({"read", "join-preview", "clean", "predict"})  # jobs that do one thing with a file as it is
PASSING = frozenset({"disk_full", "busy", "read_only"})  # reasons to fail that go away


def latest(kind: str, dataset: str | None = None) -> Job | None:
    """The newest job of this kind that is this person's."""
    found = client.jobs(workspace(), owner(), kind=kind, dataset=dataset, limit=1)
    return found[0] if found else None


def panel(kind: str, dataset: str | None = None) -> Job | None:
    """Show the newest job of a kind until it is done.  →  that job, or None"""
    job = latest(kind, dataset)
    if job is not None:
        follow(job)
    return job


def follow(job: Job) -> None:
    """Show this job: live while it is active, the reason and what to do once it failed, nothing once it is done."""
    if job.active:
        st.fragment(_live, run_every=SECONDS)(job.id)
    elif job.state in {"failed", "lost", "cancelled"} and job.id not in _dismissed():
        ended(job)


def _live(job_id: str) -> None:
    job = client.get(workspace(), job_id, owner())
    if job is None or not job.active:
        st.rerun()
    running(job)


def running(job: Job) -> None:
    """One look at an active job."""
    with st.container(border=True, key=f"job-{job.id}"):
        heading, button = st.columns([5, 1], vertical_alignment="center")
        with button, st.container(horizontal=True, horizontal_alignment="right"):
            st.button(
                _("Cancel"), key=f"cancel-{job.id}", icon=":material/stop_circle:", on_click=_cancel, args=(job.id,)
            )
        heading.markdown(f"**{plain(job_words.kind_label(job))}** · {plain(job_words.stage(job))}")
        st.progress(min(1.0, max(0.0, job.progress.share or 0.0)))
        st.caption(plain(job_words.timing(job)))
        if job.progress.finding is not None:
            st.caption(plain(t(job.progress.finding)))


def ended(job: Job) -> None:
    """A job that did not get to its end: what happened, why, what to do now."""
    with st.container(border=True, key=f"job-{job.id}"):
        if job.state == "cancelled":
            st.markdown(_("**{kind}** was cancelled.").format(kind=plain(job_words.kind_label(job))))
        elif job.state == "lost":
            st.warning(
                _("{kind} stopped because the program was closed or ended. What was finished is kept.").format(
                    kind=plain(job_words.kind_label(job))
                ),
                icon=":material/link_off:",
            )
        else:
            failure(job)
        with st.container(horizontal=True):
            if resumable(job):
                st.button(_("Resume"), key=f"resume-{job.id}", icon=":material/resume:", on_click=_resume, args=(job,))
            st.link_button(_("Download log"), log_address(job.id), icon=":material/download:")
            st.button(_("Dismiss"), key=f"dismiss-{job.id}", type="tertiary", on_click=_dismiss, args=(job.id,))


def resumable(job: Job) -> bool:
    """Whether trying again can end differently: a file that can't be read or scored stays as it is."""
    lasting = job.error is not None and not job.error.ours and job.error.code not in PASSING
    return not (job.state == "failed" and job.kind in OF_A_FILE and lasting)


def shown_as_failed(job: Job | None) -> bool:
    """Whether this job failed and the person has not waved it away."""
    return job is not None and job.state == "failed" and job.id not in _dismissed()


def failure(job: Job) -> None:
    """Why a job failed, as its error says it."""
    if job.error is None:
        st.error(_("{kind} failed.").format(kind=plain(job_words.kind_label(job))), icon=":material/error:")
        return
    sentences = [t(job.error.message), t(job.error.hint)]
    st.error(plain(" ".join(filter(None, sentences))), icon=":material/error:")


def log_address(job_id: str) -> str:
    """Where a job's log can be downloaded."""
    return f"/amalgam/download/job-log/{job_id}"


def _cancel(job_id: str) -> None:
    client.cancel(workspace(), job_id, owner())


def _resume(job: Job) -> None:
    try:
        client.resume(workspace(), job.id, owner())
    except AmalgamError as error:
        st.toast(plain(str(t(error.message))), icon=":material/error:")
        return
    record_job(job.kind, job.dataset, job.id)


def _dismissed() -> set[str]:
    return st.session_state.setdefault("dismissed-jobs", set())


def _dismiss(job_id: str) -> None:
    _dismissed().add(job_id)
