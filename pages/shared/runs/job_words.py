"""A job in words: what it is, what it is doing, how far it is and how long it will take."""

from __future__ import annotations

from core import catalog
from core.jobs.client import Job
from pages.shared import numbers
from pages.shared.i18n import _, t


def kind_label(job: Job) -> str:
    """What this job is, in a word."""
    kind = catalog.JOB_KINDS.get(job.kind)
    return t(kind.label) if kind else job.kind


def stage(job: Job) -> str:
    """What it is doing right now."""
    if job.state == "queued":
        if job.position and job.position > 1:
            return _("waiting, number {n} in the queue").format(n=job.position)
        return _("starting")
    return t(job.progress.stage) if job.progress.stage else _("starting")


def timing(job: Job) -> str:
    """Share done, time gone and time left."""
    parts = []
    if job.progress.share:
        parts.append(f"{job.progress.share:.0%}")
    parts.append(_("{time} so far").format(time=numbers.seconds(round(job.elapsed_seconds))))
    if job.remaining_seconds is not None:
        parts.append(_("about {time} left").format(time=numbers.seconds(round(job.remaining_seconds))))
    return " · ".join(parts)
