"""The first and last raw rows of a file, with the numbers they have there."""

from __future__ import annotations

import pytest

from core.data import reading
from core.data.schema import ReadOptions
from core.data.table_area import raw_rows
from tests.data.table_area.test_find import long, written
from tests.hostile.malformed import workbook


@pytest.mark.parametrize("n_rows", [3, 32, 60, 24_000])
def test_the_ends_of_a_text_file(tmp_path, n_rows):
    path = tmp_path / "a.csv"
    path.write_text("Report\n\n" + written([["note", "n", "eighth", "day"], *long(n_rows)]))
    known = reading.read_files([path], ReadOptions(), tmp_path / "set")
    shown = raw_rows.raw_rows(path, known)
    assert shown.first[0].cells == ["Report"]
    assert [row.line for row in shown.first] == [1, *range(3, 4 + n_rows)][:30]
    after = range(4 + n_rows - 5, 4 + n_rows)
    assert [row.line for row in shown.last] == [line for line in after if line > shown.first[-1].line]
    assert shown.rows[-1].cells[1] == str(n_rows - 1)


def test_the_ends_of_a_sheet(tmp_path):
    path = tmp_path / "a.xlsx"
    rows = [["", "", ""], ["Title", "", ""], ["a", "b", "c"], *([str(n), "x", "y"] for n in range(50))]
    path.write_bytes(workbook({"Empty": [], "One": rows}))
    known = reading.read_files([path], ReadOptions(), tmp_path / "set")
    shown = raw_rows.raw_rows(path, known)
    assert [row.line for row in shown.first] == [*range(2, 32)]
    assert [row.cells[0] for row in shown.last] == ["45", "46", "47", "48", "49"]


@pytest.mark.parametrize("content", [b"", b"\x89PNG", b"\0\1\2", b"PK\x03\x04 broken"])
def test_of_what_is_no_table_nothing_is_shown(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert raw_rows.raw_rows(path).rows == []
    assert raw_rows.raw_rows(tmp_path / "none.csv").rows == []


def test_a_file_that_was_not_read_is_shown_as_it_is(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("größe;ort\n1;Köln\n2;Bonn\n1;2;3\n".encode("cp1252"))
    assert [row.cells for row in raw_rows.raw_rows(path).first] == [
        *[["größe", "ort"], ["1", "Köln"], ["2", "Bonn"], ["1", "2", "3"]]
    ]
