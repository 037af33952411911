"""How a file is read can be said on the page: which table of several, what a document is, what lists become."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from contextlib import closing

import pytest

from core.jobs import client
from core.workspace import new_id
from tests.pages.conftest import OWNER, words


@pytest.fixture
def uploaded(workspace, reader):
    """Uploads a file and reads it.  →  the data set's id"""

    def upload(name: str, content: bytes) -> str:
        one = new_id()
        workspace.upload_folder(one).mkdir(parents=True)
        workspace.add_upload(one, OWNER)
        (workspace.upload_folder(one) / name).write_bytes(content)
        return reader(uploads=[one], name=name)

    return upload


def read_again(page, workspace) -> dict:
    next(button for button in page.button if button.label == "Read again").click().run()
    assert not page.exception
    return client.jobs(workspace, OWNER, kind="read")[0].params["options"]


def archive() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as made:
        made.writestr("large.csv", "a,b\n" + "1,x\n2,y\n" * 20)
        made.writestr("small.csv", "c,d\n1,x\n2,y\n")
    return sink.getvalue()


def test_another_table_of_an_archive_can_be_chosen(open_page, uploaded, workspace):
    dataset = uploaded("two.zip", archive())
    page = open_page("data")
    assert "there are also small.csv" in words(page).replace("\\", "")
    choice = page.selectbox(key=f"sheet-{dataset}")
    assert (choice.label, choice.options) == ("Table", ["large.csv", "small.csv"])
    choice.select("small.csv")
    assert read_again(page, workspace)["sheet"] == "small.csv"


def test_another_table_of_a_database_can_be_chosen(open_page, uploaded, workspace, tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as base:
        base.executescript(
            "CREATE TABLE few (a, b); INSERT INTO few VALUES (1, 'x'), (2, 'y');"
            "CREATE TABLE more (a, b); INSERT INTO more VALUES (1, 'x'), (2, 'y'), (3, 'x');"
        )
    dataset = uploaded("a.db", (tmp_path / "a.db").read_bytes())
    page = open_page("data")
    page.selectbox(key=f"sheet-{dataset}").select("few")
    assert read_again(page, workspace)["sheet"] == "few"


def test_what_a_document_is_is_shown_with_counts_and_can_be_changed(open_page, uploaded, workspace):
    lines = [f"Line number {place} says this and that." + "\n" * (place % 90 == 0) for place in range(360)]
    dataset = uploaded("a.txt", "\n".join(lines).encode())
    page = open_page("data")
    assert "360 documents: each line is one. By blank lines it would be 5." in words(page).replace("\\", "")
    choice = page.selectbox(key=f"documents-{dataset}")
    assert choice.value == "lines"
    assert choice.options[:2] == ["what stands between blank lines (5)", "each line (360)"]
    choice.select("blank lines")
    assert read_again(page, workspace)["documents"] == "blank lines"


def test_lists_of_objects_can_be_rows(open_page, uploaded, workspace):
    orders = [{"id": place, "kind": "ab"[place % 2], "items": [{"p": 1}, {"p": 2}]} for place in range(30)]
    dataset = uploaded("a.json", json.dumps(orders).encode())
    page = open_page("data")
    choice = page.selectbox(key=f"objects-{dataset}")
    assert choice.value == "count"
    choice.select("explode")
    assert read_again(page, workspace)["objects"] == "explode"
