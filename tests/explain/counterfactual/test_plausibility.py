"""A row far from all others is unusual."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data.schema import Schema
from core.explain.counterfactual.edits import Row, Step
from core.explain.counterfactual.plausibility import MOST_ROWS, TYPICAL_ROWS, Rows
from core.explain.counterfactual.substitutes import NearWords
from tests.fuse.tables import column, tickets


def test_a_row_far_from_all_others_is_unusual():
    table, _schema = tickets(200)
    roles = {"hours": "number", "city": "category", "day": "date", "text": "text"}
    rows = Rows(table[list(roles)], roles)
    assert rows.nearest(table[list(roles)].iloc[[5]]) == 0.0
    assert rows.nearest(table[list(roles)].iloc[[5]], but=int(table.index[5])) > 0.0  # another row, not itself
    odd = table[list(roles)].iloc[[5]].assign(hours=1000.0, city="Atlantis")
    assert rows.unusual(rows.nearest(odd)) == 1.0
    assert rows.unusual(0.0) == 0.0


ROLES = {"n": "number", "day": "date", "city": "category", "text": "text"}
SCHEMA = Schema(columns=[column(name, role, "en") for name, role in ROLES.items()])


def five_rows() -> pd.DataFrame:
    """Numbers and days with a range of ten, one cell of each column missing."""
    return pd.DataFrame(
        {
            "n": [0.0, 1.0, 3.0, 10.0, np.nan],
            "day": pd.to_datetime(["2025-01-01", "2025-01-03", "2025-01-07", None, "2025-01-11"]),
            "city": ["a", "a", "b", None, "b"],
            "text": ["one two", "two", "two three", None, "three"],
        }
    )


def one_row(n=2.0, day="2025-01-05", city="b", text="one two three four") -> pd.DataFrame:
    return pd.DataFrame({"n": [n], "day": pd.to_datetime([day]), "city": [city], "text": [text]})


@pytest.mark.parametrize(
    ("row", "apart"),  # from each of the five rows: number, day and city, each 0 to 1
    [
        ({}, [0.2 + 0.4 + 1, 0.1 + 0.2 + 1, 0.1 + 0.2 + 0, 0.8 + 1 + 1, 1 + 0.6 + 0]),
        ({"n": 100.0, "city": "a"}, [1 + 0.4 + 0, 1 + 0.2 + 0, 1 + 0.2 + 1, 1 + 1 + 1, 1 + 0.6 + 1]),
        ({"n": np.nan, "day": None, "city": None}, [3, 3, 3, 1 + 0 + 0, 0 + 1 + 1]),
    ],
)
def test_the_nearest_row_by_gowers_distance_worked_by_hand(row, apart):
    rows, frame = Rows(five_rows(), ROLES), one_row(**row)
    order = np.argsort(apart)
    assert rows.nearest(frame) == pytest.approx(min(apart) / 3)
    assert rows.nearest(frame, but=int(order[0])) == pytest.approx(apart[order[1]] / 3)


def test_the_share_of_rows_that_lie_nearer_to_another_worked_by_hand():
    # nearest to each: 0.3 (the second row), 0.3, 1.4 (the fifth), 2.7 (the third), 1.4
    rows = Rows(five_rows(), ROLES)
    assert sorted(rows.typical) == pytest.approx([0.1, 0.1, 1.4 / 3, 1.4 / 3, 0.9])
    assert [rows.unusual(far) for far in (0.1, 0.11, 0.5, 1.0)] == [0, 0.4, 0.8, 1]


def test_rows_of_texts_alone_and_a_row_alone_have_no_nearest_row():
    texts = Rows(five_rows()[["text"]], ROLES)
    assert texts.nearest(one_row()) is None
    assert texts.unusual(0.5) == 0
    alone = Rows(five_rows().head(1), ROLES)
    assert alone.nearest(one_row(), but=0) is None
    assert alone.nearest(one_row(n=0.0, day="2025-01-01", city="a")) == 0
    numbers = Rows(five_rows()[["n"]], ROLES)
    assert numbers.nearest(one_row()) == pytest.approx(0.1)
    cities = Rows(five_rows()[["city"]], ROLES)
    assert (cities.nearest(one_row()), cities.nearest(one_row(city="c"))) == (0, 1)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([0.0, 1.0, 3.0, 10.0, np.nan], 1.4826 * 1.5),  # from the median 2: 2, 1, 1 and 8
        ([0.0, 0.0, 0.0, 0.0, 5.0], 2.0),  # no median deviation: the standard one
        ([4.0, 4.0], 1.0),
        ([np.nan, np.nan], 1.0),
    ],
)
def test_a_number_is_measured_by_its_median_absolute_deviation(values, scale):
    assert Rows(pd.DataFrame({"n": values}), ROLES).scales["n"] == pytest.approx(scale)


def test_a_distance_is_the_mean_over_columns_worked_by_hand():
    rows, row = Rows(five_rows(), ROLES), Row(one_row(), SCHEMA)
    number, day = 1.4826 * 1.5, 1.4826 * 3  # from the median day: 4, 2, 2 and 6 days

    def far(*steps, of=row):
        return rows.distance(of, frozenset(steps)) * 4

    assert far() == 0
    assert far(Step("n", "value", 5.0)) == pytest.approx(3 / number)
    assert far(Step("n", "value", -1.0)) == pytest.approx(3 / number)
    assert far(Step("day", "value", pd.Timestamp("2025-01-06 12:00"))) == pytest.approx(1.5 / day)
    assert far(Step("city", "value", "a")) == 1
    assert far(Step("text", "delete", "", 0), Step("text", "replace", "x", 3)) == pytest.approx(2 / 4)
    assert far(Step("n", "value", 5.0), of=Row(one_row(n=np.nan), SCHEMA)) == 1  # it had none


def test_a_note_says_how_common_a_value_is():
    rows, words = Rows(five_rows(), ROLES), NearWords(["one two", "two", "two three", "three"], "en")
    told = {
        "50% of the rows have less": Step("n", "value", 3.0),
        "25% of the rows have less": Step("day", "value", pd.Timestamp("2025-01-02")),
        "50% of the rows have it": Step("city", "value", "a"),
        "“two” stands in 3 of 4 texts": Step("text", "replace", "“Two”", 0),
        "“five” stands in 0 of 4 texts": Step("text", "replace", "five", 0),
    }
    assert {str(rows.note(step, words)): step for step in told.values()} == told
    assert rows.note(Step("text", "delete", "", 0), words) is None
    assert rows.note(Step("text", "replace", "two", 0), None) is None
    empty = Rows(pd.DataFrame({"n": [np.nan], "city": [None]}), ROLES)
    assert empty.note(Step("n", "value", 1.0), None) is None
    assert empty.note(Step("city", "value", "a"), None) is None


def test_of_a_large_table_a_sample_is_looked_at_the_same_each_time():
    table = pd.DataFrame({"n": np.arange(MOST_ROWS + 1.0)})
    rows, again, other = (Rows(table, ROLES, seed) for seed in (0, 0, 1))
    assert rows.table["n"].nunique() == MOST_ROWS == 2000
    assert rows.table.index.equals(again.table.index)
    assert not rows.table.index.equals(other.table.index)
    assert len(rows.typical) == TYPICAL_ROWS == 300
    assert Rows(table.head(MOST_ROWS), ROLES).table.index.equals(table.head(MOST_ROWS).index)  # as they stand
