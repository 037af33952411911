"""A text's words by the states of its tokens: one pass of the encoder, then any words can be left out for nothing.

An encoder that takes the mean over tokens is, up to length, a sum over words. Leaving a word's states out of that sum
is not the same as deleting the word, since the other states have seen it; but it is close enough to guess by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tokenizers import Encoding, Tokenizer

from core.encode.finetuning.encoder import TunedEncoder
from core.encode.frozen import FrozenEncoder
from core.encode.inference import TorchEngine, torch_threads, usable_threads
from core.encode.model_files import depth, load, located_again
from core.explain.text.spans import Span

STEP = 0.05  # of a word's part, for its slope
STEADY = 0.05  # slopes at two steps may differ by so much, beside the largest


@dataclass(frozen=True)
class Words:
    """A text as sums of token states.

    sums: float64 (words, width); counts: (words,) tokens of each; rest, n_rest: of the tokens that belong to no word
    """

    sums: np.ndarray
    counts: np.ndarray
    rest: np.ndarray
    n_rest: int
    project: Callable[[np.ndarray], np.ndarray]

    def vectors(self, kept: np.ndarray) -> np.ndarray:
        """What the encoder would make of the kept words if their states stayed as they are.

        kept: (m, words) of 0 to 1  →  (m, numbers the model takes)
        """
        kept = np.asarray(kept, dtype=float)
        mean = (self.rest + kept @ self.sums) / np.maximum(self.n_rest + kept @ self.counts, 1e-9)[:, None]
        return self.project(mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12))

    def slopes(self, output: Callable[[np.ndarray], np.ndarray]) -> np.ndarray | None:
        """How the output moves with each word's part of the text's row: derivative times part, (words,).

        Where the output is a weighted sum of the row, this is its exact split over words. None where the output has
        steps, as with trees.

        output : rows (m, numbers the model takes) → outputs (m,)
        """
        mean = self.rest + self.sums.sum(axis=0)
        length = max(float(np.linalg.norm(mean)), 1e-12)
        whole, parts = mean / length, self.sums / length
        found = []
        for step in (STEP, 2 * STEP):
            rows = np.vstack([whole + step * parts, whole - step * parts])
            ahead, behind = np.split(np.asarray(output(self.project(rows)), dtype=float), 2)
            found.append((ahead - behind) / (2 * step))
        small, large = found
        top = float(np.abs(small).max())
        return small if top > 0 and float(np.abs(small - large).max()) <= STEADY * top else None


def words(encoder: Any, text: str, spans: list[Span]) -> Words | None:
    """The token states of a text, summed by word; None for an encoder that does not take the mean over tokens."""
    inner = getattr(encoder, "encoder_", encoder)  # inside PCA
    found = _model(inner)
    if found is None:
        return None
    tokenizer, most_tokens, states_of = found
    readable = text.encode("utf-8", "replace").decode("utf-8")
    tokenizer.enable_truncation(most_tokens)
    row = tokenizer.encode(readable)
    if not row.ids:
        return None
    with torch_threads(usable_threads(None)):
        states = np.asarray(states_of(readable, row.ids), dtype=float)  # (tokens, width)
    owner = owners(row, spans)
    member = owner[None, :] == np.arange(len(spans))[:, None]  # (words, tokens)
    rest = owner < 0
    outer = encoder if encoder is not inner else None
    return Words(
        member @ states,
        member.sum(axis=1),
        states[rest].sum(axis=0),
        int(rest.sum()),
        (lambda rows: rows) if outer is None else outer.pca_.transform,
    )


def owners(row: Encoding, spans: Sequence[Span]) -> np.ndarray:
    """Which word each token of a text belongs to, -1: to none.  →  int (tokens,)"""
    starts = np.array([start for start, _end in spans])
    owner = np.full(len(row.ids), -1)
    for place, ((start, end), special) in enumerate(zip(row.offsets, row.special_tokens_mask, strict=True)):
        word = int(np.searchsorted(starts, end - 1, side="right")) - 1
        if end > start and not special and word >= 0 and end - 1 < spans[word][1]:
            owner[place] = word
    return owner


def _model(encoder: Any) -> tuple[Tokenizer, int, Callable[[str, list[int]], np.ndarray]] | None:
    """How an encoder that takes the mean over tokens reads: tokenizer, most tokens, (text, ids) → states."""
    if not isinstance(encoder, FrozenEncoder | TunedEncoder):
        return None
    source = located_again(encoder.model, encoder.revision_)
    if isinstance(encoder, TunedEncoder):
        tokenizer = load(source, source.n_layers, encoder.model).tokenizer
        return tokenizer, source.max_tokens, lambda text, _ids: next(encoder.states([text]))[1][0].numpy()
    if (encoder.pooling or source.pooling) != "mean":
        return None
    loaded = load(source, depth(source, encoder.layer), encoder.model)
    return loaded.tokenizer, source.max_tokens, lambda _text, ids: TorchEngine(loaded).hidden([ids])[0]
