"""The audit log: a line for each act, whole, private, bounded, and never in the way of the act."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from core.access import audit
from core.workspace import Workspace

MANY = """
import sys
from pathlib import Path
from core.access import audit
audit.FILE_BYTES = int(sys.argv[3])
for number in range(200):
    assert audit.record(Path(sys.argv[1]), "read", sys.argv[2], str(number))
"""


@pytest.fixture
def home(tmp_path):
    return Workspace(tmp_path / "home").home


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines() if line]


def test_a_line_says_who_did_what_when_and_from_where(home):
    before = datetime.now(UTC)
    assert audit.record(home, "download", "ann", "a1", address="192.0.2.7", request="r1")
    (line,) = lines(audit.log_file(home))
    assert before.timestamp() - 1 < datetime.fromisoformat(line.pop("time")).timestamp() < before.timestamp() + 60
    assert line == {
        "owner": "ann", "act": "download", "about": "a1", "address": "192.0.2.7", "job": "", "request": "r1"
    }  # fmt: skip


def test_only_this_user_reads_it(home):
    audit.record(home, "read", "ann")
    assert stat.S_IMODE(audit.log_file(home).stat().st_mode) == 0o600


def test_a_job_and_a_request_need_not_be_said_again(home):
    with structlog.contextvars.bound_contextvars(job="j1", request="r1"):
        audit.record(home, "sent-out", about="org/model")
    (line,) = lines(audit.log_file(home))
    assert (line["job"], line["request"], line["about"]) == ("j1", "r1", "org/model")


def test_nothing_from_outside_makes_a_second_line(home):
    audit.record(home, "download", "ann", 'x"}\n{"act": "delete"' + "\u2028\x85" * 500, address="1\n2")
    text = audit.log_file(home).read_text()
    assert len(text.splitlines()) == 1
    assert len(text) < 3000


@pytest.mark.parametrize("ends", ["no folder", "a folder in its place"])
def test_an_act_goes_on_where_nothing_can_be_written(home, ends):
    if ends == "no folder":
        (home / "logs").rmdir()
    else:
        audit.log_file(home).mkdir()
    assert not audit.record(home, "delete", "ann", "a1")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is Linux's")
def test_an_act_goes_on_when_the_disk_is_full(home):
    audit.log_file(home).symlink_to("/dev/full")
    assert not audit.record(home, "delete", "ann", "a1")


def test_a_line_that_a_full_disk_has_cut_does_not_spoil_the_next(home):
    audit.log_file(home).write_text('{"act": "re')
    audit.record(home, "delete", "ann", "a1")
    cut, whole = audit.log_file(home).read_text().splitlines()
    assert cut == '{"act": "re'
    assert json.loads(whole)["act"] == "delete"


def test_files_are_bounded_in_size_and_number(home, monkeypatch):
    monkeypatch.setattr(audit, "FILE_BYTES", 2000)
    for number in range(200):
        audit.record(home, "read", "ann", str(number))
    kept = sorted((home / "logs").glob("audit.jsonl*"))
    assert len(kept) == audit.MOST_FILES
    assert all(path.stat().st_size <= 2000 + 300 for path in kept)
    in_order = [path for path in reversed(kept) if path != audit.log_file(home)] + [audit.log_file(home)] * (
        audit.log_file(home).exists()
    )
    numbers = [int(line["about"]) for path in in_order for line in lines(path)]
    assert numbers == list(range(numbers[0], 200))


@pytest.mark.parametrize("limit", [10_000_000, 60_000])  # one file; several, of which none is lost yet
def test_several_processes_write_whole_lines(home, limit):
    command = [sys.executable, "-c", MANY, str(home)]
    started = [
        subprocess.Popen([*command, owner, str(limit)], cwd=Path(__file__).parents[2], env=os.environ)
        for owner in ("ann", "ben", "cy")
    ]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    found = [line for path in (home / "logs").glob("audit.jsonl*") for line in lines(path)]
    assert sorted((line["owner"], int(line["about"])) for line in found) == [
        (owner, number) for owner in ("ann", "ben", "cy") for number in range(200)
    ]
