"""Units by one name, what they multiply by, and which can be turned into each other."""

import pytest

from core.data.values.numeric.units import canonical, factor, is_money, known


@pytest.mark.parametrize(
    ("written", "unit", "times"),
    [
        ("kg", "kg", 1),
        ("万", "", 1e4),
        ("万元/㎡", "¥/㎡", 1e4),
        ("Million", "", 1e6),
        ("EUR", "€", 1),
        ("Hours", "hours", 1),
    ],
)
def test_a_unit_by_its_one_name(written, unit, times):
    assert canonical(written) == (unit, times)


@pytest.mark.parametrize(
    ("unit", "into", "expected"),
    [
        ("cm", "m", 0.01),
        ("lb", "kg", 0.45359237),
        ("MB", "GB", 1 / 1024),
        ("¥/m2", "¥/平米", 1),
        ("months", "years", 1 / 12),
    ],
)
def test_units_of_one_kind_are_turned_into_each_other(unit, into, expected):
    assert factor(unit, into) == pytest.approx(expected)


@pytest.mark.parametrize(("unit", "into"), [("$", "€"), ("kg", "cm"), ("mmol/l", "mg/dl"), ("°F", "°C")])
def test_others_are_not(unit, into):
    assert factor(unit, into) is None


def test_what_is_known_and_what_is_money():
    assert (known("kg"), known("$"), known("X")) == (True, True, False)
    assert (is_money("¥/m2"), is_money("kg")) == (True, False)
