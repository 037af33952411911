"""One kind after the other: each says yes to its own cells and no to the others'."""

from __future__ import annotations

import pyarrow as pa
import pytest

from core.data.values import kinds
from core.data.values.counted import Counted

CELLS = {
    "date": ["2024-03-05", "2023-12-31", "2022-01-01"],
    "time": ["07:30", "22:52", "09:05"],
    "pair": ["122/75", "140/90", "118/79"],
}
ASKED = {"date": kinds.as_dates, "time": kinds.as_times, "pair": kinds.as_pairs}


def counted(*cells: str) -> Counted:
    return Counted.of(pa.array(cells, pa.string()))


@pytest.mark.parametrize("kind", ASKED)
@pytest.mark.parametrize("other", CELLS)
def test_each_kind_knows_its_own(kind, other):
    found = ASKED[kind](counted(*CELLS[other]), "v")
    assert (found is not None and found.layout.kind == kind) == (kind == other)


def test_a_day_above_twelve_shows_the_order_for_the_other_columns():
    assert kinds.as_dates(counted("25/12/2023", "01/02/2024"), "v").shows == {"day first"}
    open_question = kinds.as_dates(counted("05/03/2024", "01/02/2024"), "v")
    assert (open_question.shows, len(open_question.others)) == (frozenset(), 1)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["yes", "no", "yes"], "boolean"), (["low", "high", "medium"], "ordered"), (["red", "green", "blue"], "text"),
        (["https://a.org/x", "http://b.com"], "domain"),
    ],
)  # fmt: skip
def test_words_are_answers_levels_addresses_or_words(cells, kind):
    assert kinds.as_words(counted(*cells), "v").kind == kind


def test_paces_beside_speeds_are_words_and_said_to_be_two_kinds():
    found = kinds.as_words(counted("5:12", "4:58", "12.3 km/h", "5:40"), "Avg Pace")
    assert (found.kind, [(one.what, one.n, one.examples) for one in found.asides]) == (
        "text",
        [("mixed", 1, ["12.3 km/h"])],
    )
    assert kinds.as_words(counted("red 5:12", "4:58", "12.3"), "v").asides == []
