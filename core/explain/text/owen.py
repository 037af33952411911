"""A text column's bar opened into sentences and words: the Owen value within the column.

A hidden word is deleted; before the first word the column is hidden like any other column. So the words' values are
those of the game from the empty text to the whole one, and what lies between a hidden column and an empty text is
shared alike: with n words, a game that differs where there is no word at all gives each an n-th of the difference.
The words sum to their sentence, the sentences to the column's bar.

References
----------
Owen, "Values of games with a priori unions", 1977.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.explain.amortized.explainer import Learned
from core.explain.shapley.column_game import Game
from core.explain.shapley.values import never, shares
from core.explain.text.paired_regression import Design, Found, regress
from core.explain.text.spans import Span, outline, pieces
from core.explain.text.word_game import WordGame
from core.results.explanations.rows import Part

__all__ = ["open_text", "pieces", "word_values"]

EXACT_TEXTS = 1024  # every coalition of 10 words, where no language model reads them
LEARNED_PAIRS = 12  # at first, where a network knows most of it already
FIRST_PAIRS, PAIRS_AT_ONCE = 16, 32  # enough to encode in batches, few enough to stop in time
GUESSED_PAIRS = 400  # of the game by token states, which costs no reading
NARROW = 0.05  # of the longest bar
SUM_PROBES, AS_SUM = 8, 1e-7  # coalitions a sum is tried on, and how far it may be off, beside the largest value


def open_text(
    game: Game,
    column: str,
    bar: float,
    language: str,
    *,
    seed: int,
    texts: int,
    enough: Callable[[], bool] = never,
    learned: Learned | None = None,
    few: bool = False,
) -> list[Part]:
    """Share a text column's bar among its words.

    Parameters
    ----------
    bar : float
        The column's value, which the words sum to.
    texts : int
        About how many masked texts may be evaluated.
    enough : callable () → bool
        Asked between calls of the model: True stops the sampling.
    learned : Learned, optional
        What was learned about this column's words.
    few : bool
        Then no more masked texts than come to the usual error.

    Returns
    -------
    list of Part
        In the text's order; where there are several sentences, each stands before its words.
    """
    cell = game.row[column].iloc[0]
    text = cell if isinstance(cell, str) else ""
    sentences = outline(text, language)
    spans = [word for _sentence, words in sentences for word in words]
    if len(spans) < 2:
        return [_part(text, span, bar) for span in spans]
    words = WordGame(game, column, text, spans, seed)
    found = word_values(words, np.random.default_rng(seed), texts=texts, enough=enough, learned=learned, few=few)
    values = found.values + (bar - found.values.sum()) / len(spans)
    return _in_order(text, sentences, values, found.reach, words.slopes())


def _in_order(
    text: str,
    sentences: list[tuple[Span, list[Span]]],
    values: np.ndarray,
    reach: np.ndarray,
    slopes: np.ndarray | None,
) -> list[Part]:
    """The words as they stand, each sentence before its own; values, reach, slopes: one a word."""
    parts, place = [], 0
    for sentence, inside in sentences:
        here = slice(place, place + len(inside))
        if len(sentences) > 1:
            far = float(np.sqrt((reach[here] ** 2).sum()))
            parts.append(_part(text, sentence, float(values[here].sum()), far, level="sentence"))
        for number, span in enumerate(inside, start=place):
            slope = None if slopes is None else float(slopes[number])
            parts.append(_part(text, span, float(values[number]), float(reach[number]), direct=slope))
        place = here.stop
    return parts


def word_values(
    words: WordGame,
    random: np.random.Generator,
    *,
    texts: int,
    enough: Callable[[], bool] = never,
    narrow: float = NARROW,
    learned: Learned | None = None,
    few: bool = False,
) -> Found:
    """The Shapley values of two or more words, from the empty text to the whole one; `texts` as for `open_text`.

    Exact where every coalition can be tried, or where the output is a sum over words, as with word counts and a
    weighted sum; else sampled beside what was learned, or the game by token states, until all bands are within
    `narrow` of the longest bar.
    """
    n = len(words.spans)
    if 2**n <= (max(texts, EXACT_TEXTS) if words.cheap else texts):
        return Found(shares(words.values, n, exact=n).values, np.zeros(n))
    most_pairs = max(1, (texts - 2) // 2)
    if learned is not None and not words.cheap:
        if few and learned.about.enough is not None:
            most_pairs = min(most_pairs, max(1, (learned.about.enough - 2) // 2))
        return _corrected(words, learned, random, most_pairs, enough, narrow)
    ends = words.values(ends_of(n))
    found = _as_sum(words, ends, random) if words.cheap else None
    if found is not None:
        return found
    return _sampled(words, float(ends[1] - ends[0]), random, most_pairs, enough, narrow)


def _as_sum(words: WordGame, ends: np.ndarray, random: np.random.Generator) -> Found | None:
    """What each word takes away when it alone is hidden, if the output is the sum of that on other coalitions, too."""
    n = len(words.spans)
    values = ends[1] - words.values(~np.eye(n, dtype=bool))
    probes = random.random((SUM_PROBES, n)) < 0.5
    off = np.abs(ends[0] + probes @ values - words.values(probes)).max()
    if max(off, abs(ends[0] + values.sum() - ends[1])) > AS_SUM * max(1.0, np.abs(ends).max()):
        return None
    return Found(values, np.zeros(n))


def _sampled(
    words: WordGame,
    total: float,
    random: np.random.Generator,
    most_pairs: int,
    enough: Callable[[], bool],
    narrow: float,
) -> Found:
    n = len(words.spans)
    guess = _Guess(words, random) if words.words is not None else None
    design, known = Design(n, random), np.zeros(0)
    while True:
        left = most_pairs - len(known)
        new = design.more(min(left, PAIRS_AT_ONCE if len(known) else FIRST_PAIRS))
        known = np.append(known, pair_differences(words.values, new))
        found = regress(design.coalitions, known, total)
        if guess is not None:
            beside = guess.regress(design.coalitions, known, total)
            if len(known) < n or beside.evidence > found.evidence:
                found = beside
        sure = len(known) >= n and found.reach.max() <= narrow * np.abs(found.values).max()
        if sure or len(known) >= most_pairs or enough():
            return found


def _corrected(
    words: WordGame,
    learned: Learned,
    random: np.random.Generator,
    most_pairs: int,
    enough: Callable[[], bool],
    narrow: float,
) -> Found:
    """What was learned says, drawn towards what masked texts of this very text say."""
    n, prior = len(words.spans), learned.prior()
    design = Design(n, random)
    new = design.more(min(most_pairs, LEARNED_PAIRS))
    said = words.values(np.vstack([ends_of(n), new, ~new]))
    known = said[2 : 2 + len(new)] - said[2 + len(new) :]
    guess = learned.values(words.text, words.spans, words.game.place, float(said[1] - said[0]))
    while True:
        found = regress(design.coalitions, known - (2.0 * design.coalitions - 1) @ guess, 0.0, prior)
        values = guess + found.values
        if found.reach.max() <= narrow * np.abs(values).max() or len(known) >= most_pairs or enough():
            return Found(values, found.reach, found.evidence)
        new = design.more(min(most_pairs - len(known), PAIRS_AT_ONCE))
        known = np.append(known, pair_differences(words.values, new))


def ends_of(n: int) -> np.ndarray:
    """No word, and all."""
    return np.array([[False] * n, [True] * n])


class _Guess:
    """The game by token states as a control variate: its values are known, so only the difference is sampled."""

    def __init__(self, words: WordGame, random: np.random.Generator) -> None:
        n = len(words.spans)
        self.words = words
        ends = words.guesses(ends_of(n))
        self.total = float(ends[1] - ends[0])
        sizes = random.integers(1, n, GUESSED_PAIRS)
        coalitions = random.random((GUESSED_PAIRS, n)).argsort(axis=1).argsort(axis=1) < sizes[:, None]
        self.values = regress(coalitions, pair_differences(words.guesses, coalitions), self.total).values

    def regress(self, coalitions: np.ndarray, differences: np.ndarray, total: float) -> Found:
        """Its values and those of the difference, with the difference's bands."""
        apart = differences - pair_differences(self.words.guesses, coalitions)
        found = regress(coalitions, apart, total - self.total)
        return Found(self.values + found.values, found.reach, found.evidence)


def pair_differences(values: Callable[[np.ndarray], np.ndarray], coalitions: np.ndarray) -> np.ndarray:
    """Each coalition's output minus its opposite's, in one call.  bool (m, words)  →  (m,)"""
    shown, hidden = np.split(values(np.vstack([coalitions, ~coalitions])), 2)
    return shown - hidden


def _part(text: str, span: Span, value: float, reach: float = 0.0, **more: object) -> Part:
    start, end = span
    made = {"text": text[start:end], "start": start, "end": end, "low": value - reach, "high": value + reach}
    return Part.model_validate({**made, "value": value, **more})
