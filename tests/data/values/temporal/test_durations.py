"""Durations in words, and times of a clock that stay in hours."""

import pyarrow as pa
import pytest

from core.data.values.convert import convert
from core.data.values.recognise import recognise
from core.data.values.shown.words_for import layout_in_words


@pytest.mark.parametrize(
    ("cells", "unit", "expected"),
    [
        (["1h 20m", "45m"], "min", [80, 45]),
        (["1 hour and 20 minutes", "2 hours"], "min", [80, 120]),
        (["1 Std. 20 Min.", "5 Min."], "min", [80, 5]),
        (["1小时20分", "45分钟"], "min", [80, 45]),
        (["1 day, 1:00:00", "2 days 00:30:00"], "min", [1500, 2910]),
        (["PT41M33S", "P1DT1H"], "min", [41.55, 1500]),
        (["-1h 30m", "1h 30m"], "min", [-90, 90]),
        (["1 min 5,5 s", "58 s"], "s", [65.5, 58]),
        (["1'05\"", "0'58\""], "s", [65, 58]),
        (["1h20", "2h05"], "h", [4 / 3, 2 + 1 / 12]),
    ],
)
def test_durations_are_numbers_in_the_unit_that_is_said(cells, unit, expected):
    layout = recognise(pa.array(cells), "duration").layout
    assert (layout.kind, layout.unit) == ("duration", unit)
    assert convert(pa.array(cells), layout)[0].to_pylist() == pytest.approx(expected)


def test_one_unit_alone_makes_numbers():
    assert recognise(pa.array(["45 min", "50 min"]), "took").layout.kind == "number"


def test_the_unit_is_said():
    layout = recognise(pa.array(["1h 20m", "45m"]), "took").layout
    assert str(layout_in_words(layout)) == "durations in minutes"
