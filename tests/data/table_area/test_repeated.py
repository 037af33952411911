"""Rows that say the header once more are left out, and that is said."""

from __future__ import annotations

import pytest

from core.data import table
from core.data.delimited import direct_types
from core.data.reading import read_files
from core.data.schema import ReadOptions
from tests.hostile.malformed import workbook

ROWS = [["name", "age"], ["Ada", "36"], ["Bob", "41"], ["name", "age"], ["name", "29"], ["Dora", "50"]]
NOTE = "1 row repeats the header and was left out."


def read(folder, name: str, content: bytes):
    (folder / name).write_bytes(content)
    reading = read_files([folder / name], ReadOptions(), folder)
    return [str(note) for note in reading.notes], table.load(folder)


def text(rows) -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode()


@pytest.mark.parametrize(("name", "content"), [("a.csv", text(ROWS)), ("a.xlsx", workbook({"One": ROWS}))])
def test_a_second_header_is_no_row(tmp_path, name, content):
    notes, frame = read(tmp_path, name, content)
    assert NOTE in notes
    assert frame["name"].tolist() == ["Ada", "Bob", "name", "Dora"]
    assert frame["age"].tolist() == [36, 41, 29, 50]


def test_a_second_header_far_down_a_large_file_of_words_is_no_row(tmp_path, monkeypatch):
    monkeypatch.setattr(direct_types, "MIN_BYTES", 0)
    words = [["name", "town"], *([["Ada", "Rome"], ["Bob", "Bonn"]] * 600)]
    notes, frame = read(tmp_path, "a.csv", text([*words, *words]))
    assert NOTE in notes
    assert len(frame) == 2400
    assert set(frame["name"]) == {"Ada", "Bob"}


def test_a_value_like_the_name_of_a_single_column_is_a_row(tmp_path):
    notes, frame = read(tmp_path, "a.csv", b"colour\nred\ncolour\nblue\n" * 3)
    assert NOTE not in notes
    assert "colour" in frame.iloc[:, 0].tolist()
