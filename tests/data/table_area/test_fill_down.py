"""A value that stands once for several rows of a sheet is given to each of them."""

from __future__ import annotations

import pandas as pd

from tests.data.table_area.test_find import read
from tests.hostile.malformed import workbook


def test_cells_joined_over_rows_hold_for_each_of_them(tmp_path):
    rows = [["team", "n", "x"], ["a", "1", "7"], ["", "2", "8"], ["", "3", "9"], ["", "4", "6"]]
    _result, frame = read(tmp_path, workbook({"One": rows}, joined=["A2:A3"]), "a.xlsx")
    assert [None if pd.isna(team) else team for team in frame["team"]] == ["a", "a", None, None]


def test_blank_cells_of_a_plain_sheet_stay_blank(tmp_path):
    """Without titles or several header rows nothing says that it is a report made to be looked at."""
    rows = [["flag", "n", "x"], ["late", "1", "7"], ["", "2", "8"], ["", "3", "9"], ["early", "4", "6"], ["", "5", "2"]]
    _result, frame = read(tmp_path, workbook({"One": rows}), "a.xlsx")
    assert frame["flag"].isna().sum() == 3


def test_blank_cells_of_a_text_file_stay_blank(tmp_path):
    rows = [["flag", "n", "x"], ["late", "1", "7"], ["", "2", "8"], ["", "3", "9"], ["early", "4", "6"], ["", "5", "2"]]
    _result, frame = read(tmp_path, "My title\n\n" + "\n".join(",".join(row) for row in rows))
    assert frame["flag"].isna().sum() == 3
