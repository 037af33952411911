"""Two candidates row by row: four ways to agree, and a lead with its interval."""

from __future__ import annotations

import pandas as pd
import pytest

from core.evaluate import agreement


def held(said, truth="aabb", rows=range(4)):
    return pd.DataFrame({"row": list(rows), "fold": 0, "truth": list(truth), "prediction": list(said)})


def test_two_candidates_agree_in_four_ways():
    frame = agreement.side_by_side(held("abba"), held("aaaa"), classes=True)
    assert list(frame["outcome"]) == ["both", "second", "first", "neither"]
    assert agreement.counts(frame, classes=True) == {"both": 1, "first": 1, "second": 1, "neither": 1}


def test_outcomes_that_no_row_has_are_counted_as_none():
    frame = agreement.side_by_side(held("aabb"), held("aabb"), classes=True)
    assert agreement.counts(frame, classes=True) == {"both": 4, "first": 0, "second": 0, "neither": 0}
    frame = agreement.side_by_side(held([1.0] * 4, [2.0] * 4), held([1.5] * 4, [2.0] * 4), classes=False)
    assert agreement.counts(frame, classes=False) == {"first": 0, "second": 4, "both": 0}


def test_other_rows_are_not_compared():
    assert agreement.side_by_side(held("abba"), held("abba", rows=(3, 2, 1, 0)), classes=True) is None
    assert agreement.side_by_side(held("abba"), held("ab", "aa", range(2)), classes=True) is None


def test_the_closer_number_wins_and_the_furthest_apart_comes_first():
    first = held([21.0, 2.0, 9.0, 4.0], [21.0, 3.0, 3.0, 5.0])  # the largest numbers are the least apart
    second = held([22.0, 3.5, 3.5, 6.0], [21.0, 3.0, 3.0, 5.0])
    frame = agreement.side_by_side(first, second, classes=False)
    assert list(frame["outcome"]) == ["first", "second", "second", "both"]
    assert list(agreement.most_apart(frame, classes=False)["row"]) == [2, 3, 1, 0]


def test_a_lead_is_the_difference_of_the_two_accuracies_with_its_interval():
    # 10 rows that only the first gets right, 4 that only the second does, of 100; test_chosen has the formula
    truth = "a" * 100
    frame = agreement.side_by_side(
        held("a" * 80 + "b" * 20, truth, range(100)), held("b" * 10 + "a" * 70 + "b" * 16 + "a" * 4, truth, range(100)),
        classes=True,
    )  # fmt: skip
    found = agreement.lead(frame)
    error = ((14 - 0.36) / 100 / 99 + 0.0001) ** 0.5
    assert (found.mean, found.low) == (pytest.approx(0.06), pytest.approx(0.06 - 1.984217 * error))


def test_a_lead_on_rows_of_one_group_is_less_sure():
    # 12 rows only the first gets right: as single rows a clear lead, as one group of 12 none
    truth, rows = "a" * 60, range(60)
    first, second = held("a" * 60, truth, rows), held("b" * 12 + "a" * 48, truth, rows)
    alone = agreement.lead(agreement.side_by_side(first, second, classes=True))
    groups = [0] * 12 + list(range(1, 49))
    together = agreement.lead(agreement.side_by_side(first.assign(unit=groups), second, classes=True))
    assert alone.low > 0
    assert together.low < 0
    assert together.mean == alone.mean == pytest.approx(0.2)
