"""Probabilities made narrower before one token is drawn, in this order:

repetition penalty → temperature → top-k → top-p → min-p, after each the probabilities sum to one again.

References
----------
Keskar et al., "CTRL", 2019, section 4.1 (repetition penalty; here on log-probabilities, which are never positive).
Fan, Lewis and Dauphin, "Hierarchical neural story generation", ACL 2018 (top-k).
Holtzman et al., "The curious case of neural text degeneration", ICLR 2020 (top-p).
Nguyen et al., "Turning up the heat: min-p sampling", ICLR 2025 (min-p).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from core.results.language.laboratory import Decoding


def shaped(log_probabilities: np.ndarray, settings: Decoding, earlier: Sequence[int] = ()) -> np.ndarray:
    """What a token is drawn from.

    log_probabilities: (vocabulary,), natural · earlier: tokens that stand there already
    →  probabilities, float64 (vocabulary,), sum 1; those ruled out are 0
    """
    *_, (_name, probabilities) = stages(log_probabilities, settings, earlier)
    return probabilities


def stages(
    log_probabilities: np.ndarray, settings: Decoding, earlier: Sequence[int] = ()
) -> Iterator[tuple[str, np.ndarray]]:
    """Each setting at work: its name, and the probabilities after it; first what the model itself says (``model``)."""
    p = _normal(np.exp(log_probabilities.astype(np.float64)))
    yield "model", p
    if settings.repetition_penalty != 1:
        p = repeated_less(p, settings.repetition_penalty, earlier)
        yield "repetition_penalty", p
    p = at_temperature(p, settings.temperature)
    yield "temperature", p
    if settings.top_k:
        p = top_k(p, settings.top_k)
        yield "top_k", p
    if settings.top_p < 1:
        p = top_p(p, settings.top_p)
        yield "top_p", p
    if settings.min_p:
        p = min_p(p, settings.min_p)
        yield "min_p", p


def repeated_less(p: np.ndarray, penalty: float, earlier: Sequence[int]) -> np.ndarray:
    """p_i ∝ p_i^penalty for each token i that stands there already."""
    p = p.copy()
    there = np.unique(np.asarray(earlier, dtype=np.int64))
    p[there] **= penalty
    return _normal(p)


def at_temperature(p: np.ndarray, temperature: float) -> np.ndarray:
    """p_i ∝ p_i^(1 / temperature): below 1 the likely gain; 0 leaves only the likeliest, of equals the first."""
    if temperature == 0:
        only = np.zeros_like(p)
        only[p.argmax()] = 1
        return only
    with np.errstate(divide="ignore"):
        scores = np.log(p) / temperature
    return _normal(np.exp(scores - scores.max()))


def top_k(p: np.ndarray, k: int) -> np.ndarray:
    """Only the k likeliest (of equals the first)."""
    return _only(p, _likeliest_first(p)[:k])


def top_p(p: np.ndarray, share: float) -> np.ndarray:
    """Only the likeliest, as many as it takes to reach `share` together."""
    order = _likeliest_first(p)
    n_kept = int(np.searchsorted(p[order].cumsum(), share - 1e-12)) + 1
    return _only(p, order[:n_kept])


def min_p(p: np.ndarray, share: float) -> np.ndarray:
    """Only those at least `share` times as likely as the likeliest."""
    return _only(p, np.flatnonzero(p >= share * p.max()))


def drawn(p: np.ndarray, random: np.random.Generator) -> int:
    """One token, each as often as its probability says."""
    reached = p.cumsum()
    place = int(np.searchsorted(reached, random.random() * reached[-1], side="right"))
    return min(place, int(np.flatnonzero(p)[-1]))


def _likeliest_first(p: np.ndarray) -> np.ndarray:
    return np.argsort(-p, kind="stable")


def _only(p: np.ndarray, kept: np.ndarray) -> np.ndarray:
    left = np.zeros_like(p)
    left[kept] = p[kept]
    return _normal(left)


def _normal(p: np.ndarray) -> np.ndarray:
    normal: np.ndarray = p / p.sum()
    return normal
