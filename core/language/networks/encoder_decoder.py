"""An encoder-decoder Transformer: reads a whole text, then writes another and looks back at the first.

Norms come before each half of a layer, both sides and the output share one embedding (Vaswani et al., section 3.4);
dropout and first weights are those of the decoder-only network.

References
----------
Vaswani et al., "Attention is all you need", NeurIPS 2017.
Xiong et al., "On layer normalization in the Transformer architecture", ICML 2020 (the norm first).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.catalog.language_models import Architecture
from core.language.networks.attention import FeedForward, MultiHeadAttention, sinusoidal
from core.language.networks.transformer import Memory, begin


@dataclass(frozen=True)
class Source:
    """A text that was read: what attention finds there, per layer of the decoder."""

    keys: tuple[Tensor, ...]  # (B, H, S, D) each
    values: tuple[Tensor, ...]
    visible: Tensor  # bool (B, 1, 1, S): False where a text is filled up to the longest of its batch


class EncoderLayer(nn.Module):
    """Every position looks at all others, then each thinks by itself."""

    def __init__(self, a: Architecture) -> None:
        super().__init__()
        self.norm_attention = nn.LayerNorm(a.width)
        self.attention = MultiHeadAttention(a.width, a.heads)
        self.norm_feed_forward = nn.LayerNorm(a.width)
        self.feed_forward = FeedForward(a.width, a.feed_forward)
        self.dropout = nn.Dropout(a.dropout)

    def forward(self, x: Tensor, visible: Tensor) -> Tensor:
        """x: (B, S, width)  →  (B, S, width)"""
        normed = self.norm_attention(x)
        x = x + self.dropout(self.attention(normed, *self.attention.keys_values(normed), visible=visible))
        return x + self.dropout(self.feed_forward(self.norm_feed_forward(x)))


class DecoderLayer(nn.Module):
    """Every position looks at those before it, then at the text that was read, then thinks by itself."""

    def __init__(self, a: Architecture) -> None:
        super().__init__()
        self.norm_attention = nn.LayerNorm(a.width)
        self.attention = MultiHeadAttention(a.width, a.heads)
        self.norm_cross = nn.LayerNorm(a.width)
        self.cross_attention = MultiHeadAttention(a.width, a.heads)
        self.norm_feed_forward = nn.LayerNorm(a.width)
        self.feed_forward = FeedForward(a.width, a.feed_forward)
        self.dropout = nn.Dropout(a.dropout)

    def forward(
        self, x: Tensor, past: Memory, source: Source, number: int, seen: list[Tensor] | None
    ) -> tuple[Tensor, Memory]:
        """x: (B, L, width) · past: as in the decoder-only layer · number: this layer's, from 0  →  the same"""
        normed = self.norm_attention(x)
        keys, values = self.attention.keys_values(normed)
        if past:
            keys, values = torch.cat([past[0], keys], dim=2), torch.cat([past[1], values], dim=2)
        x = x + self.dropout(self.attention(normed, keys, values, look_back=True))
        looked = self.cross_attention(
            self.norm_cross(x), source.keys[number], source.values[number], visible=source.visible, seen=seen
        )
        x = x + self.dropout(looked)
        return x + self.dropout(self.feed_forward(self.norm_feed_forward(x))), (keys, values)


class EncoderDecoder(nn.Module):
    """The whole network.

    Attributes
    ----------
    window : int
        Most positions of either text.
    """

    def __init__(self, architecture: Architecture, vocabulary: int) -> None:
        super().__init__()
        a = architecture
        self.window: int | None = a.context
        self.width = a.width
        self.embedding = nn.Embedding(vocabulary, a.width)
        self.dropout = nn.Dropout(a.dropout)
        self.encoder = nn.ModuleList(EncoderLayer(a) for _ in range(a.layers))
        self.norm_encoder = nn.LayerNorm(a.width)
        self.decoder = nn.ModuleList(DecoderLayer(a) for _ in range(a.layers))
        self.norm = nn.LayerNorm(a.width)
        self.output = nn.Linear(a.width, vocabulary, bias=False)
        begin(self, a.layers)
        if a.tied:
            self.output.weight = self.embedding.weight

    def forward(self, source: Tensor, real: Tensor, target: Tensor) -> Tensor:
        """Both texts at once, for training.

        source: int (B, S) · real: bool (B, S), False where filled up · target: int (B, L)
        →  logits (B, L, vocabulary): what may follow target[:, : i + 1]
        """
        return self.advance(target, (), self.read(source, real))[0]

    def read(self, source: Tensor, real: Tensor) -> Source:
        """The encoder.  source: int (B, S) · real: bool (B, S)"""
        visible = real[:, None, None, :]
        x = self._embed(source, 0)
        for layer in self.encoder:
            x = layer(x, visible)
        x = self.norm_encoder(x)
        both = [layer.cross_attention.keys_values(x) for layer in self.decoder]  # type: ignore[union-attr, operator]
        return Source(tuple(keys for keys, _ in both), tuple(values for _, values in both), visible)

    def advance(
        self, ids: Tensor, memory: Memory, source: Source, seen: list[Tensor] | None = None
    ) -> tuple[Tensor, Memory]:
        """The decoder: write on where `memory` ends.  →  logits (B, L, vocabulary), the memory after ids

        seen: each layer's attention to the source, (B, H, L, S), is put there
        """
        x = self._embed(ids, memory[0].shape[2] if memory else 0)
        after: Memory = ()
        for number, layer in enumerate(self.decoder):
            x, kept = layer(x, memory[2 * number : 2 * number + 2], source, number, seen)
            after += kept
        return self.output(self.norm(x)), after

    def _embed(self, ids: Tensor, n_read: int) -> Tensor:
        positions = torch.arange(n_read, n_read + ids.shape[1])
        x: Tensor = self.dropout(math.sqrt(self.width) * self.embedding(ids) + sinusoidal(positions, self.width))
        return x
