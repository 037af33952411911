"""A number typed into a form as its column writes it."""

from __future__ import annotations

import pytest

from core.data.schema import Layout
from core.data.values.numeric.typed import is_written, number, written
from core.messages import MismatchedTable

KILOS = Layout(kind="number", thousands=",", unit="kg")
EUROS = Layout(kind="number", decimal=",", thousands=".", unit="€")


@pytest.mark.parametrize(
    ("text", "layout", "found"),
    [
        ("1,234.5 kg", KILOS, 1234.5),
        ("1,234.5", KILOS, 1234.5),
        ("2 lb", KILOS, pytest.approx(0.907, abs=0.001)),
        ("1.234,50 €", EUROS, 1234.5),
        ("8,5", EUROS, 8.5),
        ("12", Layout(kind="number", unit="%"), 12),
        ("12 %", Layout(kind="number", unit="%"), 12),
        ("7/10", Layout(kind="number", unit="/10"), 7),
        ("7", Layout(kind="number", unit="/10"), 7),
        ("8:30", Layout(kind="time", unit="h"), 8.5),
        ("8.5", Layout(kind="time", unit="h"), 8.5),
        ("  ", KILOS, None),
    ],
)
def test_what_is_typed_is_read_as_the_columns_cells_are(text, layout, found):
    assert number(text, layout, "weight") == found


@pytest.mark.parametrize(("text", "layout"), [("abc", KILOS), ("12 €", KILOS), ("1234.5", EUROS)])
def test_what_is_no_such_number_is_refused_with_an_example(text, layout):
    with pytest.raises(MismatchedTable, match=r"can't be read as a number of “weight”\. Write it like 1.234.5"):
        number(text, layout, "weight")


def test_a_number_is_shown_with_the_columns_marks():
    assert written(-1234567.25, EUROS) == "-1.234.567,25"
    assert written(1234.0, KILOS) == "1,234"
    assert written(None, KILOS) == ""
    assert number(written(98765.4321, EUROS), EUROS, "x") == 98765.4321


def test_which_columns_are_typed_as_words():
    assert is_written(KILOS)
    assert is_written(Layout(kind="time", unit="h"))
    assert not is_written(Layout(kind="number"))
    assert not is_written(Layout(kind="date"))
    assert not is_written(None)
