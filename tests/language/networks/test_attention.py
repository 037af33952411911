"""Attention and positions against torch's own and by hand."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from core.language.networks.attention import MultiHeadAttention, attention, causal, rotary, rotated, sinusoidal


def test_attention_is_torchs():
    query, key, value = torch.randn(3, 2, 4, 6, 8).unbind(0)
    visible = causal(6, 6)
    mixed, weights = attention(query, key, value, visible)
    torch.testing.assert_close(mixed, functional.scaled_dot_product_attention(query, key, value, attn_mask=visible))
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 4, 6))


def test_multi_head_attention_is_torchs():
    ours, theirs = MultiHeadAttention(32, 4), nn.MultiheadAttention(32, 4, bias=False, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([ours.query.weight, ours.key.weight, ours.value.weight]))
        theirs.out_proj.weight.copy_(ours.output.weight)
    x, memory = torch.randn(2, 5, 32), torch.randn(2, 7, 32)
    seen = []
    expected, weights = theirs(x, memory, memory, average_attn_weights=False)
    torch.testing.assert_close(ours(x, *ours.keys_values(memory)), expected)
    torch.testing.assert_close(ours(x, *ours.keys_values(memory), seen=seen), expected)
    torch.testing.assert_close(seen[0], weights)


def test_rotary_positions_depend_on_distances_only():
    query, key = torch.randn(2, 1, 1, 10, 8).unbind(0)

    def scores(shift):
        turns = rotary(torch.arange(10) + shift, 8)
        return rotated(query, turns) @ rotated(key, turns).transpose(-2, -1)

    torch.testing.assert_close(scores(0), scores(37), atol=1e-4, rtol=1e-4)
    assert (scores(0) - query @ key.transpose(-2, -1)).abs().max() > 0.1


def test_sinusoidal_positions_by_hand():
    waves = sinusoidal(torch.arange(3), 4)
    expected = [np.sin(2), np.cos(2), np.sin(2 / 100), np.cos(2 / 100)]  # position 2, width 4: 10000^(2/4) = 100
    np.testing.assert_allclose(waves[2], expected, atol=1e-6)
