"""Rows in quotes as a whole are read as the rows they are, each of them."""

from __future__ import annotations

import pytest

from core.data import table
from core.data.reading import read_files
from core.data.schema import ReadOptions


@pytest.mark.parametrize("head", ["name,price,note", '"name,price,note"'])
def test_quotes_around_every_row_are_taken_off(tmp_path, head):
    rows = ['"Bread,3.50,""fresh, warm"""', '"Salt,4.50,x"', '"Milk,14.50,y"']
    (tmp_path / "a.csv").write_text("\n".join([head, *rows, ""]), encoding="cp1252")
    result = read_files([tmp_path / "a.csv"], ReadOptions(), tmp_path / "set")
    frame = table.load(tmp_path / "set")
    assert list(frame.columns) == ["name", "price", "note"]
    assert frame.to_numpy().tolist() == [["Bread", 3.5, "fresh, warm"], ["Salt", 4.5, "x"], ["Milk", 14.5, "y"]]
    assert [note.id for note in result.notes] == ["Every row stood in quotes as a whole; these quotes were taken off."]


def test_a_column_of_quoted_texts_stays_as_it_is(tmp_path):
    (tmp_path / "a.csv").write_text('remark\n"Good, thanks"\n"Bad, late"\n"Fine, ok"\n', encoding="utf-8")
    read_files([tmp_path / "a.csv"], ReadOptions(), tmp_path / "set")
    assert list(table.load(tmp_path / "set")["remark"]) == ["Good, thanks", "Bad, late", "Fine, ok"]


def test_a_large_file_of_such_rows_is_read_wholly(tmp_path):
    rows = [f'"{place},""a, {place % 7}"",{place / 4}"' for place in range(60_000)]
    (tmp_path / "a.csv").write_text("\n".join(['"n,text,x"', *rows, ""]), encoding="utf-8")
    read_files([tmp_path / "a.csv"], ReadOptions(), tmp_path / "set")
    frame = table.load(tmp_path / "set")
    assert frame.shape == (60_000, 3)
    assert frame["x"].sum() == sum(range(60_000)) / 4
