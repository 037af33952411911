"""How often texts are read in training."""

import pytest

from core.encode.finetuning.effort import n_epochs


@pytest.mark.parametrize(
    ("n_rows", "epochs"),
    [(0, 12), (1, 12), (373, 12), (407, 12), (408, 11), (448, 10), (449, 10), (2239, 3), (2240, 2), (19_999, 2),
     (20_000, 1), (10**6, 1)],
)  # fmt: skip
def test_280_steps_of_16_rows_in_2_to_12_epochs_and_one_of_many_rows(n_rows, epochs):
    assert n_epochs(n_rows) == epochs
