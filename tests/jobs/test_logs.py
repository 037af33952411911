"""Lines of a log, as text and as JSON, and work that goes on when nothing more can be written to it."""

import json
import logging
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.jobs.logs import FORMAT, Lines, Printed, Text, as_json, printed
from core.messages import UnusableData
from tests.jobs.conftest import Jobs

FULL = Path("/dev/full")
KEYS = {"time", "level", "logger", "message", "request", "owner", "job", "exception", "fields"}
SAYS = """
import structlog
from core.jobs import logs
logs.configure()
structlog.contextvars.bind_contextvars(job="j1")
structlog.get_logger("worker").info("start", kind="read")
"""
SAYS_MUCH = """
import logging, os, sys, threading, warnings
import structlog
from core.jobs import logs
logs.configure()
logs.about(job="j1", owner="ann")
log = structlog.get_logger("worker")
with structlog.contextvars.bound_contextvars(request="r1"):
    log.info("start", kind="read", pid=7, module="m")
try:
    try:
        float("cell-secret")
    except ValueError as error:
        raise RuntimeError("cell-secret") from error
except RuntimeError:
    log.exception("failed")
    logging.getLogger("transformers.modeling").warning("odd token cell-secret")
    logging.getLogger("core.explain.one").warning("not used: %s", sys.exception() or sys.exc_info()[1])
logging.getLogger("uvicorn.error").info("GET /a?share=cell-secret first\\nsecond cell-secret")
warnings.warn("cell-secret looks odd")
print("cell-secret")
os.write(2, b"cell-secret of a library in C\\n")
def broken(): raise KeyError("cell-secret")
thread = threading.Thread(target=broken); thread.start(); thread.join()
log.info("line\\nbreak \\x1b[2J \\u202e end", text="é" * 2000)
raise OSError("cell-secret")
"""


def ran(code, form):
    return subprocess.run(
        [sys.executable, "-c", code.replace("sys.exception() or ", "")],
        capture_output=True, text=True, check=False, timeout=60, env=os.environ | {FORMAT: form},
    )  # fmt: skip


def test_a_line_says_which_job_it_is_about():
    said = ran(SAYS, "").stderr
    assert "INFO worker: start" in said
    assert "job=j1" in said
    assert "kind=read" in said


@pytest.fixture(scope="module")
def much():
    done = ran(SAYS_MUCH, "json")
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()], done.stderr


def test_each_line_is_one_object_with_the_same_keys(much):
    lines, text = much
    assert len(lines) == 9
    assert all(set(line) == KEYS for line in lines)
    assert text.isascii()
    assert all(datetime.fromisoformat(line["time"]).utcoffset() == timedelta(0) for line in lines)


def test_no_line_holds_what_a_cell_says(much):
    assert "cell-secret" not in much[1]


def test_lines_say_what_they_are_about(much):
    start = much[0][0]
    assert (start["level"], start["logger"], start["message"]) == ("info", "worker", "start")
    assert (start["request"], start["owner"], start["job"]) == ("r1", "ann", "j1")
    assert start["fields"] == {"kind": "read", "pid": 7, "module": "m"}
    assert {(line["owner"], line["job"]) for line in much[0]} == {("ann", "j1")}  # threads' lines, too


def test_an_exception_is_its_type_and_where_it_was(much):
    failed = next(line for line in much[0] if line["message"] == "failed")["exception"]
    assert (failed["type"], failed["cause"]) == ("builtins.RuntimeError", "builtins.ValueError")
    assert failed["places"][-1].startswith("<string>:")
    uncaught = [line["exception"]["type"] for line in much[0] if line["message"] == "uncaught"]
    assert uncaught == ["builtins.KeyError", "builtins.OSError"]


def test_of_a_library_only_the_place_is_told(much):
    told = {line["logger"]: line["message"] for line in much[0]}
    assert told["transformers.modeling"] == "<string>:17"
    assert told["core.explain.one"] == "not used: RuntimeError"
    assert told["uvicorn.error"] == "GET /a?… first"
    assert told["py.warnings"].endswith(": UserWarning")


def test_a_long_line_is_short(much):
    last = next(line for line in much[0] if "break" in line["message"])
    assert len(last["fields"]["text"]) == 500


def test_a_format_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv(FORMAT, "xml")
    with pytest.raises(UnusableData, match="neither text nor json"):
        as_json()


def test_what_is_printed_becomes_lines(caplog):
    with caplog.at_level(logging.INFO):
        stream = printed("server")
        stream.write("rea")
        stream.write("dy\n\n")
    assert [record.message for record in caplog.records] == ["ready"]
    assert not Printed("server").isatty()


@pytest.mark.skipif(not FULL.exists(), reason="a device that is always full is Linux's")
def test_a_full_disk_does_not_end_the_work_that_writes_the_log():
    handle = os.open(FULL, os.O_WRONLY)
    lines = Lines(handle)
    lines.setFormatter(Text())
    lines.emit(logging.LogRecord("worker", logging.INFO, "", 0, "assigned", None, None))
    os.close(handle)


def test_dispatcher_and_workers_write_json_alone(workspace):
    jobs = Jobs(workspace)
    with (workspace.home / "logs" / "dispatcher.log").open("ab") as log:
        jobs.start(log, **{FORMAT: "json"})
    try:
        fine, failing = jobs.submit("quick"), jobs.submit("broken", owner="ben")
        assert jobs.ended(fine, 120).state == "done"
        assert jobs.ended(failing, 120).state == "failed"
    finally:
        jobs.stop()
    texts = {path.name: path.read_text() for path in (workspace.home / "logs").glob("*.log")}
    assert set(texts) == {"dispatcher.log", f"{fine}.log", f"{failing}.log"}
    lines = {name: [json.loads(line) for line in text.splitlines()] for name, text in texts.items()}
    assert all(set(line) == KEYS for found in lines.values() for line in found)
    assert [line["message"] for line in lines[f"{fine}.log"]] == ["start", "end"]
    assert {(line["owner"], line["job"]) for line in lines[f"{failing}.log"]} == {("ben", failing)}
    told = next(line["exception"] for line in lines[f"{failing}.log"] if line["exception"])
    assert told["type"] == "builtins.ZeroDivisionError"
    assert "secret details" not in "".join(texts.values())
    assert {fine, failing} <= {line["job"] for line in lines["dispatcher.log"]}
