"""Times of day, durations in hours, and minutes with seconds: told apart by the whole column and its name."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from core.data.values.convert import contradicting, convert
from core.data.values.counted import Counted
from core.data.values.recognise import recognise, recognise_each, settle
from core.data.values.temporal.clock import hours, layouts


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0:00", 0.0),
        ("12:00 AM", 0.0),  # midnight
        ("12:30 pm", 12.5),  # noon is 12, not 24
        ("9:45 p.m.", 21.75),
        ("14h30", 14.5),
        ("2:32:24", 2.54),
        ("100:15", 100.25),
        ("1:00:00.9", 1.00025),
        ("1:00:00,9", 1.00025),
    ],
)
def test_a_time_in_hours(cell, value):
    assert hours(pa.array([cell])).tolist() == [pytest.approx(value)]


@pytest.mark.parametrize("cell", ["7:60", "7:5", "1234:00", "7", "noon", "7:30 xm", "", None])
def test_what_is_no_time_has_none(cell):
    assert np.isnan(hours(pa.array([cell], pa.string()))).all()


def kind(cells: list[str], name: str = "at") -> str | None:
    return next((layout.kind for layout in layouts(Counted.of(pa.array(cells, pa.string())), name)), None)


def test_hours_beyond_a_day_or_the_name_make_durations():
    assert kind(["22:52", "07:30"]) == "time"
    assert kind(["22:52", "24:30"]) == "duration"
    assert kind(["22:52", "07:30"], "finish time") == "duration"
    assert kind(["22:52", "07:30"], "用时") == "duration"


def test_few_cells_may_be_something_else():
    assert kind(["8:00"] * 19 + ["late"]) == "time"
    assert kind(["8:00"] * 9 + ["late"]) is None
    assert kind(["8:00"] * 9 + ["n/a"]) == "time"  # a word for nothing does not count
    assert kind([]) is None


def read(cells, name):
    layout = recognise(pa.array(cells), name).layout
    return layout.kind, layout.unit, convert(pa.array(cells), layout)[0].to_pylist()


@pytest.mark.parametrize(
    ("name", "cells", "minutes"),
    [
        ("duration (min)", ["4:22", "3:30", "5:00"], [4.366666667, 3.5, 5]),
        ("track_length_min", ["4:30", "3:30", "5:00"], [4.5, 3.5, 5]),
        ("x", ["75:30", "9:00"], [75.5, 9]),
        ("Zielzeit finish", ["59:30", "1:02:30"], [59.5, 62.5]),
        ("lap time", ["1:23.4", "1:24,6"], [1.39, 1.41]),
        ("sector", ["1:23.4", "0:24.6"], [1.39, 0.41]),
        ("pace", ["4:30", "6:00", "n/a"], [4.5, 6, None]),
        ("配速", ["4:30", "6:00"], [4.5, 6]),
    ],
)
def test_minutes_and_seconds(name, cells, minutes):
    assert read(cells, name) == ("duration", "min", minutes)


@pytest.mark.parametrize(
    ("name", "cells", "kind", "hours"),
    [
        ("opening", ["8:30", "17:15"], "time", [8.5, 17.25]),
        ("hours worked", ["37:30", "75:15"], "duration", [37.5, 75.25]),
        ("Saldo", ["-", "120:30", "8:00"], "duration", [None, 120.5, 8]),
        ("duration", ["4:30", "3:15"], "duration", [4.5, 3.25]),  # nothing says that these are minutes
        ("Moving Time", ["01:30:00", "00:45:00"], "duration", [1.5, 0.75]),
        ("minimum", ["4:30", "3:15"], "time", [4.5, 3.25]),
        ("at", ["22:30", "22:45:36"], "time", [22.5, 22.76]),
    ],
)
def test_hours_where_nothing_says_minutes(name, cells, kind, hours):
    assert read(cells, name) == (kind, "h", hours)


def test_a_new_file_is_read_in_minutes_too():
    layout = recognise(pa.array(["75:30", "9:00"]), "x").layout
    assert convert(pa.array(["4:30", "1:00:30"]), layout)[0].to_pylist() == [4.5, 60.5]
    assert contradicting(pa.array(["4:30", "soon"]), convert(pa.array(["4:30", "soon"]), layout)[0], layout) == 1


def in_table(**columns: list[str]) -> tuple[str, bool]:
    """What “Time” is beside other columns, and whether that is an assumption."""
    layout = settle(recognise_each({name: pa.array(cells) for name, cells in columns.items()}))["Time"]
    return layout.kind, layout.ambiguous


RACE, DAY = ["0:42:10", "1:12:33"], ["09:42:10", "21:12:33"]


def test_time_beside_distances_or_paces_is_how_long_something_took():
    assert in_table(Time=RACE, Distance=["10 km", "21.1 km"]) == ("duration", False)
    assert in_table(Time=RACE, Bib=["12", "7"], Date=["2024-05-01", "2024-05-01"]) == ("duration", False)
    assert in_table(Time=RACE, 配速=["4:12", "5:01"]) == ("duration", False)


def test_time_of_day_stays_what_it_is_and_is_said_to_be_assumed_where_nothing_tells():
    assert in_table(Time=RACE, Date=["2024-05-01", "2024-05-02"]) == ("time", False)
    assert in_table(Time=RACE, name=["a", "b"]) == ("time", True)
    assert in_table(Time=DAY, Distance=["10 km", "21.1 km"]) == ("time", False)  # into the night
    assert in_table(Time=["9:42 AM", "1:12 PM"], Distance=["1", "2"]) == ("time", False)
