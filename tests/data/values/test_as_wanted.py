"""A column as a person says that it is: what can't be read so becomes missing, and is named."""

from __future__ import annotations

import pyarrow as pa
import pytest

from core.data.values.as_wanted import as_wanted, by_hand
from core.data.values.convert import convert
from core.data.values.counted import Counted


def read(kind: str, *cells: str) -> tuple[list[object], list[str]]:
    """What the cells become, and the words that stand for nothing from then on."""
    column = pa.array(cells, pa.string())
    counted = Counted.of(column)
    layout = by_hand(counted, as_wanted(counted, "v", kind).layout)
    return convert(column, layout)[0].to_pylist(), layout.missing


@pytest.mark.parametrize(
    ("kind", "cells", "values", "missing"),
    [
        ("number", ["12", "ten", "3"], [12.0, None, 3.0], ["ten"]),
        ("number", ["a", "b"], [None, None], ["a", "b"]),
        ("ordered", ["10", "9", "10"], ["10", "9", "10"], []),
        ("text", ["12", "7"], ["12", "7"], []),
    ],
)
def test_what_a_person_says_holds(kind, cells, values, missing):
    assert read(kind, *cells) == (values, missing)


def test_levels_that_are_numbers_stand_by_their_size():
    counted = Counted.of(pa.array(["10", "9", "100", "9"]))
    assert as_wanted(counted, "v", "ordered").layout.levels == ["9", "10", "100"]


def test_a_few_days_among_words_are_dates_if_a_person_says_so():
    values, missing = read("date", "2024-03-05", "soon", "later", "never")
    assert [str(value)[:10] for value in values[:1]] == ["2024-03-05"]
    assert (values[1:], missing) == ([None] * 3, ["later", "never", "soon"])


def test_a_list_is_cut_at_the_mark_that_stands_in_it():
    assert as_wanted(Counted.of(pa.array(["a;b", "c"])), "v", "list").layout.separator == ";"
