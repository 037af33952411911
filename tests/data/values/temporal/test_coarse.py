"""Dates of which some give less than a day, or are days as spreadsheets count them."""

import pyarrow as pa
import pytest

from core.data.values.convert import convert
from core.data.values.recognise import recognise


@pytest.mark.parametrize(
    ("cells", "days", "what"),
    [
        (["1998", "1998-05-12", "1998-05"], ["1998-01-01", "1998-05-12", "1998-05-01"], "first day"),
        (["22.05.1998", "05.1998", "1998"], ["1998-05-22", "1998-05-01", "1998-01-01"], "first day"),
        (["22 May 1998", "May 1998", "1997"], ["1998-05-22", "1998-05-01", "1997-01-01"], "first day"),
        (["1998年5月22日", "1998年5月"], ["1998-05-22", "1998-05-01"], "first day"),
        (["1998-05", "1998"], ["1998-05-01", "1998-01-01"], "first day"),
        (["22.05.2023", "45000", "23.05.2023"], ["2023-05-22", "2023-03-15", "2023-05-23"], "serial"),
    ],
)
def test_dates_that_say_less_are_dates_and_counted(cells, days, what):
    layout = recognise(pa.array(cells), "when").layout
    assert [str(one.date()) for one in convert(pa.array(cells), layout)[0].to_pylist()] == days
    assert [one.what for one in layout.asides] == [what]


@pytest.mark.parametrize(
    "cells", [["1998", "1999"], ["44927", "45000"], ["44927", "45000", "45001", "2023-01-01"], ["1998", "about 1998"]]
)
def test_numbers_and_words_are_no_dates_without_a_reason(cells):
    assert recognise(pa.array(cells), "v").layout.kind != "date"
