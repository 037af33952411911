"""Dates as people and programs write them."""

import datetime as dt

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.values.convert import contradicting, convert
from core.data.values.recognise import recognise, settle


def read(cells, name="when", delimiter=""):
    """What a column of these cells becomes."""
    layout = settle({name: recognise(pa.array(cells), name)}, delimiter)[name]
    return layout, convert(pa.array(cells), layout)[0].to_pylist()


SEPTEMBER, MARCH = dt.datetime(2017, 9, 22), dt.datetime(2018, 3, 5)


@pytest.mark.parametrize(
    "cells",
    [
        ["22-Sep-17", "05-Mar-18"],
        ["22/Sep/17", "5/Mar/18"],
        ["September 22, 2017", "March 5, 2018"],
        ["22.9.2017", "5.3.2018"],
        ["22/09/2017", "5/3/2018"],
        ["09/22/2017", "3/5/2018"],
        ["20170922", "20180305"],
        ["2017年9月22日", "2018年3月5日"],
        ["22. September 2017", "5. März 2018"],
        ["22 sept. 2017", "5 mars 2018"],
        ["Fri, 22 Sep 2017", "Mon, 05 Mar 2018"],
        ["2017/09/22", "2018/3/5"],
        ["1506038400", "1520208000"],
        ["1506038400000", "1520208000000"],
        ["22 Sep 2017 00:00", "5 Mar 2018 00:00"],
        ["2017-09-22T00:00:00+02:00", "2018-03-05T00:00:00+02:00"],
    ],
)
def test_dates_are_read_as_a_person_reads_them(cells):
    layout, found = read(cells, "created_at")
    assert layout.kind == "date"
    assert found == [SEPTEMBER, MARCH]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["Sep-2017", "Mar-2018"], [dt.datetime(2017, 9, 1), dt.datetime(2018, 3, 1)]),
        (["2017-09", "2018-03"], [dt.datetime(2017, 9, 1), dt.datetime(2018, 3, 1)]),
        (["2017Q3", "2018Q1"], [dt.datetime(2017, 7, 1), dt.datetime(2018, 1, 1)]),
        (["Q3 2017", "Q1 2018"], [dt.datetime(2017, 7, 1), dt.datetime(2018, 1, 1)]),
        (["2024/03/12 10:46:58 PM GMT+1"], [dt.datetime(2024, 3, 12, 22, 46, 58)]),
        (["09/22/2017 12:05 AM", "03/05/2018 03:00 PM"], [dt.datetime(2017, 9, 22, 0, 5), dt.datetime(2018, 3, 5, 15)]),
        (["2020-01-01T10:00:00Z", "2020-01-01T12:00:00+02:00"], [dt.datetime(2020, 1, 1, 10)] * 2),
        (["01.02.2023 06:00", "28.02.2023 18:30"], [dt.datetime(2023, 2, 1, 6), dt.datetime(2023, 2, 28, 18, 30)]),
    ],
)
def test_moments_quarters_and_months(cells, expected):
    assert read(cells)[1] == expected


@pytest.mark.parametrize(
    "cells",
    [["12.5", "13.7"], ["10-19", "20-29"], ["122/75", "118/80"], ["1.2.3", "2.3.4"], ["May", "June"], ["1998", "2003"]],
)
def test_what_is_no_date(cells):
    assert read(cells)[0].kind != "date"


def test_day_and_month_are_told_apart_over_the_whole_column():
    layout, found = read(["07/01/2022", "08/02/2022", "24/01/2021"])
    assert (layout.formats, layout.ambiguous) == (["%d/%m/%Y"], False)
    assert found[0] == dt.datetime(2022, 1, 7)


def test_where_they_cannot_be_told_apart_it_is_an_assumption():
    assert (read(["07/01/2022", "08/02/2022"])[0].formats, read(["07/01/2022"])[0].ambiguous) == (["%m/%d/%Y"], True)
    assert read(["07/01/2022", "08/02/2022"], delimiter=";")[0].formats == ["%d/%m/%Y"]


def test_another_column_settles_it():
    told = {
        "a": recognise(pa.array(["07/01/2022", "08/02/2022"]), "a"),
        "b": recognise(pa.array(["24/01/2021", "25/02/2022"]), "b"),
    }
    assert (settle(told)["a"].formats, settle(told)["a"].ambiguous) == (["%d/%m/%Y"], False)


def test_zeros_stand_for_no_date():
    layout, found = read(["2020-01-05", "0000-00-00", "2021-02-03", "n/a"])
    assert (layout.kind, layout.missing, found[1]) == ("date", ["0000-00-00", "n/a"], None)


def test_seconds_since_1970_need_a_name_that_speaks_of_time():
    assert read(["1506038400", "1520208000"], "amount")[0].kind == "number"


def test_a_spreadsheets_date_is_read_by_any_layout_and_a_contradiction_is_found():
    layout = read(["24/01/2021", "07/01/2022"])[0]
    cells = pa.array(["2022-01-07", "07/01/2022", "13/13/2022"])
    found = convert(cells, layout)[0]
    assert found.to_pylist() == [dt.datetime(2022, 1, 7), dt.datetime(2022, 1, 7), None]
    assert contradicting(cells, found, layout) == 2


LAYOUTS = [
    "%Y-%m-%d %H:%M:%S",
    "%d %b %Y %H:%M:%S",
    "%B %d, %Y %I:%M:%S %p",
    "%Y年%m月%d日 %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
]
MOMENTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1))


@settings(deadline=None)
@given(st.lists(MOMENTS, min_size=1), st.sampled_from(LAYOUTS))
def test_every_layout_comes_back(moments, layout):
    moments = [moment.replace(microsecond=0) for moment in moments]
    found = read([moment.strftime(layout) for moment in moments])[1]
    assert found == moments


def test_agrees_with_pandas_on_a_long_column():
    days = pd.date_range("1990-01-01", periods=20_000, freq="7h")
    found = read(days.strftime("%d/%m/%Y %H:%M").tolist())[1]
    assert found == [day.replace(second=0).to_pydatetime() for day in days]


def test_what_was_put_in_one_zone_stays_in_it():
    layout = read(["2020-01-01 10:00+01:00", "2020-01-01 10:00+02:00"])[0]
    assert convert(pa.array(["2021-01-01 10:00+02:00"]), layout)[0].to_pylist() == [dt.datetime(2021, 1, 1, 8)]
