"""What was left out above and below a table, in sentences that stay short."""

from __future__ import annotations

import pytest

from core.data.table_area.notes import left_out, ranges, several_tables, texts
from core.data.table_area.rows import Row
from core.messages import _n

ABOVE = _n("{n} row above: rows {rows}, {cells}.", "{n} rows above: rows {rows}, {cells}.")


def row(line: int, *cells: str) -> Row:
    return Row(line, line, list(cells))


@pytest.mark.parametrize(
    ("lines", "written"), [([], ""), ([4], "4"), ([1, 2], "1–2"), ([1, 3, 5], "1, 3, 5"), ([2, 3, 4, 9], "2–4, 9")]
)
def test_numbers_as_people_write_them(lines, written):
    assert ranges(lines) == written


def test_blank_rows_are_counted_only_where_nothing_else_is_left_out():
    assert left_out([], ABOVE) == []
    (blank,) = left_out([row(1, ""), row(2, " ")], ABOVE)
    assert str(blank) == "2 blank rows were left out."
    (telling,) = left_out([row(1, "Report"), row(2, "")], ABOVE)
    assert str(telling) == "1 row above: rows 1, “Report”."


def test_of_many_rows_the_first_are_shown_and_long_ones_are_cut():
    shown = texts([row(number, f"note {number}") for number in range(9)])
    assert shown.count("“") == 6
    assert shown.endswith(" …")
    assert len(texts([row(1, "x" * 500)])) < 70


def test_of_several_tables_the_rows_that_were_read_are_named():
    kept = [row(5, "a"), row(6, ""), row(7, "b")]
    told = str(several_tables(kept, [row(1, "other"), row(2, ""), row(3, "more")], 2))
    assert "rows 5 to 7" in told
    assert "rows 1, 3, “other”, “more”" in told
