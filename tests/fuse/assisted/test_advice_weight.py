"""How much advice is followed: the least weight within one standard error of the best."""

from __future__ import annotations

import numpy as np
import pytest

from core.fuse.assisted import advice_weight


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
