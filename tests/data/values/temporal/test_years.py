"""Years that are told roughly stay numbers, and it is said which they are."""

from __future__ import annotations

import pyarrow as pa
import pytest

from core.data.values.convert import convert
from core.data.values.recognise import recognise


@pytest.mark.parametrize(
    ("cells", "years"),
    [
        (["1900", "c. 1905", "1930s", "ca 1850", "1912?"], [1900, 1905, 1930, 1850, 1912]),
        (["1930s", "1940's", "1950s"], [1930, 1940, 1950]),
        (["um 1780", "1780er Jahre", "1799", "-"], [1780, 1780, 1799, None]),
        (["1990年代", "1985"], [1990, 1985]),
        (["late 1980s", "mid-1990s"], [1980, 1990]),
    ],
)
def test_a_rough_year_is_a_number(cells, years):
    layout = recognise(pa.array(cells), "built").layout
    assert (layout.kind, layout.unit) == ("number", "")
    assert convert(pa.array(cells), layout)[0].to_pylist() == years
    assert [one.what for one in layout.asides] == ["bound"]


def test_seconds_plain_years_and_other_numbers_are_what_they_were():
    assert recognise(pa.array(["1500s", "1800s", "2000s"]), "timeout").layout.unit == "s"
    assert recognise(pa.array(["30s", "90s", "1500s"]), "x").layout.unit == "s"
    assert recognise(pa.array(["1900", "1930", "1950"]), "built").layout.formats == []
    assert recognise(pa.array(["1998年", "1999年"]), "年份").layout.formats == []
    assert recognise(pa.array(["c. 12", "c. 1900", "15"]), "n").layout.formats == []


def test_a_new_file_is_read_by_it():
    layout = recognise(pa.array(["1900", "c. 1905"]), "built").layout
    assert convert(pa.array(["1950", "circa 1960"]), layout)[0].to_pylist() == [1950, 1960]
