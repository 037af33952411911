"""The tower: every column becomes a token, a vector of the same width whatever the column holds."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import nn

from core.fuse.joint.columns import DATE_NUMBERS, Arrays, Sizes

TOKEN = 32  # numbers per column
Columns = tuple[torch.Tensor, torch.Tensor, torch.Tensor]  # numbers, categories, dates of a batch


class Tower(nn.Module):
    """One linear map per number and per date, one table per category.

    Numbers arrive as their piecewise-linear encodings; a linear map of it is a broken line with its own slope in
    every bin (Gorishniy et al. 2022, "PLE-L").
    """

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.numbers = _maps(sizes.n_numbers, sizes.n_pieces)
        self.dates = _maps(sizes.n_dates, DATE_NUMBERS)
        self.number_starts = nn.Parameter(torch.zeros(sizes.n_numbers, TOKEN))
        self.date_starts = nn.Parameter(torch.zeros(sizes.n_dates, TOKEN))
        self.categories = nn.ModuleList([_table(n_values) for n_values in sizes.n_values])

    def forward(self, columns: Columns) -> torch.Tensor:
        """Arrays of n rows  →  tokens (n, columns, TOKEN)."""
        numbers, categories, dates = columns
        told = [table(categories[:, place]) for place, table in enumerate(self.categories)]
        return torch.cat(
            [
                torch.einsum("ncp,cpd->ncd", numbers, self.numbers) + self.number_starts,
                torch.stack(told, dim=1) if told else numbers.new_zeros(len(numbers), 0, TOKEN),
                torch.einsum("ncp,cpd->ncd", dates, self.dates) + self.date_starts,
            ],
            dim=1,
        )


def tensors(arrays: Arrays) -> Columns:
    """The arrays as torch sees them."""
    return torch.from_numpy(arrays.numbers), torch.from_numpy(arrays.categories), torch.from_numpy(arrays.dates)


def some(columns: Columns, places: np.ndarray) -> Columns:
    """The rows at these places."""
    chosen = torch.as_tensor(places, dtype=torch.long)
    return columns[0][chosen], columns[1][chosen], columns[2][chosen]


def _maps(n_columns: int, n_inputs: int) -> nn.Parameter:
    return nn.Parameter(torch.randn(n_columns, n_inputs, TOKEN) / math.sqrt(n_inputs))


def _table(n_values: int) -> nn.Embedding:
    table = nn.Embedding(n_values, TOKEN)
    nn.init.normal_(table.weight, std=0.5)
    return table
