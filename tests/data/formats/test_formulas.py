"""Formulas whose results are not stored are missing cells, and it is said."""

from __future__ import annotations

import io
import zipfile

import pytest

from core.data.formats import formulas
from tests.data.table_area.test_find import read, said
from tests.hostile.malformed import workbook

ROWS = [["a", "b", "c"], ["1", "x", "7"], ["2", "y", "8"], ["3", "z", "9"]]


def with_cells(cells: list[str]) -> bytes:
    """A sheet that has these cells in one more column."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook({"One": ROWS}))) as old, zipfile.ZipFile(held, "w") as new:
        for part in old.namelist():
            text = old.read(part).decode()
            if part.startswith("xl/worksheets/"):
                for cell in ["", *cells]:
                    text = text.replace("</row>", cell + "<!--row-->", 1)
                text = text.replace("<!--row-->", "</row>")
            new.writestr(part, text)
    return held.getvalue()


@pytest.mark.parametrize(
    ("cell", "n"),
    [
        ('<c r="D{row}"><f>A{row}*2</f></c>', 3),
        ('<c r="D{row}"><f t="shared" si="0"/></c>', 3),
        ('<c r="D{row}"><f>A{row}*2</f><v>4</v></c>', 0),
        ('<c r="D{row}" t="str"><f>IF(A{row},"")</f><v></v></c>', 0),  # the result is a blank text
    ],
)
def test_cells_without_a_result_are_counted(tmp_path, cell, n):
    content = with_cells([cell.format(row=row) for row in (2, 3, 4)])
    (tmp_path / "b.xlsx").write_bytes(content)
    assert [note.params["n"] for note in formulas.note(tmp_path / "b.xlsx", "One")] == ([n] if n else [])
    result, _frame = read(tmp_path, content, "a.xlsx")
    assert ("formulas without stored results" in said(result)) == bool(n)
