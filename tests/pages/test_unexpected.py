"""What a page that fails shows: our sentence, and a log where it is our fault; never Streamlit's own box."""

from __future__ import annotations

import sqlite3

import pytest
from streamlit.testing.v1 import AppTest

import app
from core.jobs.failures import explained
from core.workspace import Workspace
from pages.server.life import Life
from pages.shared.runs import unexpected


def failing(kind: str) -> None:
    """A script whose failure is handed on as Streamlit would."""
    import errno  # noqa: PLC0415 : a script that the tester runs by itself
    import sqlite3  # noqa: PLC0415

    from pages.shared.runs import unexpected  # noqa: PLC0415

    try:
        if kind == "bug":
            {}["*secret* <b>name</b>"]
        elif kind == "disk":
            raise OSError(errno.ENOSPC, "No space left on device")
        elif kind == "read-only":
            raise OSError(errno.EROFS, "Read-only file system")
        else:
            first, second = (sqlite3.connect("file:amalgam-test?mode=memory&cache=shared", uri=True) for _ in "ab")
            first.execute("CREATE TABLE jobs (id)")
            first.execute("BEGIN EXCLUSIVE")
            second.execute("SELECT * FROM jobs")
    except Exception as failure:
        unexpected.draw(failure)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("disk", "The disk is full; the work stopped"),
        ("read-only", "Amalgam's folder on this server can't be written to."),
        ("locked", "The database is busy with somebody else's work. Try again in a minute."),
    ],
)
def test_trouble_of_the_machine_is_a_sentence(kind, words):
    page = AppTest.from_function(failing, args=(kind,)).run()
    assert not page.exception
    assert [error.value.startswith(words) for error in page.error] == [True]
    assert not page.button


def test_a_bug_is_ours_and_its_log_can_be_taken():
    page = AppTest.from_function(failing, args=("bug",)).run()
    assert "This is our fault" in page.error[0].value
    assert "KeyError" in page.error[0].value
    assert "secret" not in page.error[0].value
    assert [button.label for button in page.button] == ["Try again"]
    [download] = page.get("download_button")
    assert download.proto.label == "Download the log"


def test_streamlit_hands_every_failure_to_it(tmp_path):
    workspace = Workspace(tmp_path / "home")
    assert app.build(workspace, Life(workspace), None)._on_script_error is unexpected.draw


def test_a_full_database_is_known_by_its_code(workspace):
    with workspace.database() as database:
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        database.execute(f"PRAGMA max_page_count = {pages}")
        row = "INSERT INTO runs VALUES (hex(randomblob(9)), '', '', '', hex(randomblob(9000)), 0)"
        with pytest.raises(sqlite3.OperationalError) as failure:
            [database.execute(row) for _row in range(100)]
    assert explained(failure.value).code == "disk_full"
