"""Lines of a log, and work that goes on when nothing more can be written to it."""

import contextlib
import io
from pathlib import Path

import pytest

from core.jobs.logs import Patient

FULL = Path("/dev/full")


def test_lines_arrive_as_they_are():
    stream = io.StringIO()
    assert Patient(stream).write("assigned\n") == 9
    assert stream.getvalue() == "assigned\n"


@pytest.mark.skipif(not FULL.exists(), reason="a device that is always full is Linux's")
def test_a_full_disk_does_not_end_the_work_that_writes_the_log():
    stream = FULL.open("w", buffering=1)
    log = Patient(stream)
    log.write("assigned\n")
    log.flush()
    with contextlib.suppress(OSError):  # what could not be written is still waiting
        stream.close()
