"""Lines of a log, and work that goes on when nothing more can be written to it."""

import contextlib
import io
import subprocess
import sys
from pathlib import Path

import pytest

from core.jobs.logs import Patient

FULL = Path("/dev/full")


SAYS = """
import structlog
from core.jobs import logs
logs.configure()
structlog.contextvars.bind_contextvars(job="j1")
structlog.get_logger("worker").info("start", kind="read")
"""


def test_a_line_says_which_job_it_is_about():
    ran = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, check=True, timeout=60)
    assert "start" in ran.stderr
    assert "job=j1" in ran.stderr


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
