"""Times of day and durations in hours."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from core.data.values.counted import Counted
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
