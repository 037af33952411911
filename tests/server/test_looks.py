"""What a page looks up at every click: connections are kept, and yet nothing old is seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.workspace import DatasetRow, Workspace
from pages.shared import i18n


def row(name):
    return DatasetRow(name, "somebody", name, "hash", 1, 1, 0.0)


def test_a_kept_connection_sees_what_others_wrote_meanwhile(tmp_path):
    reader, writer = Workspace(tmp_path), Workspace(tmp_path)
    assert reader.datasets("somebody") == []
    for name in ("first", "second"):
        writer.add_dataset(row(name))
        assert reader.dataset(name, "somebody") == row(name)


def test_many_threads_look_at_the_same_time(tmp_path):
    workspace = Workspace(tmp_path)
    workspace.add_dataset(row("one"))
    with ThreadPoolExecutor(16) as threads:
        seen = list(threads.map(lambda _turn: workspace.datasets("somebody"), range(400)))
    assert seen == [[row("one")]] * 400


def test_looks_inside_one_another_have_connections_of_their_own(tmp_path):
    workspace = Workspace(tmp_path)
    with workspace.reading() as outer, workspace.reading() as inner:
        assert outer is not inner
    with workspace.reading() as again:
        assert again in (outer, inner)


def test_after_an_error_a_connection_is_not_used_again(tmp_path):
    workspace = Workspace(tmp_path)
    with pytest.raises(ZeroDivisionError), workspace.reading() as broken:
        raise ZeroDivisionError
    with workspace.reading() as next_one:
        assert next_one is not broken


def test_a_language_stands_still_only_while_a_page_is_drawn(monkeypatch):
    spoken = {i18n.KEY: "zh_CN"}
    monkeypatch.setattr(i18n.st, "session_state", spoken)
    with i18n.settled():
        spoken[i18n.KEY] = "en"
        assert i18n.language() == "zh_CN"
    assert i18n.language() == "en"
