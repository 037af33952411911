"""Training tokens per second: our loop beside a plain torch loop of the same size, turn by turn.

The plain loop is what one would write without us: torch's own layers with the same sizes, AdamW, clipped gradients,
random rows of the same stream; nothing else. Ours also keeps its seeds, its schedule and its events.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from core.catalog.language_models import ARCHITECTURES, Architecture, usual_vocabulary
from core.language import bundled_corpus
from core.language.corpus import prepare
from core.language.tokens import Tokens
from core.language.training.loop import Step, Training

GOAL = 0.95
THREADS = 2
MODELS = ("transformer", "lstm")


class PlainTransformer(nn.Module):
    """torch's own encoder layers with a causal mask."""

    def __init__(self, a: Architecture, vocabulary: int) -> None:
        super().__init__()
        self.embedding, self.places = nn.Embedding(vocabulary, a.width), nn.Embedding(a.context, a.width)
        layer = nn.TransformerEncoderLayer(
            a.width, a.heads, a.feed_forward, a.dropout, "gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, a.layers, nn.LayerNorm(a.width), enable_nested_tensor=False)
        self.output = nn.Linear(a.width, vocabulary, bias=False)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        n = ids.shape[1]
        mask = nn.Transformer.generate_square_subsequent_mask(n)
        x = self.embedding(ids) + self.places(torch.arange(n))
        return self.output(self.layers(x, mask=mask, is_causal=True))


class PlainLSTM(nn.Module):
    """torch's own LSTM between an embedding and a linear layer, with dropout where ours has it."""

    def __init__(self, a: Architecture, vocabulary: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, a.width)
        self.lstm = nn.LSTM(a.width, a.width, a.layers, batch_first=True, dropout=a.dropout if a.layers > 1 else 0.0)
        self.dropout = nn.Dropout(a.dropout)
        self.output = nn.Linear(a.width, vocabulary)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.output(self.dropout(self.lstm(self.dropout(self.embedding(ids)))[0]))


def training(steps: int = 20, repeats: int = 7) -> dict[str, Any]:
    """Rates of both sides for each network, and their ratio: the median over turns."""
    torch.set_num_threads(THREADS)
    corpus = prepare(bundled_corpus.documents(), name=bundled_corpus.NAME)
    found = {}
    for name in MODELS:
        architecture = ARCHITECTURES[name]
        vocabulary = usual_vocabulary(corpus.counts.train_bytes, corpus.counts.language)
        tokens = Tokens.train("bpe", corpus.train, vocabulary)
        whole = Training(architecture, tokens, corpus.train, corpus.validation, seconds=1e9, steps=10**9)
        events = (event for event in whole.run() if isinstance(event, Step))
        plain = plain_loop(architecture, tokens.size, tokens.packed(corpus.train))
        per_step = architecture.batch * architecture.context
        turns = []
        for turn in range(-1, repeats):
            ours = rate(lambda: sum(1 for _event in islice(events, steps)), steps * per_step)  # noqa: B023
            theirs = rate(lambda: [plain() for _ in range(steps)], steps * per_step)  # noqa: B023
            if turn >= 0:  # the first warms both up
                turns.append((ours, theirs))
        ratio = statistics.median(ours / theirs for ours, theirs in turns)
        found[name] = {
            "ours_tokens_per_second": round(statistics.median(ours for ours, _theirs in turns)),
            "plain_tokens_per_second": round(statistics.median(theirs for _ours, theirs in turns)),
            "ratio": round(ratio, 3),
            "lowest_and_highest": [round(fold(ours / theirs for ours, theirs in turns), 3) for fold in (min, max)],
            "goal": GOAL,
            "met": ratio >= GOAL,
        }
    return found


def plain_loop(a: Architecture, vocabulary: int, stream: np.ndarray) -> Callable[[], float]:
    """One step of the plain loop, again and again.  →  its loss"""
    torch.manual_seed(0)
    network = PlainTransformer(a, vocabulary) if a.kind == "transformer" else PlainLSTM(a, vocabulary)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3)
    ids = torch.from_numpy(stream.astype(np.int64))

    def step() -> float:
        starts = torch.randint(len(ids) - a.context - 1, (a.batch, 1))
        rows = ids[starts + torch.arange(a.context + 1)]
        loss = functional.cross_entropy(network(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        return loss.item()

    return step


def rate(work: Callable[[], object], tokens: int) -> float:
    """Tokens per second."""
    began = time.perf_counter()
    work()
    return tokens / (time.perf_counter() - began)
