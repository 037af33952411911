"""What opening a row is said to cost, worked by hand."""

from __future__ import annotations

import pytest

from core.explain.row.estimate import coalitions, row_seconds, shap_seconds


@pytest.mark.parametrize(("n_columns", "sets"), [(0, 1), (3, 8), (10, 1024), (11, 352), (20, 640)])
def test_every_set_of_few_columns_is_tried_and_drawn_orders_of_more(n_columns, sets):
    assert coalitions(n_columns) == sets  # beyond ten columns: sixteen pairs of orders


def test_a_row_costs_its_sets_of_columns_and_its_masked_texts():
    # 3 s to open; a row: 16 sets × 12 rows × 0.05 ms, and 401 texts of 5 ms
    assert row_seconds(4, 2, 5.0) == pytest.approx(3 + 2 * (16 * 12 * 0.05 + 401 * 5) / 1000)


@pytest.mark.parametrize(
    ("n_columns", "n_words", "ms_per_row", "drawing"),
    [
        (4, [], 5.0, 16 * 12 * 0.3),  # every set of columns, 12 rows each, 0.3 ms a row
        (10, [], 5.0, 1024 * 12 * 0.3),
        (11, [], 5.0, 400 * 11 * 12 * 0.3),  # 200 orders and their reverses
        (2, [8], 5.0, 4 * 12 * 0.3 + 256 * 5),  # every set of eight words
        (2, [9, 3], 5.0, 4 * 12 * 0.3 + (100 * 9 + 8) * 5),  # 50 orders of nine, and their reverses
    ],
)
def test_shap_costs_its_sets_and_orders(n_columns, n_words, ms_per_row, drawing):
    assert shap_seconds(n_columns, n_words, ms_per_row) == pytest.approx(3 + 7 + drawing / 1000)


def test_shap_draws_no_longer_than_a_minute():
    assert shap_seconds(10, [200], 500.0) == 3 + 7 + 60
