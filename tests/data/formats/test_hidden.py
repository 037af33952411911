"""What is hidden in a sheet is read, and it is said."""

from __future__ import annotations

from core.data.formats import hidden
from tests.data.table_area.test_find import read, said
from tests.hostile.malformed import workbook

ROWS = [["a", "b", "c"], ["1", "x", "7"], ["2", "y", "8"], ["3", "z", "9"]]


def test_hidden_rows_and_columns_are_read_and_said(tmp_path):
    content = workbook({"One": ROWS}, hidden=[3], hidden_columns='<col min="2" max="3" width="9" hidden="1"/>')
    result, frame = read(tmp_path, content, "a.xlsx")
    assert frame["b"].tolist() == ["x", "y", "z"]
    assert "Hidden in the sheet, and read as well: 1 row and 2 columns." in said(result)


def test_of_a_named_sheet_only(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(workbook({"A &amp; B": ROWS}, hidden=[2, 4]))
    assert hidden.note(tmp_path / "a.xlsx", "other", 2, 4) == []
    assert str(hidden.note(tmp_path / "a.xlsx", "A & B", 2, 4)[0]).endswith("2 rows.")
    (tmp_path / "b.xlsx").write_bytes(workbook({"Two": ROWS}, hidden=[2, 4]))
    assert [str(note) for note in hidden.note(tmp_path / "b.xlsx", "Two", 2, 3)] == [
        "Hidden in the sheet, and read as well: 1 row."
    ]


def test_nothing_is_said_of_files_that_cannot_tell(tmp_path):
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0 not a packed file")
    assert hidden.note(tmp_path / "a.xls", "One", 1, 9) == []
    (tmp_path / "a.xlsx").write_bytes(workbook({"One": ROWS}))
    assert hidden.note(tmp_path / "a.xlsx", "One", 1, 9) == []
