"""The likeliest key is what a person would take."""

from __future__ import annotations

import pyarrow as pa

from core.data.join.likely import likely


def test_columns_with_common_values_win_over_numbers_that_meet_by_chance():
    sales = pa.table({"quantity": [1, 2, 3, 4], "shop": ["Oslo 1", "Rome 2", "Bern 1", "Oslo 1"]})
    shops = pa.table({"rank": [1, 2, 3, 4], "Name": ["Rome 2", "Oslo 1", "Kyiv 3", "Bern 9"]})
    assert likely(sales, shops) == ("shop", "Name")


def test_the_same_name_decides_between_columns_that_fit():
    sales = pa.table({"buyer": ["Ann", "Bob"], "customer_id": [1, 2]})
    customers = pa.table({"Customer ID": [1, 2, 3], "age": [2, 1, 3]})
    assert likely(sales, customers) == ("customer_id", "Customer ID")


def test_a_column_that_repeats_is_a_worse_key():
    sales = pa.table({"code": ["a", "b", "c"]})
    other = pa.table({"group": ["a", "b", "c", "a", "b", "c"], "key": ["a", "b", "c", "d", "e", "f"]})
    assert likely(sales, other) == ("code", "key")


def test_without_common_values_the_same_name_is_taken_else_the_first():
    assert likely(pa.table({"x": ["1a"], "Town": ["A"]}), pa.table({"v": ["q"], "town": ["B"]})) == ("Town", "town")
    assert likely(pa.table({"x": ["a"]}), pa.table({"v": ["q"]})) == ("x", "v")
