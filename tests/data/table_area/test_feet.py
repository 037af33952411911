"""What stands below a table is left out only if it says what it is, or adds up."""

from __future__ import annotations

import pytest

from core.data.table_area import feet
from core.data.table_area.rows import Row, Shape
from tests.data.table_area.test_find import ITEMS, PLAIN, TOTAL, read, said, written


@pytest.mark.parametrize(
    ("foot", "n_below"),
    [
        ([["Total", TOTAL, "", ""]], 1),
        ([["Gesamtsumme", TOTAL, "", ""]], 1),
        ([["合计", TOTAL, "", ""]], 1),
        ([["Total général :", TOTAL, "", ""]], 1),
        ([["ИТОГО", TOTAL, "", ""]], 1),
        ([["", TOTAL, "", ""]], 1),  # says nothing, but is the sum
        ([["", str(int(TOTAL) + 1), "", ""]], 0),  # is not the sum
        ([["Total", TOTAL, "A", "Y"]], 1),  # full, and the sum
        ([["Total", "3", "A", "Y"]], 0),  # the item is called so
        ([["Item 99", TOTAL, "A", "Y"]], 0),  # happens to be as large
        ([["Item 99", "", "", ""]], 0),  # sparse, but a row
        ([["", "", "", "Y"]], 0),
        ([["Source: field work"]], 1),
        ([["* estimated"]], 1),
        ([["Limit of nitrate: 50 mg/l"]], 1),
        ([["Limit of nitrate: 50 mg/l", "", "", ""]], 1),
        ([["Limit: a", "", "", ""]], 0),  # as short as the name of an item
        ([["来源：统计局"]], 1),
        ([["* estimated", "", "", ""]], 1),
        ([["", "Razem: 184 320,00 zł", "", ""]], 1),
        ([["", "Total: none", "", ""]], 0),
        ([["(20 rows affected)"]], 1),
        ([["Total", TOTAL, "", ""], [], ["Note: preliminary figures"], ["Exported on 1 May"]], 3),
        ([[], ["All figures are made up for this test"]], 1),
    ],
)
def test_only_what_says_so_or_adds_up_is_a_foot(tmp_path, foot, n_below):
    result, frame = read(tmp_path, written([*PLAIN, *foot]))
    filled = [row for row in foot if row]
    assert len(frame) == len(ITEMS) + len(filled) - n_below
    assert ("below the data" in said(result)) == bool(n_below)
    assert result.n_rejected == 0


@pytest.mark.parametrize(
    ("foot", "n_below"),
    [
        ([["", ""], ["Average", "5", "50"], ["Max", "9", "54"]], 3),
        ([["Min", "1", "46"], ["Average", "5", "50"], ["Total", "45", "450"]], 3),
        ([["Max", "9", "54"]], 1),
        ([["", ""], ["Mean", "5", "50"], ["SD", "2.74", "2.74"]], 3),
        ([["SD", "2.1", "3"]], 0),  # a student
        ([["Max", "9", "50"]], 0),  # a student
        ([["Total: Account", "45", "450"], ["Total: Search", "45", "450"]], 2),
        ([["Total Recall", "44", "451"]], 0),  # a film
    ],
)
def test_measures_below_a_table_are_left_out_if_they_are_that(tmp_path, foot, n_below):
    rows = [["who", "n", "m"], *([f"S{n}", str(n), str(45 + n)] for n in range(1, 10))]
    _result, frame = read(tmp_path, written([*rows, *foot]))
    assert len(frame) == 9 + len(foot) - n_below


def test_a_word_in_another_column_is_no_label(tmp_path):
    rows = [["id", "note"], ["1", "Total nonsense"], ["2", "Sum of all fears"], ["3", "Total"]]
    assert len(read(tmp_path, written(rows))[1]) == 3


def test_a_line_that_was_cut_off_is_rejected_rather_than_a_foot(tmp_path):
    result, frame = read(tmp_path, written(PLAIN) + "Item 20,5")
    assert [line.line for line in result.rejected] == [22]
    assert frame["Item"].tolist() == [row[0] for row in ITEMS]


def test_a_word_that_other_rows_have_too_is_no_total(tmp_path):
    rows = [["brand", "price"], *([["Total", "Shell", "Esso"][n % 3], str(n)] for n in range(21)), ["Total", "210"]]
    _result, frame = read(tmp_path, written(rows))
    assert len(frame) == 22


def test_a_foot_never_takes_the_whole_table():
    rows = [Row(n, n, ["Total", "1", ""]) for n in range(1, 6)]
    assert feet.count(rows, Shape(3, 2), 3, sums=True, known=rows) == 0
    blank = [Row(n, n, ["", "", ""]) for n in range(1, 6)]
    assert feet.count(blank, Shape(3, 0), 3, sums=True, known=blank) == 0


def test_a_total_below_each_part_of_a_table_is_no_foot(tmp_path):
    """The last one is as much a row as those above it."""
    part = [*ITEMS[:4], ["", "Total: 184", "", ""]]
    result, frame = read(tmp_path, written([PLAIN[0], *part, *part, *part]))
    assert len(frame) == 15
    assert "below the data" not in said(result)
