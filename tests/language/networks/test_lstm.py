"""The LSTM cell by its formula is torch's."""

import torch
from torch import nn

from core.language.networks.lstm import by_formula


def test_the_cell_by_formula_is_torchs_lstm():
    lstm = nn.LSTM(6, 6, 2, batch_first=True)
    x = torch.randn(3, 5, 6)
    torch.testing.assert_close(by_formula(lstm, x)[-1], lstm(x)[0])
