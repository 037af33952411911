"""How far a network that explains words is off, on texts that it has not learned from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from statistics import median

import numpy as np

from core.explain.amortized.estimate import HELD_OUT_PAIRS, TRIED_TEXTS
from core.explain.amortized.explainer import Learned
from core.explain.amortized.lessons import Lessons, coalitions
from core.explain.global_.estimate import WHOLE_WORD_TEXTS
from core.explain.shapley.values import shares
from core.explain.text.owen import ends_of, pair_differences, word_values
from core.explain.text.paired_regression import regress
from core.explain.text.spans import pieces
from core.explain.text.word_game import WordGame
from core.results.explanations.amortized import LearnedWords

LEAST_NOISE, LEAST_SPREAD = 1e-12, 1e-4  # where a model says the same of every text, nothing is off


@dataclass(frozen=True)
class Long:
    """A text's game, and its values from many masked texts with what they leave unexplained."""

    words: WordGame
    total: float
    values: np.ndarray
    noise: float


def tried(
    about: LearnedWords, weights: Mapping[str, np.ndarray], held: Lessons, seed: int, each: Callable[[float], None]
) -> None:
    """Fill in the errors, and what they say of how far to trust the network on other texts; `each` hears the share."""
    network, long = Learned(about, weights), []
    steps = count(1)
    n_steps = len(held.places) * (1 + 2 * len(TRIED_TEXTS))
    for place in held.places.tolist():
        each(next(steps) / n_steps)
        long.append(_long(held, place, seed))
    guesses = [network.values(one.words.text, one.words.spans, one.words.game.place, one.total) for one in long]
    about.n_tried, about.pairs_tried = len(long), HELD_OUT_PAIRS
    about.noise = float(np.median([one.noise for one in long]))
    off = [np.mean((guess - one.values) ** 2) / one.noise for guess, one in zip(guesses, long, strict=True)]
    about.spread = max(float(np.median(off)), LEAST_SPREAD)
    about.error = median(_error(guess, one.values) for guess, one in zip(guesses, long, strict=True))
    for texts in TRIED_TEXTS:
        for learned, kept in ((network, about.error_few), (None, about.error_without)):
            errors = []
            for one in long:
                each(next(steps) / n_steps)
                random = np.random.default_rng(seed)
                found = word_values(one.words, random, texts=texts, narrow=0.0, learned=learned)
                errors.append(_error(found.values, one.values))
            kept[texts] = median(errors)
    usual = about.error_without[WHOLE_WORD_TEXTS]
    about.enough = next((texts for texts in TRIED_TEXTS if about.error_few[texts] <= usual), None)


def _long(held: Lessons, place: int, seed: int) -> Long:
    row = held.rows.iloc[[place]]
    game = held.model.game(row, held.model.label(row)[1])
    text = held.texts[place]
    spans = pieces(text, held.language)
    words = WordGame(game, held.column, text, spans, seed)
    n = len(spans)
    exact = shares(words.values, n, exact=n).values if 2**n <= 2 * HELD_OUT_PAIRS else None
    kept = coalitions(n, HELD_OUT_PAIRS, np.random.default_rng([seed, place]))
    apart, ends = pair_differences(words.values, kept), words.values(ends_of(n))
    total = float(ends[1] - ends[0])
    values = regress(kept, apart, total).values if exact is None else exact
    left = apart - (2.0 * kept - 1) @ values
    return Long(words, total, values, max(float(np.mean(left**2)), LEAST_NOISE))


def _error(values: np.ndarray, reference: np.ndarray) -> float:
    """Length of the difference beside the reference's."""
    return float(np.linalg.norm(values - reference) / max(float(np.linalg.norm(reference)), 1e-12))
