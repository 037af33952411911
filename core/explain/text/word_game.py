"""The game of one text's words: a hidden word is deleted, other columns are shown or hidden as in the columns' game."""

from __future__ import annotations

from functools import cached_property
from math import factorial

import numpy as np

from core.explain.shapley.column_game import Game
from core.explain.shapley.evaluators import Evaluator, Mixture, Table
from core.explain.text import token_states
from core.explain.text.spans import Span, masked

COMPANIES = 8  # sets of other columns that a text is tried beside, where rows cost little
FEW_COMPANIES = 2  # where only the text costs little


class WordGame:
    """The output with some of a text's words, averaged over what else of the row is shown.

    The other columns are shown as the orders of the column game show them: every set with its weight where there are
    few, else sets from orders and their reverses, the same for every text. Where each such row is a text of its own
    for the model (a row written out as a sentence), they are all shown.

    Parameters
    ----------
    game : Game
    column : str
    text : str
    spans : list of (start, end)
        The words.
    seed : int

    Attributes
    ----------
    cheap : bool
        No language model reads the words, and a row costs next to nothing.
    """

    def __init__(self, game: Game, column: str, text: str, spans: list[Span], seed: int = 0) -> None:
        self.game, self.column, self.text, self.spans = game, column, text, spans
        self.player = game.players.index(column)
        self.encoder = game.encoder(column)
        self.cheap = game.evaluator.cheap and not is_read(game.evaluator, self.player)
        self.shown, self.weights = self._companies(np.random.default_rng(seed))

    @cached_property
    def words(self) -> token_states.Words | None:
        """The text's token states, where the model reads it by a mean of them."""
        return None if self.encoder is None else token_states.words(self.encoder, self.text, self.spans)

    def values(self, kept: np.ndarray) -> np.ndarray:
        """The output with these words.  bool (m, words)  →  float (m,)"""
        return self.of_texts([masked(self.text, self.spans, one) for one in kept])

    def of_texts(self, texts: list[str]) -> np.ndarray:
        """The output with other texts in the cell, shape (len(texts),)."""
        beside = np.tile(self.shown, (len(texts), 1))
        found = self.game.with_texts(beside, self.column, [text for text in texts for _set in self.shown])
        return found.reshape(len(texts), -1) @ self.weights

    def guesses(self, kept: np.ndarray) -> np.ndarray:
        """The same by token states instead of the encoder, with all other columns shown; needs `words`."""
        assert self.words is not None
        return self._of_vectors(self.words.vectors(kept))

    def slopes(self) -> np.ndarray | None:
        """Each word's direct contribution, shape (words,), where token states and output allow one."""
        return None if self.words is None else self.words.slopes(self._of_vectors)

    def _of_vectors(self, vectors: np.ndarray) -> np.ndarray:
        everything = np.ones((len(vectors), len(self.game.players)), dtype=bool)
        return self.game.with_vectors(everything, self.column, vectors)

    def _companies(self, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Sets of columns beside the text, which is in all of them.  →  bool (sets, players), weights (sets,)"""
        n = len(self.game.players)
        if isinstance(self.game.evaluator, Table):
            return np.ones((1, n), dtype=bool), np.ones(1)
        at_most = COMPANIES if self.game.evaluator.cheap else FEW_COMPANIES
        others = np.delete(np.arange(n), self.player)
        if 2 ** len(others) <= at_most:
            sets = (np.arange(2 ** len(others))[:, None] >> np.arange(len(others))) & 1 == 1
            weights = np.array([factorial(size) * factorial(n - 1 - size) / factorial(n) for size in sets.sum(axis=1)])
        else:
            halves = []
            for half in range(at_most // 2):  # sizes evenly spread, each set beside its opposite
                size = int((half + random.random()) * n / (at_most // 2))
                ranks = random.permutation(len(others))
                halves += [ranks < size, ranks >= size]
            sets, weights = np.asarray(halves), np.full(at_most, 1 / at_most)
        shown = np.ones((len(sets), n), dtype=bool)
        shown[:, others] = sets
        return shown, weights


def is_read(evaluator: Evaluator, player: int) -> bool:
    """Whether a language model reads this column, or the whole model has to be asked."""
    if isinstance(evaluator, Mixture):
        inside = [(member, np.flatnonzero(players == player)) for member, players, _classes in evaluator.members]
        return any(len(own) and is_read(member, int(own[0])) for member, own in inside)
    return isinstance(evaluator, Table) or evaluator.encoder(player) is not None
