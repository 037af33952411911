"""Attention: every position asks all positions it may see and takes from each as much as it fits the question.

Shapes: B texts, L positions that ask, S positions that are asked, H heads, D = width / H numbers per head.

References
----------
Vaswani et al., "Attention is all you need", NeurIPS 2017. Equations are numbered as there.
Su et al., "RoFormer: enhanced Transformer with rotary position embedding", 2021.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

LONGEST_WAVE = 10_000.0


def attention(query: Tensor, key: Tensor, value: Tensor, visible: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Equation (1), as it is written: softmax(Q Kᵀ / √D) V.

    query: (B, H, L, D) · key, value: (B, H, S, D) · visible: True where L may look at S, broadcast to (B, H, L, S)
    →  the mixed values (B, H, L, D), and the weights (B, H, L, S), whose rows sum to 1
    """
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    if visible is not None:
        scores = scores.masked_fill(~visible, -torch.inf)
    weights = scores.softmax(dim=-1)
    return weights @ value, weights


def causal(n_asking: int, n_asked: int) -> Tensor:
    """Who may see whom where nobody sees the future; the asking are the last of the asked.  →  bool (L, S)"""
    return torch.ones(n_asking, n_asked, dtype=torch.bool).tril(n_asked - n_asking)


class MultiHeadAttention(nn.Module):
    """Section 3.2.2: H attentions side by side, each with its own view of the width.

    Weights W^Q, W^K, W^V, W^O of shape (width, width), without biases.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.output = nn.Linear(width, width, bias=False)

    def keys_values(self, x: Tensor, turns: Turns | None = None) -> tuple[Tensor, Tensor]:
        """What positions say of themselves, and what they give.  x: (B, S, width)  →  twice (B, H, S, D)"""
        return rotated(self._split(self.key(x)), turns), self._split(self.value(x))

    def forward(
        self,
        x: Tensor,
        keys: Tensor,
        values: Tensor,
        *,
        visible: Tensor | None = None,
        look_back: bool = False,
        turns: Turns | None = None,
        seen: list[Tensor] | None = None,
    ) -> Tensor:
        """Ask from each position of x (B, L, width).  →  (B, L, width)

        visible: as in `attention`; look_back: see the past only; seen: the weights are put there
        """
        query = rotated(self._split(self.query(x)), turns)
        n_asking, n_asked = query.shape[-2], keys.shape[-2]
        if look_back and (seen is not None or 1 < n_asking < n_asked):
            visible, look_back = causal(n_asking, n_asked), False
        if seen is None:
            mixed = functional.scaled_dot_product_attention(  # the same formula, without ever holding all weights
                query, keys, values, attn_mask=visible, is_causal=look_back and n_asking > 1
            )
        else:
            mixed, weights = attention(query, keys, values, visible)
            seen.append(weights)
        return self.output(mixed.transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (B, L, width) → (B, H, L, D)


Turns = tuple[Tensor, Tensor]  # cosine and sine of each position's angles, both (L, D / 2)


def rotary(positions: Tensor, size: int) -> Turns:
    """Su et al., equation (15): position m turns the i-th pair of numbers by the angle m · 10000^(−2i / D).

    A question turned by m and an answer turned by n meet at the angle m − n: only the distance counts.
    """
    angles = positions[:, None] * _frequencies(size)
    return angles.cos(), angles.sin()


def rotated(x: Tensor, turns: Turns | None) -> Tensor:
    """Su et al., equation (13), on the pairs (x_i, x_(i + D/2)).  x: (B, H, L, D)  →  the same shape"""
    if turns is None:
        return x
    cosine, sine = turns
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], dim=-1).type_as(x)


def sinusoidal(positions: Tensor, width: int) -> Tensor:
    """Section 3.5: sine and cosine of each position, in waves from 2π to 10000 · 2π long.  →  (L, width)"""
    angles = positions[:, None] * _frequencies(width)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)


def _frequencies(size: int) -> Tensor:
    return LONGEST_WAVE ** (-torch.arange(0, size, 2) / size)  # (size / 2,)


class FeedForward(nn.Module):
    """Equation (2), each position by itself: max(0, x W₁ + b₁) W₂ + b₂.  (B, L, width)  →  (B, L, width)"""

    def __init__(self, width: int, inside: int) -> None:
        super().__init__()
        self.inner = nn.Linear(width, inside)
        self.outer = nn.Linear(inside, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.outer(functional.relu(self.inner(x)))
