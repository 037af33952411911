"""What an encoder is trained towards, by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.encode.finetuning.objectives import Number


@pytest.mark.parametrize(
    ("y", "loss"),
    [([1.0, 2.0, 3.0], 1.0), ([1000.0, 2000.0, 3000.0], 1.0), ([5.0, 5.0, 5.0], 0.0)],  # any scale; one value
)
def test_saying_the_mean_of_a_number_is_off_by_its_deviation_which_is_one(y, loss):
    aim = Number(4, np.array(y), seed=0)
    rows = torch.zeros(3, 4)  # through a layer whose bias is zero: it says the mean
    assert aim.loss(rows, np.arange(3)).item() == pytest.approx(loss)
