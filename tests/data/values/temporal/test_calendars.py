"""Years of the Buddhist calendar and of eras, as Gregorian ones."""

from __future__ import annotations

import pyarrow as pa
import pytest

from core.data.values.convert import convert
from core.data.values.recognise import recognise, settle
from core.data.values.temporal.dates import exchanged


def days(cells: list[str], name: str = "v") -> list[str | None]:
    layout = settle({name: recognise(pa.array(cells), name)})[name]
    assert layout.kind == "date"
    return [None if day is None else f"{day:%Y-%m-%d %H:%M}" for day in convert(pa.array(cells), layout)[0].to_pylist()]


def test_buddhist_years_are_543_ahead_and_said_to_be():
    assert days(["29/02/2567", "31/12/2566 14:30"]) == ["2024-02-29 00:00", "2023-12-31 14:30"]
    assert days(["2567-05-01", "2566-12-31"]) == ["2024-05-01 00:00", "2023-12-31 00:00"]
    (aside,) = recognise(pa.array(["29/02/2567", "31/12/2566", "n/a"]), "v").layout.asides
    assert (aside.what, aside.n) == ("buddhist", 2)


def test_one_wrong_year_among_others_is_no_buddhist_one():
    cells = [f"2024-05-{day:02}" for day in range(1, 29)]
    layout = recognise(pa.array([*cells, "2524-05-01"]), "v").layout
    assert (layout.formats, layout.unread) == (["%Y-%m-%d"], ["2524-05-01"])


@pytest.mark.parametrize("cells", [["2567", "2566"], ["2,567.50", "2,410.00"], ["2500 kg", "2410 kg"]])
def test_amounts_are_no_buddhist_years(cells):
    assert recognise(pa.array(cells), "v").layout.kind == "number"


def test_the_years_of_eras():
    assert days(["令和6年5月1日", "平成元年1月8日", "昭和60年12月24日", "2020年1月2日"]) == [
        "2024-05-01 00:00",
        "1989-01-08 00:00",
        "1985-12-24 00:00",
        "2020-01-02 00:00",
    ]
    assert days(["民國113年5月1日", "民國99年12月31日"]) == ["2024-05-01 00:00", "2010-12-31 00:00"]


def test_day_and_month_exchanged_stay_in_their_calendar():
    layout = recognise(pa.array(["01/05/2567", "02/06/2566"]), "v").layout
    other = exchanged(layout)
    read = [convert(pa.array(["01/05/2567"]), one)[0][0].as_py() for one in (layout, other)]
    assert {(one.year, one.month, one.day) for one in read} == {(2024, 1, 5), (2024, 5, 1)}
