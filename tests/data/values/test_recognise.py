"""What a column is, decided over all its cells: the order of kinds, long columns, and what a person says."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.schema import Layout
from core.data.values.convert import convert
from core.data.values.recognise import SAMPLED, recognise, recognise_each, settle


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["", "", None], "empty"),
        (["22:52", "07:30", "9:05"], "time"),
        (["2:32:19", "27:10:03"], "duration"),
        (["https://a.org/x", "http://www.b.com/y?z=1"], "domain"),
        (["red", "green", "red"], "text"),
        (["1", "2", "3"], "number"),
    ],
)
def test_kinds(cells, kind):
    assert recognise(pa.array(cells, pa.string()), "v").layout.kind == kind


def test_columns_of_a_table_are_what_each_is_by_itself():
    cells = {
        "clock": ["22:52", "07:30"], "day": ["12/05/2021", "n/a"], "price": ["$1,250", "?"], "note": ["red (7)", ""],
        "answer": ["yes", "no"], "length": ["1h 20m", "45m"], "inch": ['91"', '5"'], "year": ["c. 1900", "1930s"],
        "bp": ["122/75", "118/80"], "json": ['"a": 0.5', '"a": 0.25'], "quarter": ["2023Q1", "2023Q2"],
        "none": ["", ""],
    }  # fmt: skip
    columns = {name: pa.array(column) for name, column in cells.items()}
    each = recognise_each(columns, {"answer": "text"}, {"day": Layout(kind="date", formats=["%m/%d/%Y"])})
    alone = {name: recognise(column, name) for name, column in columns.items()}
    alone["answer"] = recognise(columns["answer"], "answer", "text")
    alone["day"] = recognise(columns["day"], "day", None, Layout(kind="date", formats=["%m/%d/%Y"]))
    assert each == alone
    assert {one.layout.kind for one in each.values()} >= {"time", "duration", "date", "number", "pair", "empty", "text"}


def test_web_addresses_become_their_sites():
    cells = pa.array(["https://www.a.org/x", "http://b.com", None])
    assert convert(cells, recognise(cells, "v").layout)[0].to_pylist() == ["a.org", "b.com", None]


@pytest.mark.parametrize(
    "cells",
    [
        [f"{value:.2f}" for value in np.random.default_rng(0).normal(size=3 * SAMPLED)],
        [f"{value}" for value in np.random.default_rng(0).integers(0, 10**6, 3 * SAMPLED)],
        [f"words {chr(97 + place % 26)} and others {place}" for place in range(3 * SAMPLED)],
        [f"{value:,.2f}" for value in np.random.default_rng(0).normal(0, 1e5, 3 * SAMPLED)],
    ],
)
def test_a_long_column_is_read_as_a_short_one(cells):
    long, short = recognise(pa.array(cells), "v").layout, recognise(pa.array(cells[: SAMPLED // 2]), "v").layout
    assert long == short


def test_a_late_cell_of_another_kind_is_seen():
    cells = [f"{place}.25" for place in range(3 * SAMPLED)]
    assert recognise(pa.array([*cells, "broken"]), "v").layout.unread == ["broken"]
    assert recognise(pa.array([*cells, "007"]), "v").layout.kind == "text"


@pytest.mark.parametrize(
    ("cells", "kind", "expected"),
    [
        (["12", "about ten", "14 kg"], "number", [12, None, 14]),
        (["12", "7"], "text", ["12", "7"]),
        (["20170922", "rain"], "date", ["2017-09-22", None]),
        (["b", "a", "b"], "ordered", ["b", "a", "b"]),
    ],
)
def test_a_persons_word_goes_over_what_cells_look_like(cells, kind, expected):
    layout = recognise(pa.array(cells), "v", kind).layout
    found = convert(pa.array(cells), layout)[0].to_pylist()
    assert layout.kind == kind
    assert [str(one.date()) if hasattr(one, "date") else one for one in found] == expected


WANTED = [None, "number", "date", "ordered", "list", "pair", "time"]


@settings(deadline=None)
@given(st.lists(st.text(max_size=20), max_size=30), st.sampled_from(WANTED))
def test_anything_can_be_read_and_nothing_is_lost(cells, kind):
    column = pa.array(cells, pa.string())
    layout = settle({"v": recognise(column, "v", kind)})["v"]
    made = convert(column, layout)
    assert all(len(one) == len(cells) for one in made)
    if layout.kind == "text":
        kept = [cell for cell in made[0].to_pylist() if cell is not None]
        assert set(kept) <= set(cells)
