"""Several things in one cell."""

import itertools

import pyarrow as pa
import pytest

from core.data.values.convert import columns_of, convert
from core.data.values.recognise import recognise

TOOLS = ["Mail", "Chat", "Tickets", "Wiki"]
COMBINED = [list(chosen) for n in (1, 2, 3) for chosen in itertools.permutations(TOOLS, n)]


@pytest.mark.parametrize(("joint", "mark"), [(", ", ","), ("; ", ";"), ("|", "|"), ("、", "、")])
def test_lists_are_told_by_items_that_recombine(joint, mark):
    layout = recognise(pa.array([joint.join(chosen) for chosen in COMBINED]), "used").layout
    assert (layout.kind, layout.separator) == ("list", mark)


def test_lists_as_programs_write_them():
    assert recognise(pa.array([str(chosen) for chosen in COMBINED]), "used").layout.kind == "list"


@pytest.mark.parametrize(
    "cells",
    [
        [f"{town}, {state}" for town, state in zip("ABCDEFGH", ["TX", "VA"] * 4, strict=True)] * 3,
        ["27/5/2566", "3/12/2560", "5/27/2561", "12/3/2566"] * 5,
        ["Smith, John", "Miller, Ann", "Brown, Bob"] * 5,
        ["Fast delivery, good price", "Too late, never again", "Nice, but small"] * 5,
    ],
)
def test_a_comma_alone_makes_no_list(cells):
    assert recognise(pa.array(cells), "v").layout.kind == "text"


def test_a_pair_of_numbers_becomes_two_columns():
    cells = pa.array(["122/75", "118/80", "", "141/92"])
    layout = recognise(cells, "pressure").layout
    assert [name for name, _source in columns_of("pressure", layout)] == ["pressure (1)", "pressure (2)"]
    assert [half.to_pylist() for half in convert(cells, layout)] == [[122, 118, None, 141], [75, 80, None, 92]]


@pytest.mark.parametrize("cells", [["4/5 stars", "3/5 stars"], ["4 out of 5", "2,5 out of 5"], ["4 von 5", "3 von 5"]])
def test_marks_out_of_five_are_one_number(cells):
    layout = recognise(pa.array(cells), "v").layout
    assert (layout.kind, layout.unit) == ("number", "/5")
    assert convert(pa.array(cells), layout)[0].to_pylist()[0] == 4
