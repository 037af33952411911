"""An encoder-decoder taught on pairs of texts: translate, reverse, shorten, whatever the pairs do.

References
----------
Vaswani et al., "Attention is all you need", NeurIPS 2017, section 5 (warm-up, label smoothing).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from core.catalog.language_models import ARCHITECTURES, Architecture
from core.language.model import Neural
from core.language.networks.build import build
from core.language.tokens import Tokens
from core.messages import UnusableData, _, _n

FEWEST = 20
SMOOTHING = 0.1
CLIPPED = 1.0
WARM_UP = 0.1  # share of the steps in which the learning rate rises
NOT_A_TARGET = -100
AT_ONCE = 64


@dataclass(frozen=True)
class PairStep:
    """One step of training."""

    number: int
    loss_nats: float  # per target token, smoothed
    share: float  # of the steps or the time that was allowed


class PairModel:
    """Learns from pairs, then writes the second text for a new first one.

    Parameters
    ----------
    architecture : Architecture
        Of kind ``encoder-decoder`` or ``lstm-encoder-decoder``; texts longer than its context are cut.
    tokens : Tokens
        Trained on both sides.
    """

    def __init__(self, architecture: Architecture, tokens: Tokens, seed: int = 0) -> None:
        torch.manual_seed(seed)
        self.architecture, self.tokens, self.seed = architecture, tokens, seed
        self.network: Any = build(architecture, tokens.size)

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]], name: str = "encoder-decoder", seed: int = 0) -> PairModel:
        """An untrained one with a tokeniser of these pairs.

        Raises
        ------
        UnusableData
            There are too few pairs to learn anything.
        """
        if len(pairs) < FEWEST:
            raise UnusableData(
                _n("{n} pair of texts is too few to learn from.", "{n} pairs of texts are too few to learn from."),
                _("At least {fewest} are needed; a few thousand are better."),
                n=len(pairs),
                fewest=FEWEST,
            )
        architecture = ARCHITECTURES[name]
        tokens = Tokens.train("bpe", [text for pair in pairs for text in pair], architecture.vocabulary)
        return cls(architecture, tokens, seed)

    def fit(
        self, pairs: Sequence[tuple[str, str]], *, steps: int = 2000, seconds: float = math.inf
    ) -> Iterator[PairStep]:
        """Train, step by step, until so many steps or so much time; leaving early keeps what was learned."""
        ids = [(self._cut(self.tokens.document(one)), self._cut(self.tokens.document(two))) for one, two in pairs]
        optimiser = torch.optim.AdamW(self.network.parameters(), lr=self.architecture.learning_rate, weight_decay=0.01)
        random = np.random.default_rng(self.seed)
        torch.manual_seed(self.seed)
        began = time.monotonic()
        for number in range(1, steps + 1):
            share = max(number / steps, (time.monotonic() - began) / seconds)
            for group in optimiser.param_groups:
                group["lr"] = self.architecture.learning_rate * scheduled(share)
            chosen = random.integers(len(ids), size=min(self.architecture.batch, len(ids)))
            self.network.train()
            loss = self._loss([ids[at] for at in chosen])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), CLIPPED)
            optimiser.step()
            yield PairStep(number, loss.item(), min(share, 1.0))
            if share >= 1:
                return

    def write(self, texts: Sequence[str], max_tokens: int = 100) -> list[str]:
        """The likeliest second text, token by token, for each first one."""
        found = []
        for at in range(0, len(texts), AT_ONCE):
            found += self._greedy(texts[at : at + AT_ONCE], min(max_tokens, self.architecture.context - 1))
        return found

    def conditioned(self, text: str) -> Neural:
        """A language model of what to write about one text: to sample from, or to search by beam."""
        self.network.eval()
        with torch.inference_mode():
            source = self.network.read(*_filled([self._cut(self.tokens.document(text))]))
        return Neural(self.network, self.tokens, self.architecture.context, source)

    def _loss(self, ids: Sequence[tuple[np.ndarray, np.ndarray]]) -> Tensor:
        source, real = _filled([one for one, _two in ids])
        target, written = _filled([two for _one, two in ids])
        following = torch.cat([target[:, 1:], torch.zeros_like(target[:, :1])], dim=1)
        following[~written] = NOT_A_TARGET
        following[torch.arange(len(ids)), written.sum(dim=1) - 1] = self.tokens.begin  # which also ends a text
        logits = self.network(source, real, target)
        return functional.cross_entropy(
            logits.flatten(0, 1), following.flatten(), ignore_index=NOT_A_TARGET, label_smoothing=SMOOTHING
        )

    @torch.inference_mode()
    def _greedy(self, texts: Sequence[str], max_tokens: int) -> list[str]:
        self.network.eval()
        source = self.network.read(*_filled([self._cut(self.tokens.document(text)) for text in texts]))
        last = torch.full((len(texts), 1), self.tokens.begin)
        memory: tuple[Tensor, ...] = ()
        written = []
        over = torch.zeros(len(texts), dtype=torch.bool)
        for _number in range(max_tokens):
            logits, memory = self.network.advance(last, memory, source)
            last = logits[:, -1:].argmax(dim=-1)
            over |= last[:, 0] == self.tokens.begin
            if over.all():
                break
            written.append(last[:, 0].masked_fill(over, self.tokens.begin))
        if not written:
            return [""] * len(texts)
        return [self.tokens.decode(row) for row in torch.stack(written, dim=1).tolist()]

    def _cut(self, ids: np.ndarray) -> np.ndarray:
        return ids[: self.architecture.context]


def scheduled(share: float) -> float:
    """The learning rate's share of its highest: it rises in a line, then falls as half a cosine."""
    if share < WARM_UP:
        return share / WARM_UP
    return 0.5 + 0.5 * math.cos(math.pi * (min(share, 1.0) - WARM_UP) / (1 - WARM_UP))


def _filled(rows: Sequence[np.ndarray]) -> tuple[Tensor, Tensor]:
    """Texts of unequal length as one batch.  →  int64 (B, longest), bool (B, longest): False where filled up"""
    longest = max(map(len, rows))
    ids, real = np.zeros((len(rows), longest), dtype=np.int64), np.zeros((len(rows), longest), dtype=bool)
    for number, row in enumerate(rows):
        ids[number, : len(row)], real[number, : len(row)] = row, True
    return torch.from_numpy(ids), torch.from_numpy(real)
