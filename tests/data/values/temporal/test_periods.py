"""Weeks, quarters, half-years, seasons and fiscal years as dates; codes that only look like them."""

import pyarrow as pa
import pytest

from core.data.values.convert import convert
from core.data.values.recognise import recognise


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["2023-W05", "2023W52"], ["2023-01-30", "2023-12-25"]),
        (["KW 1/2023", "KW 12/23"], ["2023-01-02", "2023-03-20"]),
        (["Week 5, 2023", "Week 6, 2023"], ["2023-01-30", "2023-02-06"]),
        (["2023年第5周", "2023年第6周"], ["2023-01-30", "2023-02-06"]),
        (["1Q23", "4Q2022"], ["2023-01-01", "2022-10-01"]),
        (["T2 2023", "T3 2022"], ["2023-04-01", "2022-07-01"]),
        (["2023年第1季度", "2022年4季度"], ["2023-01-01", "2022-10-01"]),
        (["2023H1", "H2 2022"], ["2023-01-01", "2022-07-01"]),
        (["2023年上半年", "2022年下半年"], ["2023-01-01", "2022-07-01"]),
        (["2023M05", "2022M11"], ["2023-05-01", "2022-11-01"]),
        (["FY2023", "FY22"], ["2023-01-01", "2022-01-01"]),
        (["2021/22", "2022/23"], ["2021-01-01", "2022-01-01"]),
        (["2021/2022", "2022/2023"], ["2021-01-01", "2022-01-01"]),
        (["Spring 2023", "Winter 2022/23"], ["2023-03-01", "2022-12-01"]),
        (["Herbst 2023", "Sommer 2022"], ["2023-09-01", "2022-06-01"]),
    ],
)
def test_a_period_is_its_first_day(cells, days):
    layout = recognise(pa.array(cells), "when").layout
    assert layout.kind == "date"
    assert [str(one.date()) for one in convert(pa.array(cells), layout)[0].to_pylist()] == days


@pytest.mark.parametrize(
    "cells", [["T112", "T345"], ["S12", "H21"], ["W10-20", "W30-15"], ["v1.10", "v2.20"], ["2020/2025", "2018/2030"]]
)
def test_codes_are_no_periods(cells):
    assert recognise(pa.array(cells), "v").layout.kind != "date"


def test_months_are_no_fiscal_years():
    layout = recognise(pa.array(["2009-10", "2010-11", "2011-01"]), "v").layout
    assert layout.formats == ["%Y-%m"]


def test_a_week_that_its_year_does_not_have_is_missing():
    layout = recognise(pa.array([f"2023-W{week:02}" for week in range(1, 53)]), "v").layout
    assert convert(pa.array(["2023-W53", "2020-W53"]), layout)[0].is_valid().to_pylist() == [False, True]
