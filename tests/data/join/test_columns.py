"""The new columns: names that are free, repeated keys refused, taken first or summed up, layouts that go along."""

from __future__ import annotations

import pyarrow as pa
import pytest

from core.data.join.columns import added
from core.data.join.keys import keys
from core.data.schema import Layout
from core.job_params import JoinParams
from core.messages import UnusableData

SUPPLIERS = pa.table(
    {
        "name": ["A", "B", "A", "A", None],
        "price": [1.0, 5.0, 2.0, None, 9.0],
        "city": ["Oslo", None, "Rome", "Rome", "Bern"],
    }
)


def new(taken=("name", "price"), repeats="first", layouts=None, table=SUPPLIERS):
    asked = JoinParams(key="name", other_key="name", repeats=repeats)
    return added(table, keys(table["name"]), asked, list(taken), "suppliers.csv", layouts or {})


def test_a_name_that_is_taken_says_which_file_it_is_from():
    assert new().table.column_names == ["price (suppliers)", "city"]
    assert new(taken=["price", "price (suppliers)"]).table.column_names == ["price (suppliers) 2", "city"]


def test_a_repeated_key_is_refused_in_one_sentence_with_its_rows():
    with pytest.raises(UnusableData) as error:
        new(repeats="refuse")
    assert str(error.value.message) == "In “suppliers.csv” 1 key of “name” repeats: “A” (3 times)."


def test_the_first_row_of_a_key_counts_even_where_it_is_empty():
    assert new().table.to_pydict() == {"price (suppliers)": [1.0, 5.0], "city": ["Oslo", None]}


def test_rows_of_a_key_are_counted_averaged_and_the_most_frequent_word_taken():
    summed = new(repeats="average").table.to_pydict()
    assert summed == {"price (suppliers)": [1.5, 5.0], "city": ["Rome", None], "count (suppliers)": [3, 1]}


def test_of_equally_frequent_words_the_first_is_taken():
    table = pa.table({"name": ["A", "A"], "city": ["Rome", "Oslo"]})
    assert new(repeats="average", table=table).table["city"].to_pylist() == ["Rome"]


def test_layouts_go_along_under_the_new_names_and_pairs_stay_together():
    table = pa.table({"name": ["A"], "bp (1)": [120], "bp (2)": [80], "price": [4]})
    layouts = {"name": Layout(), "bp": Layout(kind="pair"), "price": Layout(kind="number", unit="€")}
    made = new(taken=["bp (2)", "price"], table=table, layouts=layouts)
    assert made.table.column_names == ["bp (suppliers) (1)", "bp (suppliers) (2)", "price (suppliers)"]
    assert {name: layout.kind for name, layout in made.layouts.items()} == {
        "bp (suppliers)": "pair", "price (suppliers)": "number",
    }  # fmt: skip
    assert made.sources == {"bp (suppliers)": "bp", "price (suppliers)": "price"}


def test_a_file_with_nothing_but_the_key_is_refused():
    with pytest.raises(UnusableData, match="no columns but the key"):
        new(table=pa.table({"name": ["A"]}))
