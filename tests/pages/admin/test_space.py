"""What takes the disk is told by kind, with what is free."""

from __future__ import annotations

from core.people import taken
from tests.pages.conftest import words


def test_each_kind_has_its_line(open_page, workspace, tickets):
    (workspace.cache_folder / "x").write_bytes(b"0" * 2_000_000)
    page = open_page("admin")
    lines = dict(page.dataframe[-1].value.itertuples(index=False))
    assert lines["Kept text encodings"] == "2.0 MB"
    assert lines["Tables"] not in {"", "0.00 MB"}
    assert "are free on this disk" in words(page)


def test_the_count_says_from_when_it_is_and_is_made_again_when_asked(open_page, workspace, tickets):
    page = open_page("admin")
    assert "Counted: today" in words(page)
    (workspace.cache_folder / "x").write_bytes(b"0" * 2_000_000)
    assert dict(page.run().dataframe[-1].value.itertuples(index=False))["Kept text encodings"] != "2.0 MB"
    page.button(key="admin-count").click().run()
    assert dict(page.dataframe[-1].value.itertuples(index=False))["Kept text encodings"] == "2.0 MB"


def test_the_disk_is_not_read_with_every_look(open_page, workspace, tickets, monkeypatch):
    page = open_page("admin")
    looks = []
    monkeypatch.setattr(taken, "folder_bytes", lambda folder: looks.append(folder) or 0)
    page.run()
    assert looks == []
    page.button(key="admin-count").click().run()
    assert looks
