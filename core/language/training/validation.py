"""How a network in training is looked at: its surprise at validation documents, few enough to cost little time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from core.language.tokens import Tokens

VALIDATION_TOKENS = 20_000
AHEAD = 64  # documents that are read together at most


@dataclass(frozen=True)
class Held:
    """Validation documents as tokens, the shortest first."""

    documents: list[np.ndarray]  # <s> first
    n_bytes: int


def validation_part(tokens: Tokens, texts: Sequence[str]) -> list[str]:
    """Documents until there are enough tokens: a look should take little of the time."""
    n_tokens = np.cumsum([0, *(len(ids) + 1 for ids in tokens.encode_all(texts))])[: len(texts)]
    return [text for text, before in zip(texts, n_tokens, strict=True) if before < VALIDATION_TOKENS]


def held_out(tokens: Tokens, texts: Sequence[str]) -> Held:
    """Texts as they are read for a look."""
    return Held(
        sorted((tokens.document(text) for text in texts), key=len), max(1, sum(len(text.encode()) for text in texts))
    )


@torch.inference_mode()
def validation_loss(network: nn.Module, held: Held, begin: int, at_once: int = 4096) -> tuple[float, int]:
    """Surprise at all validation documents and at their ends, each read alone.  →  nats in all, tokens told

    A document longer than the network's window is read in windows, each from its start.
    """
    network.eval()
    window = getattr(network, "window", None) or 512
    rows = [
        np.append(ids, begin)[at : at + window + 1]
        for ids in held.documents
        for at in range(0, max(1, len(ids)), window)
    ]
    rows = sorted((row for row in rows if len(row) > 1), key=len)
    nats, told, place = 0.0, 0, 0
    while place < len(rows):
        n = max(1, min(AHEAD, at_once // len(rows[min(len(rows), place + AHEAD) - 1])))
        group = rows[place : place + n]
        longest = max(map(len, group))
        ids = np.full((len(group), longest), -1, dtype=np.int64)
        for number, row in enumerate(group):
            ids[number, : len(row)] = row
        batch = torch.from_numpy(ids)
        logits = network(batch[:, :-1].clamp(min=0)).float().flatten(0, 1)
        nats += functional.cross_entropy(logits, batch[:, 1:].flatten(), ignore_index=-1, reduction="sum").item()
        told += sum(len(row) - 1 for row in group)
        place += n
    return nats, told
