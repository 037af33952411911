"""How a failure is put into words: the user's problem, the machine's limits, or our own fault."""

from __future__ import annotations

import errno

from core.jobs import limits
from core.jobs.table import JobError
from core.messages import AmalgamError, _, say


def explained(failure: Exception) -> JobError:
    """A failure in words: the user's problem as its author put it, the machine's limits, or our own fault."""
    if isinstance(failure, AmalgamError):
        return JobError(failure.code, failure.message, failure.hint)
    if isinstance(failure, MemoryError):
        return out_of_memory(limits.job_bytes())
    if isinstance(failure, OSError) and failure.errno in (errno.ENOSPC, errno.EDQUOT):
        return JobError(
            "disk_full",
            say(_("The disk is full; the work stopped, and what was finished is kept.")),
            say(_("Delete data sets or runs you no longer need, or clear the cache, then resume.")),
        )
    return bug(type(failure).__name__)


def out_of_memory(limit_bytes: int) -> JobError:
    """The work took more memory than one job may have."""
    return JobError(
        "out_of_memory",
        say(_("This needed more memory than one job may use here ({limit} GB)."), limit=round(limit_bytes / 1e9, 1)),
        say(_("Try a sample of the rows, fewer candidates, or a smaller encoder.")),
    )


def out_of_time(limit_seconds: float) -> JobError:
    """Quick work took so long that the others would have had to wait."""
    return JobError(
        "out_of_time",
        say(
            _("This took longer than {minutes:g} minutes, the most that quick work may take here."),
            minutes=limit_seconds / 60,
        ),
        say(_("Try a part of the file; who runs this server can allow more by AMALGAM_QUICK_JOB_MINUTES.")),
    )


def bug(name: str) -> JobError:
    """An error nobody foresaw."""
    return JobError(
        "bug",
        say(_("This is our fault: Amalgam ran into an error it did not expect ({name})."), name=name),
        say(_("The log says where; please send it to us. Resuming goes on from what was finished.")),
        ours=True,
    )
