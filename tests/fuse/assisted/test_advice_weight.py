"""How much advice is followed: the least weight within one standard error of the best."""

from __future__ import annotations

import numpy as np
import pytest

from core.fuse.assisted import advice_weight
from core.messages import say
from core.results.advice import Advice, Distillation, Trust, TrustPoint


def test_the_least_trust_within_one_standard_error_of_the_best_is_chosen():
    base = np.full(100, 1.0)
    wobble = np.tile([0.5, -0.5], 50)  # standard error of the mean: 0.5 / sqrt(99) = 0.0503
    tried = {0.0: base, 0.5: base - 0.2 + wobble, 1.0: base - 0.24 + wobble * 2}
    found = advice_weight.chosen(tried)
    assert found.value == 0.5  # 0.04 behind, the difference wobbles by 0.0503
    assert [point.loss for point in found.curve] == pytest.approx([1.0, 0.8, 0.76])
    assert found.curve[1].high - found.curve[1].loss == pytest.approx(1.96 * 0.5 / np.sqrt(99))
    assert advice_weight.chosen({0.0: base, 1.0: base - 0.04 + wobble}).value == 0
    assert advice_weight.chosen({0.0: base, 1.0: base - 0.06 + wobble}).value == 1
    assert "did not help" in str(advice_weight.chosen({0.0: base, 1.0: base}).note)


def test_losses_are_log_loss_and_squared_error():
    said = np.array([[0.5, 0.5], [0.1, 0.9], [1.0, 0.0]])
    assert advice_weight.losses(said, np.array([0, 1, 1])) == pytest.approx([np.log(2), -np.log(0.9), -np.log(1e-6)])
    assert advice_weight.losses(np.array([1.0, 4.0]), np.array([2.0, 2.0])).tolist() == [1, 4]


def test_probabilities_that_do_not_sum_to_one_count_by_their_share_and_none_at_all_costs_most():
    said = np.array([[0.2, 0.6], [0.0, 0.0]])
    assert advice_weight.losses(said, np.array([1, 0])) == pytest.approx([-np.log(0.75), -np.log(1e-6)])


def test_of_trusts_that_cost_the_same_the_least_is_chosen():
    alike = np.array([1.0, 2.0, 3.0])
    assert advice_weight.chosen({1.0: alike - 9, 0.5: alike - 9, 0.0: alike}).value == 0.5
    found = advice_weight.chosen({1.0: alike, 0.25: alike, 0.0: alike})
    assert found.value == 0
    assert [point.trust for point in found.curve] == [0, 0.25, 1]
    assert found.n_rows == 3
    reach = 1.96 / 3**0.5  # deviation 1
    assert (found.curve[0].low, found.curve[0].high) == (pytest.approx(2 - reach), pytest.approx(2 + reach))


def test_a_difference_of_exactly_one_standard_error_is_as_good():
    behind = np.array([2.0, 0.0])  # mean 1, and 1 is its standard error, too
    assert advice_weight.chosen({0.0: behind, 1.0: np.zeros(2)}).value == 0
    assert advice_weight.chosen({0.0: behind + 0.001, 1.0: np.zeros(2)}).value == 1


def test_one_row_decides_nothing():
    found = advice_weight.chosen({0.0: np.array([9.0]), 1.0: np.array([0.0])})
    assert (found.value, found.curve[0].low, found.curve[0].high) == (0, -np.inf, np.inf)
    assert str(advice_weight.chosen({0.0: np.array([9.0, 9.1]), 0.5: np.zeros(2)}).note).endswith("trust 0.50.")


def test_squared_errors_are_told_in_the_unit_of_the_target():
    point = TrustPoint(trust=0.5, loss=2.0, low=1.0, high=3.0)
    beside = Distillation(
        teacher_ms_per_row=1.0, student_ms_per_row=2.0, teacher_loss=3.0, student_loss=4.0, alone_loss=5.0, n_rows=6
    )
    found = Advice(trust=Trust(value=0.5, curve=[point], n_rows=7), distillation=beside)
    assert advice_weight.in_own_unit(found, 1.0) is found
    own = advice_weight.in_own_unit(found, 8.0)
    assert own.trust.curve == [TrustPoint(trust=0.5, loss=128.0, low=64.0, high=192.0)]
    assert (own.trust.value, own.trust.n_rows) == (0.5, 7)
    assert own.distillation == Distillation(
        teacher_ms_per_row=1.0,
        student_ms_per_row=2.0,
        teacher_loss=192.0,
        student_loss=256.0,
        alone_loss=320.0,
        n_rows=6,
    )
    assert advice_weight.in_own_unit(Advice(trust=found.trust), 8.0).distillation is None
    largest = np.finfo(float).max
    assert advice_weight.in_own_unit(found, 2.0**600).trust.curve[0].loss == largest  # nothing is endless


def test_what_is_not_tried_is_not_trusted():
    found = advice_weight.not_tried(say("No rows."))
    assert (found.value, found.curve, found.n_rows, str(found.note)) == (0, [], 0, "No rows.")


def test_trust_is_tried_from_none_to_all_of_it_in_even_steps():
    assert np.allclose(advice_weight.GRID, np.linspace(0, 1, 5))
