"""The raw rows of a file show no cell of a masked column."""

from __future__ import annotations

from core.data.personal.masked_reading import HIDDEN
from core.data.personal.masked_rows import masked_rows
from core.data.personal.masking import mask_text, pseudonym
from core.data.schema import Personal, Reading, RejectedLine
from core.data.table_area.raw_rows import Preview
from core.data.table_area.rows import Row
from core.messages import say

KEY = "k"
NAMES = Personal(cells={"name": 3}, alone=True, key=KEY, choice="mask")
NOTES = Personal(cells={"email": 1}, key=KEY, choice="mask")
CELLS = [
    ["List of Ada Lee"], ["who", "note"], ["Ada Lee", "ask ann@web.de"], ["Bob Novak", "Ada Lee"], ["Cleo", "fine"],
    ["Dora Reis", "x", "y"],
]  # fmt: skip


def rows() -> Preview:
    return Preview([Row(line, line, cells) for line, cells in enumerate(CELLS, start=1)], [])


def reading(**more) -> Reading:
    return Reading(
        files=["a.csv"], format="csv", n_rows=3, n_columns=2, bytes=1, seconds=1, header_rows=[2], first_row=3,
        rejected=[RejectedLine(line=6, reason=say("x"), start="Dora")], **more,
    )  # fmt: skip


def hidden(*masked) -> list[list[str]]:
    return [row.cells for row in masked_rows(rows(), reading(), masked).rows]


def test_a_column_of_names_is_masked_as_a_whole_and_a_line_that_could_not_be_read_is_hidden():
    shown = hidden((NAMES, {"Ada Lee", "Bob Novak"}))
    assert [row[0] for row in shown[2:5]] == [pseudonym("name", name, KEY) for name in ("Ada Lee", "Bob Novak", "Cleo")]
    assert shown[1] == ["who", "note"]
    assert shown[3][1] == pseudonym("name", "Ada Lee", KEY)
    assert shown[5] == [HIDDEN] * 3


def test_in_a_masked_text_only_what_is_personal_is_masked():
    shown = hidden((NOTES, {"ask ann@web.de"}))
    assert shown[2] == ["Ada Lee", mask_text("ask ann@web.de", KEY)]
    assert shown[5] == CELLS[5]


def test_without_masked_columns_the_rows_stay():
    assert hidden() == CELLS
