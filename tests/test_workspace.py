"""The home folder: for this user alone, with one whole key, and a sentence where it can't be used."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from core.messages import UnusableData
from core.workspace import DatasetRow, Workspace

ROOT = Path(__file__).parent.parent
NOBODY = 65534
KEY = "import sys; from core.workspace import Workspace; w = Workspace(); sys.stdin.read(1); print(w.secret())"


def mode(path):
    return path.stat().st_mode & 0o777


def test_the_home_and_its_key_are_for_this_user_alone(tmp_path):
    before = os.umask(0o022)
    try:
        (tmp_path / "old").mkdir(mode=0o755)
        for home in (tmp_path / "new", tmp_path / "old"):
            workspace = Workspace(home)
            workspace.secret()
            assert (mode(home), mode(home / "secret")) == (0o700, 0o600)
            (home / "secret").chmod(0o644)  # as a copy may leave it
            workspace.secret()
            assert mode(home / "secret") == 0o600
    finally:
        os.umask(before)


def test_a_disk_that_fills_up_while_the_key_is_written_leaves_none(tmp_path, monkeypatch):
    workspace = Workspace(tmp_path / "home")

    def full(_handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UnusableData, match="No space left"):
            workspace.secret()
    assert not [path for path in workspace.home.iterdir() if "secret" in path.name]
    assert len(workspace.secret()) == 64


@pytest.mark.parametrize("content", ["", "short", "a" * 63, " \n"])
def test_a_key_that_is_not_whole_is_never_believed(tmp_path, content):
    workspace = Workspace(tmp_path / "home")
    (workspace.home / "secret").write_text(content)
    with pytest.raises(UnusableData, match="damaged"):
        workspace.secret()
    assert (workspace.home / "secret").read_text() == content


def test_a_server_with_a_damaged_key_says_so_and_ends(tmp_path):
    workspace = Workspace(tmp_path / "home")
    (workspace.home / "secret").touch()
    told = server_on(workspace.home)
    assert told.returncode == 1
    assert "is damaged" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_key_that_somebody_else_made_meanwhile_stays(tmp_path, monkeypatch):
    ours, other = Workspace(tmp_path / "home"), Workspace(tmp_path / "home")
    made, theirs = secrets.token_hex, []

    def interrupted(n_bytes):
        monkeypatch.setattr(secrets, "token_hex", made)
        theirs.append(other.secret())
        return made(n_bytes)

    monkeypatch.setattr(secrets, "token_hex", interrupted)
    assert ours.secret() == theirs[0]
    assert other.secret() == theirs[0]


@pytest.mark.slow
def test_four_processes_at_once_get_the_same_key(tmp_path):
    for number in range(40):
        environment = os.environ | {"AMALGAM_HOME": str(tmp_path / str(number))}
        Workspace(tmp_path / str(number))
        started = [
            subprocess.Popen(
                [sys.executable, "-c", KEY],
                cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for _process in range(4)
        ]  # fmt: skip
        for process in started:  # all are there before one of them goes on
            process.stdin.write(".")
        for process in started:
            process.stdin.flush()
        keys = {process.communicate(timeout=60)[0].strip() for process in started}
        assert len(keys) == 1
        assert len(keys.pop()) == 64


def test_a_home_that_can_not_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UnusableData, match="AMALGAM_HOME"):
        Workspace(tmp_path / "file")
    told = server_on(tmp_path / "file" / "home")
    assert told.returncode == 1
    assert "can't write to its home folder" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to become a user who may not write")
def test_a_home_that_is_read_only_is_a_sentence(tmp_path):
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    home = tmp_path / "home"
    Workspace(home)
    home.chmod(0o755)
    child = os.fork()
    if child == 0:
        os.setuid(NOBODY)
        try:
            Workspace(home)
        except UnusableData as error:
            os._exit(0 if "AMALGAM_HOME" in str(error) else 2)
        except BaseException:
            os._exit(3)
        os._exit(4)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def server_on(home):
    """``python app.py`` where it can't start."""
    return subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT, env=os.environ | {"AMALGAM_HOME": str(home), "LANG": "C.UTF-8"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


# What the command line registered


def test_only_the_code_gives_the_terminals_tables_and_only_once(tmp_path):
    workspace = Workspace(tmp_path / "home")
    workspace.add_dataset(DatasetRow("1", "cli", "table", "", 1, 1, 0.0))
    assert not workspace.adopt("stranger", "")
    code = workspace.code()
    assert code == workspace.code()
    for wrong in ("", "AAAA-BBBB-CCCC", code[:-1], code + "A", "码" * 12):
        assert not workspace.adopt("stranger", wrong)
    assert workspace.datasets("stranger") == []
    assert workspace.adopt("ann", f" {code.lower()} ")
    assert [row.id for row in workspace.datasets("ann")] == ["1"]
    assert not workspace.unclaimed()
    assert not workspace.adopt("stranger", code)
    assert workspace.code() != code
