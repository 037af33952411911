"""``audit``: the acts that were written down, all or some, and none that steers a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from core.__main__ import main
from core.access import audit
from core.cli.commands.audit import fits, line, moment
from core.messages import UnusableData
from tests.server.conftest import ROOT

LONG = "login-0123456789abcdef01234567"


@pytest.fixture
def acts(workspace):
    home = workspace.home
    old = datetime.now(UTC) - timedelta(days=30)
    first = audit.Act(old.isoformat(timespec="milliseconds"), "ann", "train", "t1", "", "", "r0")
    audit.log_file(home).with_name("audit.jsonl.1").write_text(json.dumps(vars(first)) + "\n")
    audit.record(home, "upload", "ann", "u1", address="192.0.2.7", request="r1")
    audit.record(home, "download", LONG, "d1", request="r2")
    return home


def told(capfd, *arguments):
    """→ (exit code, lines of the result, what was said beside it)"""
    code = main(["audit", *arguments])
    said = capfd.readouterr()
    return code, said.out.splitlines(), said.err


def about(capfd, *arguments):
    code, lines, _beside = told(capfd, "--json", *arguments)
    assert code == 0
    return [json.loads(one)["about"] for one in lines]


def test_all_acts_come_oldest_first_from_all_files(acts, capfd):
    code, lines, _beside = told(capfd)
    assert code == 0
    assert [re.split(" {2,}", one)[1:3] for one in lines] == [["train", "t1"], ["upload", "u1"], ["download", "d1"]]
    assert "owner=ann address=192.0.2.7 request=r1" in lines[1]


def test_as_json_each_line_is_one_act(acts, capfd):
    _code, lines, _beside = told(capfd, "--json")
    assert all(list(json.loads(one)) == list(audit.Act.__dataclass_fields__) for one in lines)


def test_some_of_them_are_shown(acts, capfd):
    assert about(capfd, "--owner", "ann") == ["t1", "u1"]
    assert about(capfd, "--since", "7d") == ["u1", "d1"]
    assert about(capfd, "--act", "train", "--act", "download") == ["t1", "d1"]
    assert about(capfd, "--owner", "ann", "--act", "train", "--since", "7d") == []
    assert about(capfd, "--owner", "an") == []  # nobody is taken for somebody else
    assert about(capfd, "--owner", f"{LONG[:14]}…") == ["d1"]  # as the Admin page shows it


@pytest.mark.parametrize("arguments", [["--act", "trian"], ["--since", "yesterday"], ["--since", "999999d"]])
def test_what_can_not_be_looked_for_is_said(acts, capfd, arguments):
    code, lines, beside = told(capfd, *arguments)
    assert (code, lines) == (2, [])
    assert re.match(r"“.*” is not .*\. .*\.$", beside.strip())


def test_a_home_that_is_not_there_is_said_and_not_made(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "none"))
    code, _lines, beside = told(capfd)
    assert code == 2
    assert "no home folder" in beside
    assert not (tmp_path / "none").exists()


def test_nothing_done_and_nothing_that_fits_are_said(workspace, capfd):
    code, lines, beside = told(capfd)
    assert (code, lines) == (0, [])
    assert beside.startswith("Nothing has been done yet")
    audit.record(workspace.home, "upload", "ann", "u1")
    assert told(capfd, "--owner", "ben")[2].startswith("Nothing of that kind")


def test_a_damaged_line_is_counted_and_the_others_are_shown(acts, capfd):
    with audit.log_file(acts).open("ab") as file:
        file.write(b'{"time": "x"}\n[1]\n\xff\xfe\n{"act": "re\n')
    audit.record(acts, "delete", "ann", "x1")
    code, lines, beside = told(capfd)
    assert code == 0
    assert "x1" in lines[-1]
    assert "4 lines can't be read." in beside


def test_a_log_that_may_not_be_read_is_a_sentence(workspace, capfd):
    audit.log_file(workspace.home).mkdir()
    code, _lines, beside = told(capfd)
    assert code == 2
    assert "can't be read: Is a directory" in beside


STEERS = "a\x1b[2J\n2026-01-01 00:00:00  delete  forged\r\x07\u202e\u200f\u061c\u2066\x9b31m"


def test_no_line_steers_a_terminal_or_makes_a_second_one(workspace):
    forged = audit.Act("2026-01-31T08:15:30.125+00:00", STEERS, STEERS, STEERS, STEERS, STEERS, STEERS)
    audit.log_file(workspace.home).write_text(json.dumps(vars(forged)) + "\n")
    for form in ([], ["--json"]):
        ours, theirs = pty.openpty()
        subprocess.run([sys.executable, "-m", "core", "audit", *form], stdout=theirs, cwd=ROOT, check=True, timeout=120)
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:
            pass
        os.close(ours)
        text = shown.decode().replace("\r\n", "\n")
        assert text.count("\n") == 1, form
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", text), form


def test_times_are_utc_unless_they_say_otherwise():
    assert moment("2026-01-31T08:15") == datetime(2026, 1, 31, 8, 15, tzinfo=UTC)
    assert moment("2026-01-31T08:15+08:00") == datetime(2026, 1, 31, 0, 15, tzinfo=UTC)
    assert abs(moment("2h") - (datetime.now(UTC) - timedelta(hours=2))) < timedelta(minutes=1)
    with pytest.raises(UnusableData):
        moment("")


def test_a_line_is_for_people():
    act = audit.Act("2026-01-31T08:15:30.125+00:00", "", "read", "", "", "", "")
    assert line(act) == "2026-01-31 08:15:30  read          -"
    assert fits(act, None, [], None)
    assert fits(act, "", [], None)
