"""Types by the first rows of a large file; a later block of another kind is noticed, never bent."""

from __future__ import annotations

import pyarrow as pa
import pytest

from core.data.delimited.direct_types import Changed, Plan


def block(**columns: list[str]) -> pa.RecordBatch:
    return pa.record_batch({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


FIRST = block(n=["1", "20", "-3"], word=["blue", "red", "blue sky"])


def test_whole_numbers_are_parsed_as_words_and_kept_as_numbers():
    plan = Plan.of(FIRST)
    assert (plan.parsed["n"], plan.table.field("n").type) == (pa.string(), pa.int64())
    assert plan.typed(FIRST)["n"].to_pylist() == [1, 20, -3]


@pytest.mark.parametrize("late", ["007", "0x1A", "1.5", "many", str(10**17)])
def test_a_later_cell_of_another_kind_sends_the_reader_the_long_way(late):
    with pytest.raises(Changed):
        Plan.of(FIRST).typed(block(n=[late], word=["blue"]))


def test_a_late_code_marked_as_text_sends_the_reader_the_long_way_but_a_quote_does_not():
    plan = Plan.of(FIRST)
    assert plan.typed(block(n=["1"], word=["'tis '123"]))["word"].to_pylist() == ["'tis '123"]
    with pytest.raises(Changed):
        plan.typed(block(n=["1"], word=["'01067"]))


def test_cells_that_need_a_closer_look_are_left_to_the_long_way():
    with pytest.raises(Changed):
        Plan.of(block(price=["$1,234.50", "$20.00", "$3.10"]))
