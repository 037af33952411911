"""The names of a target's classes once its cells are ranges or hold a label, and their order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.targets.class_names import class_names, in_order, ranges
from core.plan import TargetAs


def test_ranges_are_listed_from_the_lowest():
    how = TargetAs(way="bins", edges=[5, 10, 100])
    assert in_order({"100 and more", "10 to 100", "below 5", "5 to 10"}, how) == ranges([5, 10, 100])
    assert in_order({"b", "a"}, TargetAs()) == ["a", "b"]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=4))
def test_borders_are_written_with_the_fewest_digits_that_are_them(edges):
    written = [name.split()[0] for name in ranges(edges)[1:]]
    assert [float(mark) for mark in written] == edges
    assert written == [np.format_float_positional(edge, trim="-") for edge in edges]


@pytest.mark.parametrize(
    ("how", "names"),
    [
        (TargetAs(), []),
        (TargetAs(way="bins", edges=[0.1]), ["below 0.1", "0.1 and more"]),
        (TargetAs(way="label", label="Chat", separator=","), ["Chat", "not Chat"]),
    ],
)
def test_a_settled_choice_names_its_classes(how, names):
    assert class_names(how) == names
