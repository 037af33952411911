"""A table with a head and a foot is read as the table alone; a plain table is never cut."""

from __future__ import annotations

import csv
import io

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, example, given, settings

from core.data import reading, table
from core.data.delimited import direct_types
from core.data.encodings import detect
from core.data.schema import Reading, ReadOptions
from core.data.table_area import find
from core.data.table_area.rows import Row, Shape, is_value
from core.messages import UnreadableFile
from tests.hostile.malformed import workbook

SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def read(folder, content: str | bytes, name: str = "a.csv", **options) -> tuple[Reading, pd.DataFrame]:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    result = reading.read_files([folder / name], ReadOptions(**options), folder / "set")
    return result, table.load(folder / "set")


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    sink = io.StringIO(newline="")
    csv.writer(sink, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return sink.getvalue()


def used(result: Reading) -> tuple[list[int], int, int]:
    return result.header_rows, result.first_row, result.last_row


def said(result: Reading) -> str:
    return " ".join(str(note) for note in result.notes)


ITEMS = [[f"Item {n}", str(n * 7 % 41), "AB"[n % 2], "YN"[n % 3 % 2]] for n in range(20)]
HEADER = ["Item", "Qty", "Cat", "Returned"]
PLAIN = [HEADER, *ITEMS]
TOTAL = str(sum(int(row[1]) for row in ITEMS))


def test_a_plain_table_says_where_it_lies(tmp_path):
    result, frame = read(tmp_path, written(PLAIN))
    assert used(result) == ([1], 2, 21)
    assert frame["Item"].tolist() == [row[0] for row in ITEMS]
    assert result.notes == []


@pytest.mark.parametrize("n_blank", [1, 3])
def test_blank_lines_at_the_beginning_are_nothing(tmp_path, n_blank):
    result, frame = read(tmp_path, "\n" * n_blank + written(PLAIN))
    assert used(result) == ([n_blank + 1], n_blank + 2, n_blank + 21)
    assert frame["Item"].tolist() == [row[0] for row in ITEMS]


def test_keys_and_values_above_the_header_are_left_out(tmp_path):
    """A bank's export: letters of cp1252, semicolons, a delimiter at the end of every line."""
    head = ['"Kontonummer:";"DE00 0000 / Girokonto";', "", '"Von:";"01.01.2023";', '"Kontostand:";"5.000,01 EUR";', ""]
    rows = [f'"{n % 28 + 1:02d}.05.2023";"Grüße Nr {n}";"-{n}35,22";"EUR";' for n in range(30)]
    lines = [*head, '"Buchungstag";"Zweck";"Betrag (EUR)";"Währung";', *rows]
    result, frame = read(tmp_path, "\r\n".join(lines).encode("cp1252"))
    assert used(result) == ([6], 7, 36)
    assert frame.columns.tolist() == ["Buchungstag", "Zweck", "Betrag (EUR)", "Währung"]
    assert frame["Zweck"].tolist() == [f"Grüße Nr {n}" for n in range(30)]
    assert "3 rows above the data were left out, rows 1, 3–4: “Kontonummer: DE00 0000 / Girokonto”" in said(result)
    assert result.n_rejected == 0


def test_a_sheet_with_titles_joined_cells_labels_and_a_total(tmp_path):
    orders = [[f"Client {n}", "AB"[n % 2], str(n * 10)] for n in range(1, 13)]
    rows = [[["South", "North", "West"][n // 4] if n % 4 == 0 else "", *order] for n, order in enumerate(orders)]
    sheet = [
        ["Sales report 2023", "", "", ""],
        ["", "", "", ""],
        ["Region", "Customer", "", "Amount"],
        ["", "Name", "Segment", "EUR"],
        *rows,
        ["Total", "", "", "780"],
        ["Source: our own books", "", "", ""],
    ]
    content = workbook({"Report": sheet, "Notes": [["see wiki"]]}, joined=["A1:D1", "B3:C3"])
    result, frame = read(tmp_path, content, "a.xlsx")
    assert used(result) == ([3, 4], 5, 16)
    assert frame.columns.tolist() == ["Region", "Customer / Name", "Customer / Segment", "Amount / EUR"]
    assert frame["Amount / EUR"].tolist() == [n * 10 for n in range(1, 13)]
    assert frame["Region"].tolist() == ["South"] * 4 + ["North"] * 4 + ["West"] * 4
    for sentence in (
        "1 row above the data was left out, row 1: “Sales report 2023”.",
        "2 rows below the data were left out, rows 17–18: “Total 780”, “Source: our own books”.",
        "In “Region” a value stands once for several rows: 9 blank cells were filled with the value above them.",
        "Of 2 sheets, “Report” was read.",
    ):
        assert sentence in said(result)


def test_a_total_after_blank_rows_is_left_out_and_so_are_blank_columns(tmp_path):
    rows = [[*row, "", ""] for row in PLAIN]
    result, frame = read(tmp_path, written([*rows, [""] * 6, [""] * 6, ["TOTAL", TOTAL, "", "", "", ""]]))
    assert used(result) == ([1], 2, 21)
    assert frame.columns.tolist() == HEADER
    assert frame["Qty"].tolist() == [int(row[1]) for row in ITEMS]
    assert f"1 row below the data was left out, row 24: “TOTAL {TOTAL}”." in said(result)
    assert "2 columns at the edge without a name or a value were left out." in said(result)


def test_a_table_of_a_statistics_office(tmp_path):
    """Keys with full-width colons, every line padded with commas, a numbered note below; letters of Shift JIS."""
    head = ["統計名：,人口推計,,,", "表番号：,1,,,", "実施年月：,2023年,,,", ",,,,", "地域,人口,男,女,備考"]
    rows = [f"県{n},{n * 100},{n * 49},{n * 51}," for n in range(1, 30)]
    content = "\n".join([*head, *rows, "注1：推計値である。,,,,"])
    result, frame = read(tmp_path, content.encode("shift_jis"))
    assert used(result) == ([5], 6, 34)
    assert frame.columns.tolist() == ["地域", "人口", "男", "女", "備考"]
    assert frame["人口"].tolist() == [n * 100 for n in range(1, 30)]
    assert "“注1：推計値である。”" in said(result)


def test_an_export_of_a_bank_of_indicators(tmp_path):
    """Everything quoted, a delimiter too many at every end, blank lines between three pieces of a preamble."""
    head = ['"Data Source","World Development Indicators",', "", '"Last Updated Date","2023-12-18",', ""]
    rows = [f'"Country {n}","C{n:02d}","Population, total","{n * 7}","{n * 8}","",' for n in range(20)]
    content = "\r\n".join([*head, '"Country Name","Code","Indicator","1960","1961","1962",', *rows, ""])
    result, frame = read(tmp_path, content)
    assert used(result) == ([5], 6, 25)
    assert frame.columns.tolist() == ["Country Name", "Code", "Indicator", "1960", "1961", "1962"]
    assert frame["1961"].tolist() == [n * 8 for n in range(20)]


def test_a_hidden_sheet_is_read_last(tmp_path):
    content = workbook({"Lists": [["a"], ["b"]], "Data": PLAIN}, hidden_sheets=["Lists"])
    result, frame = read(tmp_path, content, "a.xlsx")
    assert (result.sheet, len(frame)) == ("Data", 20)
    assert read(tmp_path, content, "a.xlsx", sheet="Lists")[0].n_rows == 1


def test_an_export_of_a_network_with_notes_and_addresses(tmp_path):
    """Notes in sentences above, colons in every row: the comma still delimits."""
    head = 'Notes:\n"Some of the addresses may be missing, as people may hide them, if they like."\n\n'
    rows = [["First Name", "URL", "Position"], *([f"Ann{n}", f"https://x.org/{n}", "Boss"] for n in range(20))]
    result, frame = read(tmp_path, head + written(rows))
    assert used(result) == ([4], 5, 24)
    assert set(frame["URL"]) == {"x.org"}


@pytest.mark.parametrize("gap", [[], [""] * 4])
def test_the_larger_of_two_tables_is_read(tmp_path, gap):
    second = [["City", "Country", "People", "Area"], *([f"c{n}", "x", str(n), str(2 * n)] for n in range(6))]
    result, frame = read(tmp_path, written([*PLAIN, gap, *second]))
    assert used(result) == ([1], 2, 21)
    assert frame.columns.tolist() == HEADER
    assert "2 tables stand one after the other; the largest was read, rows 1 to 21. Left out: rows 23–29" in said(
        result
    )
    result, frame = read(tmp_path, written([*second, gap, *PLAIN]))
    assert used(result) == ([9], 10, 29)
    assert frame["Qty"].tolist() == [int(row[1]) for row in ITEMS]


def test_the_larger_of_two_tables_of_a_sheet_is_read(tmp_path):
    second = [["City", "People", "", ""], *([f"c{n}", str(n), "", ""] for n in range(6))]
    result, frame = read(tmp_path, workbook({"One": [*second, [""] * 4, *PLAIN]}), "a.xlsx")
    assert used(result) == ([9], 10, 29)
    assert frame.columns.tolist() == HEADER


def test_a_blank_row_inside_a_table_parts_nothing(tmp_path):
    for gap in ([], [""] * 4):
        result, frame = read(tmp_path, written([*PLAIN[:9], gap, *PLAIN[9:]]))
        assert frame["Item"].dropna().tolist() == [row[0] for row in ITEMS]
        assert result.header_rows == [1]
        assert "Left out" not in said(result)


@pytest.mark.parametrize(
    ("options", "lines", "names", "n_rows"),
    [
        ({"header_rows": [3], "first_row": 5}, ([3], 5, 22), ITEMS[0], 18),
        ({"header_rows": [2]}, ([2], 3, 22), HEADER, 20),
        ({"header_rows": [1, 2], "last_row": 10}, ([1, 2], 3, 10), None, 8),
        ({"header_rows": []}, ([], 1, 22), ["column_1", "column_2", "column_3", "column_4"], 22),
        ({"first_row": 10}, ([2], 10, 22), HEADER, 13),
        ({"first_row": 10, "last_row": 12}, ([2], 10, 12), HEADER, 3),
        ({"last_row": 5}, ([2], 3, 5), HEADER, 3),
        ({"header": False, "first_row": 3}, ([], 3, 22), ["column_1", "column_2", "column_3", "column_4"], 20),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_the_user_says_holds(tmp_path, kind, options, lines, names, n_rows):
    rows = [["My title", "", "", ""], *PLAIN]
    content = written(rows).encode() if kind == "csv" else workbook({"One": rows})
    result, frame = read(tmp_path, content, "a." + kind, **options)
    assert used(result) == lines
    assert len(frame) == n_rows
    if names:
        assert frame.columns.tolist() == names
    assert bool(result.header_rows) is result.header


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"header_rows": [99]}, "Row 99 is blank or not there."),
        ({"first_row": 99}, "Row 99 is blank or not there."),
        ({"header_rows": [5], "first_row": 3}, "The data can't begin in row 3: the header reaches to row 5."),
        ({"first_row": 9, "last_row": 5}, "Row 9 is blank or not there."),
        ({"header_rows": [21]}, "Row 22 is blank or not there."),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_that_are_not_there_are_refused(tmp_path, kind, options, sentence):
    content = written(PLAIN).encode() if kind == "csv" else workbook({"One": PLAIN})
    with pytest.raises(UnreadableFile) as refusal:
        read(tmp_path, content, "a." + kind, **options)
    assert sentence in str(refusal.value)


def test_without_a_header_nothing_is_taken_for_one(tmp_path):
    result, frame = read(tmp_path, written(PLAIN), header=False)
    assert (result.header_rows, result.first_row) == ([], 1)
    assert frame.iloc[0, 0] == HEADER[0]
    assert frame.iloc[0].isna().any()  # a name among numbers


WORD = st.text("abcdefghij", min_size=2, max_size=9)
CELLS = {
    "word": WORD,
    "number": st.integers(-999, 999).map(str),
    "amount": st.floats(0, 1e6).map(lambda value: f"{value:.2f}"),
    "day": st.dates().map(str),
    "gappy": st.one_of(st.just(""), WORD),
}


@st.composite
def plain_tables(draw, least: int = 2) -> list[list[str]]:
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=2, max_size=7))
    kinds = ["number", "word", *kinds] if draw(st.booleans()) else ["word", *kinds, "number"]
    rows = draw(st.lists(st.tuples(*(CELLS[kind] for kind in kinds)).map(list), min_size=least, max_size=25))
    return [[f"name {place}" for place in range(len(kinds))], *rows]


@given(plain_tables(), st.sampled_from(",;\t|"), st.sampled_from(["csv", "xlsx"]))
@settings(max_examples=120, deadline=None, suppress_health_check=SLOW)
def test_a_plain_table_is_never_cut(tmp_path, rows, delimiter, kind):
    content = written(rows, delimiter).encode() if kind == "csv" else workbook({"One": rows})
    result, frame = read(tmp_path, content, "a." + kind, delimiter=delimiter)
    assert used(result) == ([1], 2, len(rows))
    assert len(frame) == len(rows) - 1
    assert "left out" not in said(result).lower()


@given(st.lists(st.lists(st.sampled_from(["", "a", "b c", "1", "2.5", "x:"]), min_size=3, max_size=3), max_size=30))
@example([["x:", "", ""]])
@example([["a", "b c", "b c"], ["a", "b c", "b c"], ["", "", "1"], ["1", "", ""]])  # words above numbers
@settings(max_examples=200, deadline=None)
def test_no_row_that_is_full_is_left_out(rows):
    """A row as wide as the table and filled throughout is a header, data, or of units: words right below the names."""
    numbered = [Row(n, n, cells) for n, cells in enumerate(rows, start=1) if any(cells)]
    try:
        found = find.find(numbered, ReadOptions())
    except find.NoRows:
        return
    if any("tables stand" in str(note) for note in found.notes):
        return
    kept = {row.line for row in numbered if found.first.line <= row.line <= found.last.line}
    lost = [row for row in numbered if row.line not in kept and row not in found.header]
    assert {row.line for row in lost} == {row.line for row in [*found.above, *found.below]}
    units = range(found.header[-1].line + 1, found.first.line) if found.header else range(0)
    assert all(row.n_filled < 3 or (row.line in units and not any(map(is_value, row.filled))) for row in lost)


TITLE = st.sampled_from(
    [["Sales report 2023"], ["Von:", "01.01.2023"], ["# made by a tool"], ["Station: North Sea"], ["Confidential"], []]
)
NOTE = st.sampled_from([["Source: own data"], ["* estimated"], ["Note: in thousands"], [], ["Quelle: Amt, eigene"]])


@given(
    plain_tables(least=4),
    st.lists(TITLE, max_size=6),
    st.lists(NOTE, max_size=4),
    st.sampled_from(";\t|"),
    st.booleans(),
    st.sampled_from(["csv", "xlsx"]),
)
@settings(max_examples=75, deadline=None, suppress_health_check=SLOW)
def test_a_head_and_a_foot_change_nothing(tmp_path, rows, head, foot, delimiter, padded, kind):
    width = len(rows[0])
    assume(all(any(row[column] for row in rows[1:]) for column in range(width)))  # else a head fills as many cells

    def wide(cells: list[str]) -> list[str]:
        return [*cells, *[""] * (width - len(cells))] if padded or kind == "xlsx" else cells

    around = [*map(wide, head), *rows, *map(wide, foot)]
    content = written(around, delimiter).encode() if kind == "csv" else workbook({"One": around})
    result, frame = read(tmp_path, content, "b." + kind)
    begin = len(head) + 1
    assert used(result) == ([begin], begin + 1, begin + len(rows) - 1)
    alone = written(rows, delimiter).encode() if kind == "csv" else workbook({"One": rows})
    _plain, expected = read(tmp_path, alone, "c." + kind, delimiter=delimiter)
    pd.testing.assert_frame_equal(frame, expected)
    assert result.n_rejected == 0
    for cells in [*head, *foot]:
        assert not cells or cells[0][:20] in said(result)


def long(n_rows: int) -> list[list[str]]:
    return [
        [f"a note number {n}, which is long", str(n), f"{n / 8}", f"2024-01-{n % 28 + 1:02d}"] for n in range(n_rows)
    ]


@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("least", [1 << 18, 1 << 40])
def test_head_and_foot_of_a_large_file(tmp_path, monkeypatch, letters, least):
    monkeypatch.setattr(direct_types, "MIN_BYTES", least)
    rows = long(24_000)
    rows[-3][0] = "two\nlines, größer"
    bad = ["1", "2", "3", "4", "5"]
    total = str(sum(n for n in range(24_000)))
    around = [
        *[["Report"], ["made by:", "größer"], []],
        *[["note", "n", "eighth", "day"], *rows[:12_000], bad, *rows[12_000:]],
        *[["", "", "", ""], ["Total", total, "", ""], ["Source: own"]],
    ]
    content = written(around).encode(letters)
    assert len(content) > detect.SAMPLE_BYTES
    result, frame = read(tmp_path, content)
    assert frame["n"].tolist() == list(range(24_000))
    assert frame["note"].tolist() == [row[0] for row in rows]
    assert used(result) == ([4], 5, 24_006)  # one row lies on two lines, one was rejected
    assert [line.line for line in result.rejected] == [12_005]
    assert "2 rows below the data were left out, rows 24008–24009: “Total" in said(result)


@pytest.mark.parametrize("least", [1 << 18, 1 << 40])
def test_rows_of_a_large_file_are_set_by_hand(tmp_path, monkeypatch, least):
    monkeypatch.setattr(direct_types, "MIN_BYTES", least)
    content = written([["note", "n", "eighth", "day"], *long(24_000)])
    for first, last in ((20_002, 22_001), (2, 22_001), (20_002, None)):
        result, frame = read(tmp_path, content, first_row=first, last_row=last)
        assert frame.columns.tolist() == ["note", "n", "eighth", "day"]
        assert frame["n"].tolist() == list(range(first - 2, (last or 24_001) - 1))
        assert (result.header_rows, result.first_row) == ([1], first)
        assert result.last_row in (last, 0)
    with pytest.raises(UnreadableFile, match="Row 99999 is blank or not there"):
        read(tmp_path, content, first_row=99_999)


@pytest.mark.parametrize("least", [1 << 18, 1 << 40])
def test_an_edge_that_fills_up_far_down_is_kept(tmp_path, monkeypatch, least):
    monkeypatch.setattr(direct_types, "MIN_BYTES", least)
    rows = [[*row, ""] for row in long(30_000)]
    rows[15_000][-1] = "late"
    _result, frame = read(tmp_path, written([["note", "n", "eighth", "day", ""], *rows]))
    assert frame.columns.tolist() == ["note", "n", "eighth", "day", "column_5"]
    assert frame["column_5"].dropna().tolist() == ["late"]


def test_the_share_of_cells_decides_what_most_rows_are():
    rows = [Row(n, n, ["key", "value"]) for n in range(6)] + [Row(n, n, list("abcdefgh")) for n in range(6, 10)]
    assert Shape.of(rows) == Shape(8, 8)
