"""The rows that name the columns, one or several, and rows that only explain them."""

from __future__ import annotations

import pytest

from core.messages import UnreadableFile
from tests.data.table_area.test_find import read, said, used, written


def test_three_header_rows_of_a_survey(tmp_path):
    names, asked = ["StartDate", "Q1", "Q2"], ["Start Date", "How satisfied are you?", "Why?"]
    ids = [f'{{"ImportId":"{name}"}}' for name in ("startDate", "QID1", "QID2")]
    answers = [[f"2024-02-{n:02d}", str(n % 5), f"because of {n}"] for n in range(1, 9)]
    result, frame = read(tmp_path, written([names, asked, ids, *answers]))
    assert used(result) == ([1], 4, 11)
    assert frame.columns.tolist() == names
    assert frame["Q1"].tolist() == [n % 5 for n in range(1, 9)]
    assert "2 rows above the data were left out, rows 2–3: “Start Date How satisfied are you? Why?”" in said(result)


def test_a_row_of_units_is_no_data(tmp_path):
    rows = [[f"s{n % 3}", f"{n / 2}", f"{20 + n}"] for n in range(12)]
    result, frame = read(tmp_path, written([["station", "time", "temp"], ["", "s", "°C"], *rows]))
    assert used(result) == ([1], 3, 14)
    assert frame["temp"].tolist() == [20 + n for n in range(12)]
    assert "1 row above the data was left out, row 2: “s °C”" in said(result)


def test_words_over_several_columns_join_the_names_below(tmp_path):
    head = [["", "2023", "", "2024", ""], ["Region", "Q1", "Q2", "Q1", "Q2"]]
    rows = [[f"region {n}", *(str(n * k) for k in range(1, 5))] for n in range(1, 9)]
    result, frame = read(tmp_path, written([*head, *rows]))
    assert used(result) == ([1, 2], 3, 10)
    assert frame.columns.tolist() == ["Region", "2023 / Q1", "2023 / Q2", "2024 / Q1", "2024 / Q2"]
    assert "Rows 1, 2 name the columns together, as in “2023 / Q1”." in said(result)


def test_years_in_the_header_below_a_title(tmp_path):
    rows = [["GDP", "", ""], ["Country", "2019", "2020"], *([f"c{n}", str(n), str(n * 2)] for n in range(1, 9))]
    result, frame = read(tmp_path, written(rows))
    assert used(result) == ([2], 3, 10)
    assert frame.columns.tolist() == ["Country", "2019", "2020"]


def test_names_of_rows_without_a_name_of_their_own(tmp_path):
    """As write.table of R makes it: the header has one name fewer."""
    result, frame = read(tmp_path, "len,kind\n" + "".join(f'"{n}",{n * 2},a\n' for n in range(1, 9)))
    assert frame.columns.tolist() == ["column_1", "len", "kind"]
    assert "The header lacks a name for the first column" in said(result)
    with pytest.raises(UnreadableFile, match="more or fewer values than the header"):
        read(tmp_path, "text,label\n" + "".join(f"Well {n}, hello,pos\n" for n in range(1, 9)), delimiter=",")


def test_a_listing_between_bars_with_a_line_of_dashes(tmp_path):
    lines = ["Report Z1", "", "|Acct|Text|Amount|", "|----|----|------|", *(f"|{n}|t {n}|{n * 3}|" for n in range(9))]
    result, frame = read(tmp_path, "\n".join(lines), "a.txt")
    assert frame.columns.tolist() == ["Acct", "Text", "Amount"]
    assert frame["Amount"].tolist() == [n * 3 for n in range(9)]
    assert used(result) == ([3], 5, 13)


SURVEY = [
    ["Respondent", "Started", "Which rooms?", "", "", "Come again?"],
    ["", "", "Reading", "Group", "Café", "Response"],
]


def test_a_row_that_names_the_columns_that_the_row_above_left_open(tmp_path):
    rows = [
        [f"R{n}", f"2024-03-{n:02d}", "Reading" if n % 2 else "", "Group" if n % 3 else "", "", "Yes"]
        for n in range(1, 20)
    ]
    result, frame = read(tmp_path, written([*SURVEY, *rows]))
    assert used(result) == ([1, 2], 3, 21)
    named = ["Which rooms? / Reading", "Which rooms? / Group", "Which rooms? / Café", "Come again? / Response"]
    assert frame.columns.tolist() == ["Respondent", "Started", *named]


def test_a_first_row_with_gaps_below_columns_without_names_stays_a_row(tmp_path):
    rows = [
        ["", "", "ok", "late", "", "no"],
        *[[f"R{n}" if n % 3 else "", f"s{n}", "ok", "late", "", "no"] for n in range(1, 20)],
    ]
    result, _frame = read(tmp_path, written([SURVEY[0], *rows]))
    assert used(result)[0] == [1]


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (["", "name", "city", "kind", "note"], ["a", "", "", "new", "fair"]),  # of rows, without a name
        (["row", "name", "city", "", "note"], ["", "", "Bonn", "new", "good"]),  # good comes back
    ],
)
def test_a_first_row_of_words_with_gaps_stays_a_row(tmp_path, names, first):
    rows = [first, *[[f"r{n}", f"n{n} x", "Bonn" if n % 2 else "Kiel", "old", "good"] for n in range(8)]]
    result, frame = read(tmp_path, written([names, *rows]))
    assert used(result)[0] == [1]
    assert len(frame) == 9
