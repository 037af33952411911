"""What is said of a column beside its layout: how many cells are of another kind, and the most frequent of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from core.data.values import found
from core.data.values.counted import Counted

CELLS = Counted.of(pa.array(["1", "2", "x", "y", "y", "z", "u", "v", "w", None]))


def mask(*words: str) -> np.ndarray:
    return np.isin(CELLS.values.to_pylist(), words)


def test_the_most_frequent_are_shown_first_and_five_at_most():
    told = found.unread(CELLS, mask("1", "2"))
    assert (told["n_unread"], told["unread"][0], len(told["unread"])) == (7, "y", found.SHOWN)
    assert found.unread(CELLS, np.ones(len(CELLS.values), dtype=bool)) == {"n_unread": 0, "unread": []}


def test_what_was_taken_as_given_is_counted_only_where_it_happened():
    assert found.aside(CELLS, "mark", mask()) == []
    (one,) = found.aside(CELLS, "mark", mask("y", "x"))
    assert (one.what, one.n, one.examples) == ("mark", 3, ["y", "x"])


def test_words_come_in_order():
    assert found.words_in(CELLS, mask("z", "x")) == ["x", "z"]
