"""Days as spreadsheets count them, under a name that speaks of dates."""

import datetime as dt

import pyarrow as pa
import pytest

from core.data.values.convert import convert
from core.data.values.recognise import recognise


@pytest.mark.parametrize("name", ["Datum", "order_date", "orderDate", "下单日期", "Fecha"])
def test_days_of_a_spreadsheet_are_dates(name):
    cells = pa.array(["44927", "45000.5", "2023-03-01"])
    layout = recognise(pa.array(["44927", "45000.5"] * 5), name).layout
    found = convert(cells, layout)[0].to_pylist()
    assert found == [dt.datetime(2023, 1, 1), dt.datetime(2023, 3, 15, 12), dt.datetime(2023, 3, 1)]


@pytest.mark.parametrize(
    ("name", "cells"), [("price", ["44927", "45000"]), ("updates", ["44927", "45000"]), ("date", ["44927", "145000"])]
)
def test_other_numbers_stay_numbers(name, cells):
    assert recognise(pa.array(cells), name).layout.kind == "number"
