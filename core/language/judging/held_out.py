"""Scores on text that the model neither wrote nor learned from.

cross-entropy   H = -1/N Σ ln p(token | all before it in its document), the end of each document among the N tokens
perplexity      e^H
bits per byte   -Σ log2 p / bytes of the text in UTF-8: the same for one text however it is cut into tokens
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from core.evaluate.scores import Statistic, affordable, intervals
from core.language.judging.uncertain import ratio
from core.language.model import LanguageModel
from core.results.comparison import Interval

CELLS = 1 << 25  # probabilities held at once
FEWEST_DOCUMENTS = 10  # with fewer, intervals are over stretches of text
BLOCK_TOKENS = 64
TOP = 5

Progress = Callable[[float], None]  # receives the share done; may raise to stop


@dataclass(frozen=True)
class TokenScores:
    """What a model said of each token of some documents, all in one row (n,)."""

    document: np.ndarray
    token: np.ndarray  # that followed
    predicted: np.ndarray  # thought likeliest
    nats: np.ndarray  # surprise at the one that followed, natural logarithm
    among_top: np.ndarray
    bytes: np.ndarray  # each token's share of its document's bytes; the end of the document has none


def chosen(documents: Sequence[str], most_bytes: int, seed: int) -> list[str]:
    """Documents in order: all, or as many drawn at random as reach so many bytes (at least one)."""
    order = np.random.default_rng(seed).permutation(len(documents))
    sizes = np.array([len(documents[place].encode()) for place in order])
    before = sizes.cumsum() - sizes
    return [documents[place] for place in np.sort(order[before < most_bytes])]


def score_tokens(
    model: LanguageModel, documents: Sequence[str], progress: Progress = lambda share: None
) -> TokenScores:
    """Let a model read, document by document."""
    parts: list[tuple[np.ndarray, ...]] = []
    sizes = [max(1, len(document)) for document in documents]
    for number, document in enumerate(documents):
        ids = model.tokens.document(document)
        targets = np.append(ids[1:], model.tokens.begin)
        parts.append(
            (np.full(len(ids), number), targets, *_read(model, ids, targets), _shares(model, targets, document))
        )
        progress(sum(sizes[: number + 1]) / sum(sizes))
    return TokenScores(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _read(model: LanguageModel, ids: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Likeliest token, surprise and whether it was among the top, of each; a long document is read in pieces.

    A piece sees up to `context` tokens before it again, so nothing is asked without what stood before it.
    """
    said = np.empty(len(ids), dtype=np.int64)
    nats, among_top = np.empty(len(ids)), np.empty(len(ids), dtype=bool)
    piece = max(2, CELLS // model.tokens.size)
    back = min(model.context, piece // 2)
    done = 0
    while done < len(ids):
        first = max(0, done - back)
        end = min(len(ids), first + piece)
        rows = model.log_probabilities(ids[first:end])[done - first :]
        at = targets[done:end]
        log_p = rows[np.arange(len(rows)), at]
        said[done:end] = rows.argmax(axis=1)
        nats[done:end] = -log_p
        among_top[done:end] = (rows > log_p[:, None]).sum(axis=1) < TOP
        done = end
    return said, nats, among_top


def _shares(model: LanguageModel, targets: np.ndarray, document: str) -> np.ndarray:
    lengths = np.array([len(model.tokens.bytes_of([int(token)])) for token in targets], dtype=float)
    return lengths * len(document.encode()) / max(1.0, lengths.sum())


def units(found: TokenScores) -> tuple[np.ndarray, int]:
    """What is drawn together in the bootstrap: each token's unit, and how many stretches there are (0: documents)."""
    if len(np.unique(found.document)) >= FEWEST_DOCUMENTS:
        return found.document, 0
    starts = np.flatnonzero(np.r_[True, np.diff(found.document) != 0])
    within = (
        np.arange(len(found.document)) - starts[np.searchsorted(starts, np.arange(len(found.document)), "right") - 1]
    )
    _different, own = np.unique(np.column_stack([found.document, within // BLOCK_TOKENS]), axis=0, return_inverse=True)
    return own.ravel(), int(own.max()) + 1


def bits(found: TokenScores) -> list[float]:
    """What each document took, in bits."""
    taken: list[float] = (np.bincount(found.document, weights=found.nats) / np.log(2)).tolist()
    return taken


def scores(found: TokenScores, *, seed: int = 0, resamples: int = 500) -> dict[str, Interval]:
    """Every held-out measure with its bootstrap interval over documents."""
    own, _blocks = units(found)
    n_units = int(own.max()) + 1

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(own, weights=values, minlength=n_units)

    n_tokens, nats = total(np.ones(len(own))), total(found.nats)
    statistics: dict[str, Statistic] = {
        "cross_entropy": ratio(nats, n_tokens),
        "perplexity": ratio(nats, n_tokens, np.exp),
        "bits_per_byte": ratio(nats / np.log(2), total(found.bytes)),
        "token_accuracy": ratio(total(found.predicted == found.token), n_tokens),
        "top_5": ratio(total(found.among_top), n_tokens),
        **_by_class(found, own, n_units),
    }
    n_classes = len(np.union1d(found.token, found.predicted))
    return intervals(statistics, n_units, seed, affordable(resamples, n_units, n_classes))


def _by_class(found: TokenScores, own: np.ndarray, n_units: int) -> dict[str, Statistic]:
    """Precision, recall and F1, the mean over the tokens that follow or are named; undefined ones count as 0."""
    classes = np.union1d(found.token, found.predicted)

    def counted(tokens: np.ndarray, rows: np.ndarray) -> sparse.csr_array:
        places = np.searchsorted(classes, tokens)
        return sparse.csr_array((np.ones(len(rows)), (rows, places)), shape=(n_units, len(classes)))

    right = found.predicted == found.token
    true, said = counted(found.token, own), counted(found.predicted, own)
    both = counted(found.token[right], own[right])

    def macro(weights: np.ndarray, hits: np.ndarray, out_of: np.ndarray) -> np.ndarray:
        drawn = (weights @ true + weights @ said) > 0
        share = np.divide(hits, out_of, out=np.zeros_like(hits), where=out_of > 0)
        mean: np.ndarray = (share * drawn).sum(axis=1) / np.maximum(drawn.sum(axis=1), 1)
        return mean

    return {
        "precision": lambda weights: macro(weights, weights @ both, weights @ said),
        "recall": lambda weights: macro(weights, weights @ both, weights @ true),
        "f1": lambda weights: macro(weights, 2 * (weights @ both), weights @ true + weights @ said),
    }
