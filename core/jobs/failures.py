"""How a failure is put into words: the user's problem, the machine's limits, or our own fault."""

from __future__ import annotations

import errno
import sqlite3

from core.files import is_disk_full
from core.jobs import limits
from core.jobs.table import JobError
from core.messages import AmalgamError, _, say

BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def explained(failure: Exception) -> JobError:
    """A failure in words: the user's problem as its author put it, the machine's limits, or our own fault."""
    if isinstance(failure, AmalgamError):
        return JobError(failure.code, failure.message, failure.hint)
    if isinstance(failure, MemoryError):
        return out_of_memory(limits.job_bytes())
    if is_disk_full(failure):
        return disk_full()
    if isinstance(failure, sqlite3.OperationalError) and failure.sqlite_errorcode & 0xFF in BUSY:
        return JobError(
            "busy", say(_("The database is busy with somebody else's work.")), say(_("Try again in a minute."))
        )
    if _is_read_only(failure):
        return JobError(
            "read_only",
            say(_("Amalgam's folder on this server can't be written to.")),
            say(_("Ask whoever runs this server to give it the right to write there.")),
        )
    return bug(type(failure).__name__)


def _is_read_only(failure: Exception) -> bool:
    if isinstance(failure, sqlite3.OperationalError):
        return failure.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY
    return isinstance(failure, OSError) and failure.errno == errno.EROFS


def disk_full() -> JobError:
    """Nothing more fits on the disk."""
    return JobError(
        "disk_full",
        say(_("The disk is full; the work stopped, and what was finished is kept.")),
        say(_("Delete data sets or runs you no longer need, or clear the cache, then resume.")),
    )


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
