"""A decoder-only Transformer: reads tokens from left to right and says, after each, which comes next.

Dropout falls on the embeddings and on what each half of a layer adds (Vaswani et al., section 5.4). Weights begin as
normal with deviation 1/√(numbers that go in), so that what comes out varies as much as what went in (LeCun et al. 1998,
section 4.6); those that add to the stream smaller by √(2 · layers) (Radford et al. 2019, section 2.3); biases as 0;
embeddings with deviation 1/√width, multiplied by √width when they enter.

References
----------
Vaswani et al., "Attention is all you need", NeurIPS 2017.
Radford et al., "Language models are unsupervised multitask learners", 2019 (the norm before each half of a layer).
LeCun, Bottou, Orr and Müller, "Efficient backprop", in Neural networks: tricks of the trade, 1998.
Press and Wolf, "Using the output embedding to improve language models", EACL 2017 (input and output share weights).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from core.catalog.language_models import Architecture
from core.language.networks.attention import FeedForward, MultiHeadAttention, Turns, rotary, sinusoidal

Memory = tuple[Tensor, ...]  # keys and values of each layer in turn, each (B, H, positions so far, D)


@dataclass
class Seen:
    """What happened inside, layer by layer: for looking at, not for training."""

    attention: list[Tensor] = field(default_factory=list)  # (B, H, L, S) per layer
    stream: list[Tensor] = field(default_factory=list)  # (B, L, width): the embeddings, then after each layer


class Layer(nn.Module):
    """First every position looks at those before it, then each thinks by itself; both only add to the stream."""

    def __init__(self, width: int, heads: int, feed_forward: int, dropout: float) -> None:
        super().__init__()
        self.norm_attention = nn.LayerNorm(width)
        self.attention = MultiHeadAttention(width, heads)
        self.norm_feed_forward = nn.LayerNorm(width)
        self.feed_forward = FeedForward(width, feed_forward)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, x: Tensor, past: Memory, turns: Turns | None, seen: list[Tensor] | None = None
    ) -> tuple[Tensor, Memory]:
        """x: (B, L, width) · past: keys and values of earlier positions, or ()  →  (B, L, width), theirs and x's"""
        normed = self.norm_attention(x)
        keys, values = self.attention.keys_values(normed, turns)
        if past:
            keys, values = torch.cat([past[0], keys], dim=2), torch.cat([past[1], values], dim=2)
        x = x + self.dropout(self.attention(normed, keys, values, look_back=True, turns=turns, seen=seen))
        x = x + self.dropout(self.feed_forward(self.norm_feed_forward(x)))
        return x, (keys, values)


class Transformer(nn.Module):
    """The whole network.

    Attributes
    ----------
    window : int
        Most positions it was made for: one text, or what `advance` has read and reads, must not be longer.
    """

    def __init__(self, architecture: Architecture, vocabulary: int) -> None:
        super().__init__()
        a = architecture
        self.window: int | None = a.context
        self.width, self.head_size, self.positions = a.width, a.width // a.heads, a.positions
        self.embedding = nn.Embedding(vocabulary, a.width)
        self.dropout = nn.Dropout(a.dropout)
        self.layers = nn.ModuleList(Layer(a.width, a.heads, a.feed_forward, a.dropout) for _ in range(a.layers))
        self.norm = nn.LayerNorm(a.width)
        self.output = nn.Linear(a.width, vocabulary, bias=False)
        begin(self, a.layers)
        if a.tied:
            self.output.weight = self.embedding.weight

    def forward(self, ids: Tensor, seen: Seen | None = None) -> Tensor:
        """ids: int (B, L)  →  logits float (B, L, vocabulary): what may follow ids[:, : i + 1]"""
        return self.advance(ids, (), seen)[0]

    def advance(self, ids: Tensor, memory: Memory, seen: Seen | None = None) -> tuple[Tensor, Memory]:
        """Read on where `memory` ends; () has read nothing.  →  logits (B, L, vocabulary), the memory after ids

        The memory given is left as it was.
        """
        n_read = memory[0].shape[2] if memory else 0
        positions = torch.arange(n_read, n_read + ids.shape[1])
        x = math.sqrt(self.width) * self.embedding(ids)
        if self.positions == "sinusoidal":
            x = x + sinusoidal(positions, self.width)
        turns = rotary(positions, self.head_size) if self.positions == "rotary" else None
        x = self.dropout(x)
        after: Memory = ()
        for number, layer in enumerate(self.layers):
            if seen is not None:
                seen.stream.append(x)
            x, kept = layer(x, memory[2 * number : 2 * number + 2], turns, None if seen is None else seen.attention)
            after += kept
        if seen is not None:
            seen.stream.append(x)
        return self.predict(x), after

    def predict(self, stream: Tensor) -> Tensor:
        """Logits from the stream (after an early layer: the logit lens).  (B, L, width)  →  (B, L, vocabulary)"""
        logits: Tensor = self.output(self.norm(stream))
        return logits


def begin(network: nn.Module, layers: int) -> None:
    """Set all weights to where training begins (see the top of this file)."""
    for name, module in network.named_modules():
        if isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=module.embedding_dim**-0.5)
        if isinstance(module, nn.Linear):
            adds = name.endswith(("attention.output", "feed_forward.outer"))
            spread = module.in_features**-0.5
            nn.init.normal_(module.weight, std=spread / math.sqrt(2 * layers) if adds else spread)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
