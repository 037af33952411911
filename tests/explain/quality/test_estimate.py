"""What checking explanations costs, worked by hand."""

from __future__ import annotations

import pytest

from core.explain.quality import estimate


def test_costly_training_is_not_done_again():
    assert estimate.fits(5000, 0.0001) == (1000, 3)
    assert estimate.fits(5000, 0.1) == (400, 1)
    assert estimate.fits(5000, 1.0) == (0, 0)
    assert estimate.fits(60, 0.5) == (60, 1)  # a small table is small work
    assert estimate.trust_seconds(5, 5000, 4, 0.001) > estimate.trust_seconds(5, 5000, 1, 0.001)


@pytest.mark.parametrize(
    ("n_rows", "per_row", "found"),
    [
        (5000, 0.2, (200, 1)),  # 40 s allow for no fewer than 200 rows
        (5000, 0.201, (0, 0)),
        (150, 0.26, (150, 1)),  # 39 s for all there are
        (150, 0.27, (0, 0)),
        (1000, 0.003, (1000, 3)),  # 3 s: several shuffles
        (1000, 0.00301, (1000, 1)),
        (80, 0.0, (80, 3)),
    ],
)
def test_on_how_many_rows_and_how_often_it_is_trained_again(n_rows, per_row, found):
    assert estimate.fits(n_rows, per_row) == found


def test_training_again_costs_the_true_labels_and_each_shuffle():
    assert estimate.fitting_seconds(1000, 0.002) == pytest.approx(4 * 2.0)
    assert estimate.fitting_seconds(1000, 0.01) == pytest.approx(2 * 10.0)
    assert estimate.fitting_seconds(5000, 1.0) == 0


def test_testing_costs_seven_explanations_a_row_and_its_masked_texts():
    # 3 seeds, 1 on the true labels, 3 on shuffled ones; 3 × 128 texts, and 7 curves of 10
    one = (7 * 16 * 12 * 0.05 + (3 * 128 + 70) * 2.0) / 1000
    assert estimate.testing_seconds(4, 30, 2.0) == pytest.approx(30 * one)
    assert estimate.testing_seconds(4, 5000, 2.0) == 180
    assert estimate.trust_seconds(4, 30, 2.0, 0.0) == pytest.approx(3 + 30 * one)
    assert estimate.trust_seconds(4, 5000, 2.0, 0.01) == pytest.approx(3 + 20 + 40 * one)  # forty rows are tested
