"""What looking over many rows is said to cost, worked by hand."""

from __future__ import annotations

import pytest

from core.explain.global_.estimate import ranking_seconds, whole_seconds


@pytest.mark.parametrize(("n_columns", "sets"), [(4, 16), (8, 256), (9, 2 * 6 * 10)])
def test_a_ranking_costs_every_set_of_few_columns_and_six_pairs_of_orders_of_more(n_columns, sets):
    assert ranking_seconds(n_columns, 100, 5.0) == pytest.approx(100 * (sets * 12 * 0.05 + 5) / 1000)


def test_many_rows_cost_a_ranking_shuffles_curves_and_texts():
    ranking = 200 * (16 * 12 * 0.05 + 2)
    shuffles = 300 * (2 + 4 * 5 * 0.05)  # of four columns, five times each
    curves = 4 * 100 * 15 * 0.05
    for texts in (60, 10):
        opened = 200 * (texts * 2 + 30)
        expected = 3 + (ranking + shuffles + curves + opened) / 1000
        assert whole_seconds(4, 200, 2.0, 600, texts) == pytest.approx(expected)
    assert whole_seconds(4, 200, 2.0, 600) == whole_seconds(4, 200, 2.0, 600, 60)


def test_no_more_than_500_rows_are_paid_for_and_no_more_than_the_budget():
    assert whole_seconds(4, 501, 2.0, 600) == whole_seconds(4, 500, 2.0, 600) > whole_seconds(4, 499, 2.0, 600)
    assert whole_seconds(4, 500, 2.0, 20) == 3 + 20
