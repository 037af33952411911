"""Roles that the cells' layout decides: scales, lists, yes or no, times."""

from __future__ import annotations

import pyarrow as pa
import pytest

from core.data.roles.by_layout import Written, as_written, role_of
from core.data.schema import Column, Layout
from core.messages import say

TWO = pa.chunked_array([["a", "b"]])


def role(layout: Layout, column: pa.ChunkedArray = TWO):
    found = role_of(Written(layout), column)
    return found and found.role


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        (Layout(kind="ordered", levels=["low", "mid", "high"]), "category"),
        (Layout(kind="list", separator=";"), "category"),
        (Layout(kind="boolean"), "category"),
        (Layout(kind="duration", unit="min"), "number"),
        (Layout(kind="time", unit="h"), "number"),
        (Layout(kind="number"), None),  # its values must say it
        (Layout(kind="text"), None),
        (Layout(kind="domain"), None),
    ],
)
def test_the_role_that_a_layout_says(layout, expected):
    assert role(layout) == expected


def test_a_column_of_one_value_is_not_decided_by_its_layout():
    one = pa.chunked_array([["yes", "yes", None]])
    assert role(Layout(kind="boolean"), one) is None


def test_addresses_of_one_site_say_nothing():
    found = role_of(Written(Layout(kind="domain")), pa.chunked_array([["example.org"] * 3]))
    assert (found.role, found.code) == ("ignored", "constant")


def test_both_ends_of_a_scale_are_named():
    found = role_of(Written(Layout(kind="ordered", levels=["low", "mid", "high"])), TWO)
    assert found.reason.params == {"low": "low", "high": "high"}


def test_nothing_is_known_of_a_table_with_types_of_its_own():
    column = Column(name="a", role="number", guessed="number", reason=say("-"))
    assert role_of(None, TWO) is None
    assert as_written(column, None) is column
    assert as_written(column, Written(Layout(kind="pair"), "pressure")).source == "pressure"
