"""Parquet files: single columns read as something else, the others as they came."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.data.reading import read_files
from core.data.schema import Layout, ReadOptions
from core.messages import UnreadableFile


@pytest.fixture
def sales(tmp_path):
    day = pa.array(["2022-07-01", None, "2022-03-02"]).cast(pa.timestamp("us"))
    columns = {"price": ["$4.30", "ask us", "1,250"], "n": [1.5, 2.0, None], "at": [1506038400, 1520208000, None]}
    path = tmp_path / "sales.parquet"
    pq.write_table(pa.table(columns | {"day": day, "pressure": ["120/80", "99/70", ""]}), path)
    return path


def read(path, **options):
    reading = read_files([path], ReadOptions(**options), path.parent / "read")
    return reading, pq.read_table(path.parent / "read" / "table.parquet")


def test_nothing_said_leaves_the_types_alone(sales):
    reading, table = read(sales)
    assert reading.layouts == {}
    assert table["price"].to_pylist() == ["$4.30", "ask us", "1,250"]


def test_one_column_is_read_as_said_and_the_others_stay(sales):
    reading, table = read(sales, kinds={"price": "number", "at": "date"})
    assert table["price"].to_pylist() == [4.3, None, 1250.0]
    assert table["at"][0].as_py().year == 2017
    assert table["n"].to_pylist() == [1.5, 2.0, None]
    assert table.column_names == ["price", "n", "at", "day", "pressure"]
    assert reading.layouts["price"].unread == ["ask us"]
    assert {note.params["column"] for note in reading.notes} == {"price"}


def test_a_column_that_becomes_two_stands_in_its_place(sales):
    reading, table = read(sales, kinds={"pressure": "pair"})
    assert table.column_names[-2:] == ["pressure (1)", "pressure (2)"]
    assert reading.n_columns == 6


def test_a_models_layout_goes_for_words_and_not_for_numbers(sales):
    comma = Layout(kind="number", decimal=",", thousands=".")
    _reading, table = read(sales, layouts={"n": comma})
    assert table["n"].to_pylist() == [1.5, 2.0, None]
    with pytest.raises(UnreadableFile, match="row 2"):
        read(sales, layouts={"price": Layout(kind="number", thousands=",", unit="$")}, refuse=True)
    assert not list((sales.parent / "read").glob("*.retyped*"))


def test_a_date_may_be_made_words(sales):
    _reading, table = read(sales, kinds={"day": "text"})
    assert table["day"].to_pylist() == ["2022-07-01", None, "2022-03-02"]
