"""Notes beside a ranking of columns: orders that contradict, columns that cost nothing."""

from __future__ import annotations

from core.results.comparison import Interval
from core.results.explanations.global_explanation import Importance, WholeExplanation, WordEffect
from core.results.explanations.importance_notes import disagreements


def importance(name: str, mean: float, reach: float = 0.001) -> Importance:
    return Importance(name=name, value=Interval(mean=mean, low=mean - reach, high=mean + reach))


def explained(moved: dict[str, float], lost: dict[str, float] | None = None, words=()) -> WholeExplanation:
    return WholeExplanation(
        run="r",
        candidate="c",
        unit="probability",
        background_rows=1,
        n_rows=10,
        shapley=[importance(name, mean) for name, mean in moved.items()],
        permutation=[importance(name, mean) for name, mean in (lost or {}).items()],
        words=[WordEffect(column="t", label="yes", text=text, value=value, n_rows=n) for text, value, n in words],
    )


def test_columns_that_neither_move_nor_cost_do_not_make_an_order():
    # three that matter, in opposite orders, and many that hardly do: too few for a rank correlation
    moved = {"a": 0.4, "b": 0.3, "c": 0.2, **{f"n{place}": 0.01 for place in range(8)}}
    lost = {"a": 0.2, "b": 0.3, "c": 0.4, **{f"n{place}": 0.002 for place in range(8)}}
    assert disagreements(explained(moved, lost)) == []
    # a fourth that moves little but costs a twelfth of all counts
    lost["n0"] = 0.08
    assert "rank correlation" in str(disagreements(explained(moved, lost))[0])


def test_a_column_that_moves_much_but_costs_nothing_is_named():
    found = disagreements(explained({"a": 0.5, "b": 0.4, "c": 0.1}, {"a": 0.2, "b": 0.0, "c": 0.05}))
    assert ["“b” makes 40% of all movement" in str(one) for one in found] == [True]
    found = disagreements(explained({"a": 0.97, "b": 0.03}, {"a": 0.2, "b": 0.1}))
    assert ["Shuffling “b” costs 33% of all" in str(one) for one in found] == [True]


def test_opposite_orders_are_named_and_like_ones_are_not():
    moved = {"a": 0.18, "b": 0.17, "c": 0.16, "d": 0.15}
    opposite = disagreements(explained(moved, {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}))
    assert "rank correlation -1.00" in str(opposite[0])
    assert disagreements(explained(moved, {"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1})) == []
    assert disagreements(explained(moved)) == []


def test_columns_whose_shuffling_is_chance_are_ties_and_make_no_other_order():
    moved = {"t": 0.8, "a": 0.07, "b": 0.06, "c": 0.05}
    assert disagreements(explained(moved, {"t": 0.4, "a": 0.0, "b": 0.0002, "c": 0.0005})) == []


def low_at(whole: WholeExplanation, name: str, low: float) -> WholeExplanation:
    """With another lower end of what shuffling a column costs."""
    next(one for one in whole.permutation if one.name == name).value.low = low
    return whole


def test_a_fifth_of_all_movement_is_much_and_an_interval_that_touches_nothing_is_chance():
    for share, low, named in ((0.2, 0.0, True), (0.19, 0.0, False), (0.2, 0.001, False)):
        moved = {"a": share, "rest": 1 - share}
        found = disagreements(low_at(explained(moved, {"a": 0.5, "rest": 0.5}), "a", low))
        assert ["“a” makes" in str(one) for one in found] == ([True] if named else [])


def test_a_fifth_of_all_loss_is_much_and_a_twentieth_of_movement_is_not_little():
    for moves, costs, low, named in (
        (0.049, 0.2, 0.1, True), (0.05, 0.2, 0.1, False), (0.049, 0.19, 0.1, False), (0.049, 0.2, 0.0, False),
    ):  # fmt: skip
        whole = explained({"a": moves, "rest": 1 - moves}, {"a": costs, "rest": 1 - costs, "gain": -5.0})
        found = disagreements(low_at(whole, "a", low))
        assert ["Shuffling “a” costs 20%" in str(one) for one in found] == ([True] if named else [])


def test_columns_that_were_not_shuffled_and_losses_of_nothing_are_passed_over():
    assert disagreements(explained({"a": 0.5, "b": 0.5}, {"b": 0.4})) == []
    assert disagreements(explained({}, {"b": 0.4})) == []
    assert disagreements(low_at(explained({"a": 0.1, "b": 0.9}, {"a": -0.1, "b": -0.1}), "b", 1.0)) == []


def test_orders_that_agree_a_little_are_not_contradictions():
    moved = {"a": 0.19, "b": 0.18, "c": 0.17, "d": 0.16}
    weak = disagreements(explained(moved, {"a": 0.3, "b": 0.1, "c": 0.4, "d": 0.2}))  # rank correlation 0
    assert "rank correlation -0.00" in str(weak[0]) or "rank correlation 0.00" in str(weak[0])
    assert disagreements(explained(moved, {"a": 0.3, "b": 0.4, "c": 0.1, "d": 0.2})) == []  # 0.6
    assert disagreements(explained(dict(list(moved.items())[:3]), {"a": 0.1, "b": 0.2, "c": 0.3})) == []  # three only


def test_where_shuffling_costs_nothing_no_column_costs_a_share():
    whole = explained({"a": 0.01, "b": 0.99}, {"a": -0.1, "b": -0.1})
    assert disagreements(low_at(low_at(whole, "a", 1.0), "b", 1.0)) == []
