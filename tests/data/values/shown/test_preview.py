"""What another kind would make of a column, and that reading it so does just that."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.reading import read_files
from core.data.schema import Layout, ReadOptions
from core.data.values.shown.preview import assumed, exchanged, preview
from core.data.values.strings import strings_of


def column(*cells: str) -> pa.ChunkedArray:
    return pa.chunked_array([list(cells)])


def read(folder, text: str, **options):
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    reading = read_files([path], ReadOptions(keep_strings=True, **options), folder / "read")
    return reading, pq.read_table(folder / "read" / "table.parquet")


def test_what_is_no_number_becomes_missing_and_is_counted():
    seen = preview(column("$4.30", "ask", "ask", "1,250", "call us", "", "N/A"), "price", "number")
    assert (seen.n_converted, seen.n_missing) == (2, 3)
    assert seen.missing == [("ask", 2), ("call us", 1)]
    assert seen.examples == [("$4.30", "4.3"), ("1,250", "1250")]
    assert seen.layout.unit == "$"


def test_only_the_most_frequent_eight_are_listed():
    words = [f"word {n}" for n in range(12) for _again in range(n + 1)]
    seen = preview(column("1", "2", *words), "x", "number")
    assert seen.n_missing == 78
    assert [word for word, _n in seen.missing] == [f"word {n}" for n in range(11, 3, -1)]


def test_few_dates_among_words_are_dates_where_a_person_says_so():
    seen = preview(column("12 March 2021", "soon", "later", "3 April 2021", "?"), "due", "date")
    assert [made for _cell, made in seen.examples] == ["2021-03-12", "2021-04-03"]
    assert seen.n_missing == 3


def test_years_alone_are_dates_where_a_person_says_so():
    assert preview(column("1987", "2004"), "built", "date").examples[0] == ("1987", "1987-01-01")


@pytest.mark.parametrize(
    ("cells", "made"),
    [
        (("007", "042"), "7"),
        (("20170922", "20180305"), "20170922"),
        (("1506038400", "1520208000"), "1506038400"),
        (("1/2", "3/4"), "0.5"),
        (("7/10", "9/10"), "7"),
        (("12 apples", "3 apples"), "12"),
    ],
)
def test_a_person_may_call_anything_a_number(cells, made):
    seen = preview(column(*cells), "created at", "number")
    assert seen.layout.kind == "number"
    assert (seen.examples[0][1], seen.n_missing) == (made, 0)


def test_day_first_is_a_choice_where_both_fit():
    cells = column("07/01/2022", "03/02/2022")
    seen = preview(cells, "visit", "date")
    assert seen.layout.formats == ["%m/%d/%Y"]
    other = preview(cells, "visit", "date", exchanged(seen.layout))
    assert other.examples[0] == ("07/01/2022", "2022-01-07")


def test_other_columns_of_the_file_settle_what_stands_first():
    cells = column("07/01/2022", "03/02/2022")
    assert preview(cells, "visit", "date", habits=frozenset({"day first"})).examples[0][1] == "2022-01-07"
    assert preview(column("1,250", "3,500"), "x", "number", delimiter=";").examples[0][1] == "1.25"


def test_levels_are_taken_in_the_order_given_and_others_become_missing():
    cells = column("ok", "great", "poor", "ok", "no idea")
    layout = Layout(kind="ordered", levels=["poor", "ok", "great"])
    seen = preview(cells, "mood", "ordered", layout)
    assert dict(seen.examples) == {"poor": "1", "ok": "2", "great": "3"}
    assert seen.missing == [("no idea", 1)]
    assert seen.layout.missing == ["no idea"]


def test_numbers_as_levels_stand_by_their_size():
    assert preview(column("10", "2", "1", "n/a"), "step", "ordered").layout.levels == ["1", "2", "10"]


def test_lists_are_taken_apart():
    seen = preview(column("Mail; Chat", "Chat"), "used", "list")
    assert seen.examples[0] == ("Mail; Chat", "Mail · Chat")


def test_text_keeps_every_cell():
    seen = preview(column("$4", "ask"), "price", "text")
    assert (seen.n_converted, seen.n_missing) == (2, 0)
    assert seen.examples[0] == ("$4", "$4")


@pytest.mark.parametrize(
    ("layout", "other"),
    [
        (Layout(kind="date", formats=["%d.%m.%y"]), ["%m.%d.%y"]),
        (Layout(kind="date", formats=["%m-%d-%Y"]), ["%d-%m-%Y"]),
        (Layout(kind="date", formats=["%d %b %Y"]), None),
        (Layout(kind="date", formats=["%Y-%m-%d"]), None),
        (Layout(kind="number"), None),
    ],
)
def test_only_what_can_be_exchanged_is(layout, other):
    found = exchanged(layout)
    assert (found and found.formats) == other


def test_an_example_shows_both_readings_of_a_comma():
    found = assumed(column("12", "1,250"), Layout(kind="number", thousands=","))
    assert (found.cell, found.read, found.otherwise) == ("1,250", "1250", "1.25")


def test_no_example_where_both_readings_agree():
    assert assumed(column("05/05/2022"), Layout(kind="date", formats=["%d/%m/%Y"])) is None


# Reading so


ORDERS = "day,amount,note\n07/01/2022,$4.30,a\n03/02/2022,ask us,b\nnot yet,$9,c\n05/06/2022,$7,d\n"


def test_a_column_is_read_as_its_preview_showed(tmp_path):
    reading, _table = read(tmp_path, ORDERS)
    assert reading.layouts["amount"].kind == "text"
    shown = preview(strings_of(tmp_path / "read" / "table.parquet", "amount"), "amount", "number")
    reading, table = read(tmp_path, ORDERS, kinds={"amount": "number"})
    assert table["amount"].to_pylist() == [4.3, None, 9.0, 7.0]
    assert reading.layouts["amount"] == shown.layout
    assert [note.params["n"] for note in reading.notes if note.params.get("column") == "amount"] == [1]


def test_a_layout_said_by_hand_takes_what_does_not_fit_as_missing(tmp_path):
    layout = Layout(kind="date", formats=["%d/%m/%Y"])
    reading, table = read(tmp_path, ORDERS, kinds={"day": "date"}, layouts={"day": layout})
    assert [day and day.month for day in table["day"].to_pylist()] == [1, 2, None, 6]
    assert reading.layouts["day"].n_unread == 1
    assert not reading.layouts["day"].ambiguous


def test_one_answer_settles_the_other_dates_of_the_file(tmp_path):
    text = "came,left\n07/01/2022,08/01/2022\n03/02/2022,04/02/2022\n"
    reading, _table = read(tmp_path, text)
    assert reading.layouts["left"].ambiguous
    layout = Layout(kind="date", formats=["%d/%m/%Y"])
    reading, table = read(tmp_path, text, kinds={"came": "date"}, layouts={"came": layout})
    assert reading.layouts["left"].formats == ["%d/%m/%Y"]
    assert not reading.layouts["left"].ambiguous
    assert table["left"][0].as_py().day == 8


def test_levels_by_hand_are_read_in_that_order_also_with_wide_letters(tmp_path):
    layout = Layout(kind="ordered", levels=["C", "B", "A"])
    reading, table = read(tmp_path, "x\nA\nＢ\nC\nD\n", kinds={"x": "ordered"}, layouts={"x": layout}, header=True)
    assert table["x"].to_pylist() == ["A", "B", "C", None]
    assert reading.layouts["x"].levels == ["C", "B", "A"]


def test_the_strings_of_a_converted_column_stay_beside_the_table(tmp_path):
    read(tmp_path, "price,word\n$4.30,a\n$1,b\n")
    path = tmp_path / "read" / "table.parquet"
    assert strings_of(path, "price").to_pylist() == ["$4.30", "$1"]
    assert strings_of(path, "word").to_pylist() == ["a", "b"]


def test_a_table_without_kept_strings_shows_its_values(tmp_path):
    days = pa.array(["2022-01-07", None]).cast(pa.timestamp("us"))
    pq.write_table(pa.table({"day": days, "n": [1, 2]}), tmp_path / "table.parquet")
    assert strings_of(tmp_path / "table.parquet", "day").to_pylist() == ["2022-01-07", None]
    assert strings_of(tmp_path / "table.parquet", "n").to_pylist() == ["1", "2"]


CELLS = st.one_of(
    st.sampled_from(
        ["$4.30", "1.250,5", "07/01/2022", "22-Sep-17", "a, b", "low", "high", "N/A", "", "½", "１２", "-"]
    ),
    st.text(max_size=8),
    st.integers(-(10**6), 10**14).map(str),
)


@settings(deadline=None, max_examples=60)
@given(cells=st.lists(CELLS, min_size=1, max_size=20), kind=st.sampled_from(["number", "date", "ordered", "list"]))
def test_every_cell_is_converted_or_missing_whatever_is_in_it(cells, kind):
    strings = pa.chunked_array([pa.array(cells, pa.string())])
    seen = preview(strings, "x", kind)
    filled = pc.sum(pc.is_in(strings, pa.array(["", "N/A"]))).as_py()
    assert seen.n_converted + seen.n_missing <= len(cells) - (filled or 0)
    assert sum(n for _word, n in seen.missing) <= seen.n_missing
    assert len(seen.examples) <= 5


def test_a_hungarian_export_with_gaps(tmp_path):
    """Points between thousands, Ft behind the number, days in three parts, and a word for what is not known yet."""
    rows = [("2021.03.04", "12.500 Ft", "jó"), ("2021.11.30", "980 Ft", "rossz"), ("később", "ingyen", "közepes")]
    text = "nap;ár;minőség\n" + "".join(";".join(row) + "\n" for row in rows)
    layout = Layout(kind="ordered", levels=["rossz", "közepes", "jó"])
    kinds = {"nap": "date", "ár": "number", "minőség": "ordered"}
    reading, table = read(tmp_path, text, kinds=kinds, layouts={"minőség": layout})
    assert table["ár"].to_pylist() == [12500, 980, None]
    assert [day and day.day for day in table["nap"].to_pylist()] == [4, 30, None]
    assert reading.layouts["ár"].unread == ["ingyen"]


def test_a_lab_export_with_marks_of_its_own(tmp_path):
    """Below the limit of detection, hash signs where the instrument failed, Arabic-Indic digits are none of ours."""
    text = "sample,ng_per_ml\n" + "".join(f"S{n},{cell}\n" for n, cell in enumerate(["<0.5", "##", "1.25", "##", "٣"]))
    _reading, table = read(tmp_path, text, kinds={"ng_per_ml": "number"})
    assert table["ng_per_ml"].to_pylist()[2] == 1.25
    assert table["ng_per_ml"].to_pylist()[1] is None
