"""What a network that explains words learns from: texts without some words, and what the explained model says of them.

No label is read: a lesson holds what the model says, not what is true. Coalitions are drawn by their weight in the
regression whose solution the Shapley values are, each beside its opposite, so that a network that fits them comes to
those values.

References
----------
Lundberg and Lee, "A unified approach to interpreting model predictions", NeurIPS 2017 (the weights). Jethani et al.,
"FastSHAP", ICLR 2022, and Covert et al., "Learning to estimate Shapley values with vision transformers", ICLR 2023
(a network taught by such coalitions).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from core.explain import output as outputs
from core.explain.open_candidate import OpenCandidate
from core.explain.shapley.evaluators import Table
from core.explain.text.spans import Span, masked, pieces

PAIRS = 8  # of coalitions and their opposites in a lesson
SHORTENED = 0.6  # of the lessons are about a text that some words are gone from already
SHORTENABLE = 6  # words; a text keeps at least half of them
LEAST_WORDS = 2


@dataclass(frozen=True)
class Lesson:
    """A text, sets of its words, and what the model says: with each set minus without it, and with all minus none.

    kept: bool (pairs, words); differences: float32 (pairs, outputs); total: float32 (outputs,)
    """

    text: str
    spans: list[Span]
    kept: np.ndarray
    differences: np.ndarray
    total: np.ndarray


class Lessons:
    """Draws lessons about one text column of an opened candidate.

    What else of the row is shown is drawn too: columns as the orders of the column game show them, hidden ones with
    the cells of a background row. So a network learns the mean over them.

    Parameters
    ----------
    model : OpenCandidate
    column : str
    rows : DataFrame
        Rows whose texts are learned from.
    seed : int

    Attributes
    ----------
    places : int array
        The rows with at least two words.
    """

    def __init__(self, model: OpenCandidate, column: str, rows: pd.DataFrame, seed: int) -> None:
        self.model, self.column = model, column
        found = model.schema.column(column)
        self.language = found.language if found else ""
        names = list(model.pipeline.columns_)
        self.rows = rows[names].reset_index(drop=True)
        self.others = [name for name in names if name != column]
        self.stacked = pd.concat([self.rows, model.background[names]], ignore_index=True)
        self.texts = ["" if pd.isna(cell) else str(cell) for cell in self.rows[column]]
        self.places = np.array([n for n, text in enumerate(self.texts) if len(self._pieces(text)) >= LEAST_WORDS], int)
        self.random = np.random.default_rng(seed)
        first = self.rows.iloc[[0]]
        self.alone = isinstance(model.game(first, model.label(first)[1]).evaluator, Table)  # always with all the others
        self._order: Iterator[int] = iter(())

    def more(self, n: int) -> list[Lesson]:
        """The next lessons, row after row in random order; most of them about a part of the text."""
        places, texts = [], []
        for _lesson in range(n):
            places.append(self._next())
            texts.append(self._part(self.texts[places[-1]]))
        return self._answered(places, texts)

    def _next(self) -> int:
        place = next(self._order, None)
        if place is None:
            self._order = iter(self.random.permutation(self.places).tolist())
            place = next(self._order)
        return place

    def _part(self, text: str) -> str:
        spans = self._pieces(text)
        n = len(spans)
        if n < SHORTENABLE or self.random.random() > SHORTENED:
            return text
        kept = self.random.random(n).argsort().argsort() < self.random.integers(n // 2, n)
        part = masked(text, spans, kept)
        return part if len(self._pieces(part)) >= LEAST_WORDS else text  # what is left may be read as one word

    def _pieces(self, text: str) -> list[Span]:
        return pieces(text, self.language)

    def _answered(self, places: list[int], texts: list[str]) -> list[Lesson]:
        asked: list[str] = []
        ends, kept, spans = [0], [], [self._pieces(text) for text in texts]
        for text, words in zip(texts, spans, strict=True):
            drawn = coalitions(len(words), PAIRS, self.random)
            asked += [masked(text, words, one) for one in np.vstack([drawn, ~drawn])] + [text, ""]
            kept.append(drawn)
            ends.append(len(asked))
        said = self._said(np.asarray(places), np.diff(ends), asked)
        found = []
        for text, words, drawn, (start, end) in zip(texts, spans, kept, pairwise(ends), strict=True):
            own = said[start:end].astype(np.float32)
            apart = own[:PAIRS] - own[PAIRS : 2 * PAIRS]
            found.append(Lesson(text, words, drawn, apart, own[-2] - own[-1]))
        return found

    def _said(self, places: np.ndarray, n_texts: np.ndarray, texts: list[str]) -> np.ndarray:
        """What the model says of each row with each of its texts.  →  (all texts, outputs)"""
        n = len(places)
        partner = len(self.rows) + self.random.choice(len(self.model.weights), n, p=self.model.weights)
        size = self.random.integers(0, len(self.others) + 1, n)
        shown = self.random.random((n, len(self.others))).argsort(axis=1).argsort(axis=1) < size[:, None]
        cells = {
            name: self.stacked[name].take(np.where(shown[:, k] | self.alone, places, partner).repeat(n_texts)).array
            for k, name in enumerate(self.others)
        }
        cells[self.column] = pd.array(texts, dtype=self.stacked[self.column].dtype)
        frame = pd.DataFrame({name: cells[name] for name in self.stacked.columns})
        return outputs.every(self.model.outputs(frame), self.model.output)


def coalitions(n_words: int, n_pairs: int, random: np.random.Generator) -> np.ndarray:
    """Sets of words by their weight in the regression that Shapley values solve.  →  bool (n_pairs, n_words)

    A set of t words of n is drawn with a chance proportional to 1 / (t (n − t)), all sets of a size alike.
    """
    sizes = np.arange(1, n_words)
    weights = 1 / (sizes * (n_words - sizes))
    drawn = random.choice(sizes, n_pairs, p=weights / weights.sum())
    return random.random((n_pairs, n_words)).argsort(axis=1).argsort(axis=1) < drawn[:, None]
