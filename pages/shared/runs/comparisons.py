"""Which comparison a page is about: the run in the address wins, then the newest that the Compare page asked for.

What the Three ways page trains is a lesson on few rows: it can be looked at like any run, but takes no one's place.
"""

from __future__ import annotations

from core.jobs import client
from core.jobs.client import Job
from core.workspace import RunRow
from pages.shared import state
from pages.shared.session import current
from pages.shared.session.slots import Slot

OWN_LESSON: Slot[tuple[str, str]] = Slot("own-lesson", ("", ""))  # its job, and the run in the address by then


def active(dataset: str) -> Job | None:
    """The comparison of this table that waits or works, whoever asked for it."""
    found = client.jobs(state.workspace(), state.owner(), active=True, kind="compare", dataset=dataset, limit=1)
    return found[0] if found else None


def asked(dataset: str) -> Job | None:
    """The newest comparison of this table that is no lesson."""
    found = client.jobs(state.workspace(), state.owner(), kind="compare", dataset=dataset)
    return next((job for job in found if not is_lesson(job)), None)


def chosen(dataset: str) -> Job | RunRow | None:
    """The comparison of this table that the address names: its job, or the run alone if the command line made it."""
    if not (name := current.RUN.get()):
        return None
    found = client.get(state.workspace(), name, state.owner()) or state.workspace().run(name, state.owner())
    return found if found is not None and (found.kind, found.dataset) == ("compare", dataset) else None


def for_form(dataset: str) -> Job | None:
    """The comparison whose plan the form stands as in a new session; never a lesson's, which no form made."""
    found = chosen(dataset)
    return found if isinstance(found, Job) and not is_lesson(found) else asked(dataset)


def is_lesson(job: Job) -> bool:
    """Whether the Three ways page asked for it."""
    return bool(job.params.get("lesson"))


def own_lesson(dataset: str) -> Job | None:
    """The lesson of this table that this session asked for last, as long as no other run was chosen since."""
    job_id, run = OWN_LESSON.get()
    job = client.get(state.workspace(), job_id, state.owner()) if job_id and run == current.RUN.get() else None
    return job if job is not None and job.dataset == dataset else None
