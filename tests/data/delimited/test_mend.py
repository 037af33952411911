"""Rows that are long or short by nothing but blank cells are read; others are rejected with their lines."""

from __future__ import annotations

import pytest

from core.data.delimited import direct_types
from tests.data.table_area.test_find import read, said, used, written

HEADER = ["name", "age", "city", "note"]


@pytest.mark.parametrize("least", [0, 1 << 40])
def test_delimiters_at_the_end_of_some_lines_are_nothing(tmp_path, monkeypatch, least):
    monkeypatch.setattr(direct_types, "MIN_BYTES", least)
    rows = [[f"P{n}", str(20 + n), "Rome", "x", *([""] * (n % 3 == 0) * 2)] for n in range(30)]
    rows[7].append("surplus")
    result, frame = read(tmp_path, written([HEADER, *rows]))
    assert frame["name"].tolist() == [f"P{n}" for n in range(30) if n != 7]
    assert frame["age"].tolist() == [20 + n for n in range(30) if n != 7]
    assert [line.line for line in result.rejected] == [9]
    assert "10 rows were long only by delimiters at their end" in said(result)


def test_rows_whose_blank_cells_were_left_out_are_read(tmp_path):
    rows = [[f"P{n}", str(20 + n), "Rome", "x"][: 2 + 2 * (n % 3 != 0)] for n in range(31)]
    result, frame = read(tmp_path, written([HEADER, *rows, ["P31", "51", "Oslo", "y"]]))
    assert len(frame) == 32
    assert frame["city"].isna().sum() == 11
    assert used(result) == ([1], 2, 33)
    assert "11 rows were long only" in said(result)


@pytest.mark.parametrize(
    "rows",
    [
        [["P1", "21"]],  # one alone may be cut off
        [["Rome", "x"], ["Oslo", "y"], ["Bonn", "z"]],  # the first cells are missing, not the last ones
        [["P1", "21", "Rome", ""], ["P1", "21"], ["P2", "22"], ["P3", "23"]],  # blank cells are written elsewhere
    ],
)
def test_rows_that_may_lack_anything_are_rejected(tmp_path, rows):
    full = [[f"Q{n}", str(n), "Rome", "x"] for n in range(20)]
    result, frame = read(tmp_path, written([HEADER, *full[:10], *rows, *full[10:]]))
    n_short = sum(len(row) < 4 for row in rows)
    assert result.n_rejected == n_short
    assert len(frame) == 20 + len(rows) - n_short
