"""Marks beside numbers, and letters that are units."""

import pyarrow as pa
import pytest

from core.data.values.convert import convert
from core.data.values.recognise import recognise


@pytest.mark.parametrize(
    ("cells", "expected", "marked"),
    [
        (["12.5*", "3.2", "4.1"], [12.5, 3.2, 4.1], 1),
        (["3,400 (e)", "3,500", "12,000"], [3400, 3500, 12_000], 1),
        (["7.1 p", "7.3", "8.1"], [7.1, 7.3, 8.1], 1),
        (["7.1 d", "7.3 b", "8.1"], [7.1, 7.3, 8.1], 2),
        (["1234[a]", "2345[1]", "7"], [1234, 2345, 7], 2),
        (["0.03**", "0.2", "0.001***"], [0.03, 0.2, 0.001], 2),
    ],
)
def test_a_mark_is_no_part_of_a_number_and_is_counted(cells, expected, marked):
    layout = recognise(pa.array(cells), "v").layout
    assert (layout.kind, layout.unit) == ("number", "")
    assert convert(pa.array(cells), layout)[0].to_pylist() == expected
    assert [(one.what, one.n) for one in layout.asides] == [("mark", marked)]


def test_a_letter_that_is_a_unit_is_no_mark():
    layout = recognise(pa.array(["7 d", "9", "12"]), "v").layout
    assert (layout.unit, layout.flagged, layout.asides) == ("d", False, [])


def test_letters_of_codes_are_no_marks():
    assert recognise(pa.array(["12 k", "13 e", "14 x"]), "v").layout.kind == "text"


def test_a_limit_among_different_amounts_is_a_number_and_not_a_level():
    layout = recognise(pa.array(["<5", "7.2", "31", "8.5"]), "crp").layout
    assert [(one.what, one.examples) for one in layout.asides] == [("bound", ["<5"])]
    assert recognise(pa.array(["<1", "1", "2", "3", "10+", "4"]), "years").layout.kind == "ordered"
