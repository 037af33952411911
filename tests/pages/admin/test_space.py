"""What takes the disk is told by kind, with what is free."""

from __future__ import annotations

from tests.pages.conftest import words


def test_each_kind_has_its_line(open_page, workspace, tickets):
    (workspace.cache_folder / "x").write_bytes(b"0" * 2_000_000)
    page = open_page("admin")
    lines = dict(page.dataframe[-1].value.itertuples(index=False))
    assert lines["Kept text encodings"] == "2.0 MB"
    assert lines["Tables"] not in {"", "0.00 MB"}
    assert "are free on this disk" in words(page)
