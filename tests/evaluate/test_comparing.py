"""Candidates against each other, with values worked out by hand: front, agreement, groups, costs, differences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn import metrics

from core.evaluate import agreement
from core.evaluate.error_costs import error_costs
from core.evaluate.intervals.uncertainty import Sampling
from core.evaluate.intervals.wilson import share_interval
from core.evaluate.pareto import frontier
from core.evaluate.subgroups import by_group


def test_the_front_holds_what_no_other_beats():
    costs = [1, 2, 3, 4, 0.5]
    scores = [0.6, 0.8, 0.7, 0.9, 0.5]
    assert frontier(costs, scores) == [4, 0, 1, 3]  # the third costs more than the second and scores less


def test_the_front_keeps_one_of_equals_and_the_better_at_one_cost():
    assert frontier([1, 1, 1], [0.5, 0.7, 0.7]) == [1]
    assert frontier([0, 5], [0.9, 0.9]) == [0]
    assert frontier([], []) == []


def held(said, truth="aabb", rows=range(4)):
    return pd.DataFrame({"row": list(rows), "fold": 0, "truth": list(truth), "prediction": list(said)})


def test_two_candidates_agree_in_four_ways():
    frame = agreement.side_by_side(held("abba"), held("aaaa"), classes=True)
    assert list(frame["outcome"]) == ["both", "second", "first", "neither"]
    assert agreement.counts(frame, classes=True) == {"both": 1, "first": 1, "second": 1, "neither": 1}


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


def test_wilsons_interval():
    # Newcombe, Statistics in Medicine 17, 1998, table I, method 3: 81 of 263 and 0 of 20
    known = share_interval(81, 263)
    assert (known.low, known.high) == (pytest.approx(0.2553, abs=1e-4), pytest.approx(0.3662, abs=1e-4))
    none = share_interval(0, 20)
    assert (none.low, none.high) == (0, pytest.approx(0.1611, abs=1e-4))


def test_a_score_within_the_values_of_a_column():
    values = pd.Series(["x"] * 10 + ["y"] * 6 + ["rare"] * 2 + [None] * 2)
    said = ["a"] * 8 + ["b"] * 2 + ["a"] * 3 + ["b"] * 3 + ["a"] * 4
    found = by_group(held(said, ["a"] * 20, range(20)), values, "binary", "accuracy", ["a", "b"])
    shown = [(group.kind, group.label, group.n_rows, group.score.mean) for group in found]
    assert shown == [("value", "x", 10, 0.8), ("value", "y", 6, 0.5), ("others", "", 2, 1), ("missing", "", 2, 1)]


def test_a_number_is_grouped_by_four_ranges_with_equally_many_rows():
    off = [1.0] * 25 + [2.0] * 25 + [3.0] * 25 + [4.0] * 25
    made = held(off, [0.0] * 100, range(100))
    found = by_group(made, pd.Series(range(100)), "regression", "mae", [])
    assert [group.label for group in found] == ["0 – 24", "25 – 49", "50 – 74", "75 – 99"]
    assert [group.score.mean for group in found] == [1, 2, 3, 4]


def test_texts_are_grouped_by_length():
    texts = pd.Series(["w" * n for n in range(1, 41)])
    found = by_group(held("a" * 40, "a" * 40, range(40)), texts, "binary", "accuracy", ["a", "b"], text=True)
    assert [(group.kind, group.label) for group in found][:2] == [("length", "1 – 10"), ("length", "11 – 20")]


def test_a_score_that_is_not_defined_in_a_group_is_left_out():
    made = held("ab" * 10, "a" * 10 + "b" * 10, range(20)).assign(probability_a=0.5, probability_b=0.5)
    found = by_group(made, pd.Series(["p"] * 10 + ["q"] * 10), "binary", "roc_auc", ["a", "b"])
    assert [group.score for group in found] == [None, None]


def test_a_group_speaks_of_the_class_that_all_rows_speak_of():
    truth = np.array([*"111110", *"000001"])
    zero = np.array([0.1, 0.2, 0.7, 0.4, 0.5, 0.6, 0.9, 0.3, 0.2, 0.6, 0.1, 0.8])
    made = held("1" * 12, truth, range(12)).assign(probability_0=zero, probability_1=1 - zero)
    values = pd.Series(["p"] * 6 + ["q"] * 6)
    for positive, said in (("0", zero), ("1", 1 - zero)):
        found = by_group(made, values, "binary", "average_precision", ["0", "1"], positive=positive)
        shown = {group.label: group.score.mean for group in found}
        for label, rows in (("p", slice(6)), ("q", slice(6, 12))):
            expected = metrics.average_precision_score(truth[rows] == positive, said[rows])
            assert shown[label] == pytest.approx(expected)


def test_twelve_values_need_no_others():
    values = pd.Series([f"v{place % 12}" for place in range(120)])
    found = by_group(held("a" * 120, "a" * 120, range(120)), values, "binary", "accuracy", ["a", "b"])
    assert [group.kind for group in found] == ["value"] * 12


def test_a_value_of_four_rows_is_among_the_others():
    values = pd.Series(["x"] * 5 + ["y"] * 4)
    found = by_group(held("a" * 9, "a" * 9, range(9)), values, "binary", "accuracy", ["a", "b"])
    assert [(group.kind, group.label, group.n_rows) for group in found] == [("value", "x", 5), ("others", "", 4)]


def test_a_number_of_four_values_is_shown_value_by_value_and_of_five_in_ranges():
    for n, kind in ((4, "value"), (5, "range")):
        values = pd.Series([float(place % n) for place in range(40)])
        found = by_group(held([1.0] * 40, [0.0] * 40, range(40)), values, "regression", "mae", [])
        assert {group.kind for group in found} == {kind}


def test_many_values_are_shown_up_to_twelve():
    values = pd.Series([f"v{place % 20}" for place in range(200)])
    found = by_group(held("a" * 200, "a" * 200, range(200)), values, "binary", "accuracy", ["a", "b"])
    assert len(found) == 12
    assert found[-1].kind == "others"
    assert found[-1].n_rows == 90


def counted(*counts):
    """Rows of one probability each: (probability, how many are of the class, how many are not), and so on."""
    wanted = [kind for _value, n_yes, n_no in counts for kind in [True] * n_yes + [False] * n_no]
    values = [value for value, n_yes, n_no in counts for _row in range(n_yes + n_no)]
    return np.array(wanted), np.array(values)


# 100 rows, 20 of the class. From .3 on: 18 found of 40 called, so 2 missed and 22 false alarms; from .5: 10 of 12; from
# .7: 4 of 4
HUNDRED = counted((0.8, 4, 0), (0.6, 6, 2), (0.4, 8, 20), (0.1, 2, 58))


def test_the_cost_of_errors_by_hand():
    found = error_costs(*HUNDRED, [0.3, 0.5, 0.7], miss=5, false_alarm=1)
    assert found.costs == pytest.approx([10 * (5 * 2 + 22), 10 * (5 * 10 + 2), 10 * 5 * 16])
    assert (found.best, found.best_cost, found.usual_cost) == (0.3, pytest.approx(320), pytest.approx(520))
    assert found.saving.mean == pytest.approx(200)
    assert found.calibrated == pytest.approx(1 / 6)


def test_the_interval_of_a_saving_is_that_of_its_rows():
    # from .5 down to .3, 8 of 100 rows are found (5 saved each) and 20 become false alarms (1 lost each)
    found = error_costs(*HUNDRED, [0.3, 0.5], miss=5, false_alarm=1)
    per_row = np.array([5.0] * 8 + [-1.0] * 20 + [0.0] * 72)
    reach = stats.t.ppf(0.975, 99) * 1000 * per_row.std(ddof=1) / 10
    assert found.saving.low == pytest.approx(200 - reach)
    assert found.saving.high == pytest.approx(200 + reach)


def test_rows_of_one_group_say_no_more_of_a_saving_than_one_row_does():
    # 40 groups of 25 rows that are all the same: there are 40 rows, not 1,000
    random = np.random.default_rng(4)
    wanted = random.random(40) < 0.4
    yes = np.clip(0.25 + 0.3 * wanted + random.normal(0, 0.15, 40), 0, 1)
    groups, grid = np.repeat(np.arange(40), 25), [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    costs = {"miss": 5, "false_alarm": 1}
    alone = error_costs(wanted, yes, grid, **costs).saving
    copied = error_costs(wanted[groups], yes[groups], grid, **costs, sampling=Sampling(np.arange(1000), groups)).saving
    apart = error_costs(wanted[groups], yes[groups], grid, **costs).saving
    assert copied.model_dump() == pytest.approx(alone.model_dump())
    assert copied.high - copied.low > 4.5 * (apart.high - apart.low)  # the root of 25, and Student's quantile


def test_a_saving_is_rarely_sure_where_no_threshold_is_better():
    # true probabilities and equal costs: 0.5 is best, whatever the rows say
    random, sure, grid = np.random.default_rng(0), 0, np.arange(1, 100) / 100
    for _time in range(150):
        yes = random.random(200)
        sure += error_costs(random.random(200) < yes, yes, grid, miss=1, false_alarm=1).saving.low > 0
    assert sure <= 0.025 * 150  # with the chosen threshold held fixed it is sure 8 times of 100


def test_of_equally_cheap_thresholds_the_usual_one_is_kept():
    found = error_costs(*counted((0.9, 5, 0), (0.1, 0, 5)), np.arange(1, 100) / 100, miss=1, false_alarm=1)
    assert (found.best, found.best_cost) == (0.5, 0)
    assert (found.saving.mean, found.saving.low, found.saving.high) == (0, 0, 0)
