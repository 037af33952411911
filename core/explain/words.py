"""A text column's bar opened into words: the Owen value within the column.

A hidden word is deleted. Before the first word the column is hidden like any other column; with all words it is
shown, so the words' values sum to the column's bar.

References
----------
Owen, "Values of games with a priori unions", 1977.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import rjieba

from core.evaluate.explanation import Part
from core.explain.game import Game
from core.explain.shapley import FEWEST_PAIRS, never, paths

MOST_PIECES = 40
TEXTS_AT_ONCE = 120  # per call: enough to encode in batches, few enough to stop in time
_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"\S+")


def pieces(text: str, language: str) -> list[tuple[int, int]]:
    """Start and end of each word; neighbours are joined where a text has more than 40 of them."""
    spans = _chinese(text) if language == "zh" or _CJK.search(text) else [m.span() for m in _WORD.finditer(text)]
    if len(spans) <= MOST_PIECES:
        return spans
    ends = np.linspace(0, len(spans), MOST_PIECES + 1).astype(int)
    return [(spans[start][0], spans[end - 1][1]) for start, end in pairwise(ends)]


def _chinese(text: str) -> list[tuple[int, int]]:
    """Words by rjieba; a mark stays with the word before it."""
    spans: list[tuple[int, int]] = []
    place = 0
    for word in rjieba.cut(text):
        end = place + len(word)
        if spans and spans[-1][1] == place and word.strip() and not any(letter.isalnum() for letter in word):
            spans[-1] = (spans[-1][0], end)
        elif word.strip():
            spans.append((place, end))
        place = end
    return spans


def open_text(
    game: Game,
    column: str,
    bar: float,
    language: str,
    *,
    seed: int,
    texts: int,
    enough: Callable[[], bool] = never,
) -> list[Part]:
    """Share a text column's bar among its words.

    Parameters
    ----------
    bar : float
        The column's value, which the parts sum to.
    texts : int
        About how many masked texts may be evaluated.
    enough : callable () → bool
        Asked between calls of the model: True stops the sampling.
    """
    cell = game.row[column].iloc[0]
    text = cell if isinstance(cell, str) else ""
    spans = pieces(text, language)
    if len(spans) < 2:
        return [Part(text=text[start:end], start=start, end=end, value=bar, low=bar, high=bar) for start, end in spans]
    random = np.random.default_rng(seed)
    wanted = max(FEWEST_PAIRS, texts // (2 * len(spans)))
    at_once = max(FEWEST_PAIRS, TEXTS_AT_ONCE // (2 * len(spans)))
    found: list[np.ndarray] = []
    while len(found) < wanted and not (found and enough()):
        found += _pairs(game, column, text, spans, random, min(at_once, wanted - len(found)))
    mean = np.mean(found, axis=0)
    reach = 1.96 * np.std(found, axis=0, ddof=1) / np.sqrt(len(found))
    mean += (bar - mean.sum()) / len(spans)  # what sampling the other columns left over
    return [
        Part(
            text=text[start:end], start=start, end=end, value=float(value), low=float(value - r), high=float(value + r)
        )
        for (start, end), value, r in zip(spans, mean, reach, strict=True)
    ]


def _pairs(
    game: Game, column: str, text: str, spans: list[tuple[int, int]], random: np.random.Generator, n_pairs: int
) -> list[np.ndarray]:
    """Marginal contributions of the words along random orders and their reverses, all in one go.

    Each pair stands beside its own random set of other columns.  →  n_pairs arrays (words,)
    """
    player, n = game.players.index(column), len(spans)
    others = np.stack([_before(player, random.permutation(len(game.players))) for _pair in range(n_pairs)])
    with_text = others.copy()
    with_text[:, player] = True
    orders = [random.permutation(n) for _pair in range(n_pairs)]
    ways = [way for order in orders for way in (order, order[::-1])]
    texts = [masked(text, spans, kept) for way in ways for kept in paths(way)[1:-1]]
    inner = game.with_texts(np.repeat(with_text, 2 * (n - 1), axis=0), column, texts).reshape(n_pairs, 2, n - 1)
    hidden, whole = game.values(others), game.values(with_text)
    found = []
    for number, order in enumerate(orders):
        total = np.zeros(n)
        for way, between in zip((order, order[::-1]), inner[number], strict=True):
            total[way] += np.diff(np.concatenate([[hidden[number]], between, [whole[number]]]))
        found.append(total / 2)
    return found


def _before(player: int, order: np.ndarray) -> np.ndarray:
    """Who comes before a player in an order.  →  bool (players,)"""
    shown = np.zeros(len(order), dtype=bool)
    shown[order[: int(np.flatnonzero(order == player)[0])]] = True
    return shown


def masked(text: str, spans: list[tuple[int, int]], kept: np.ndarray) -> str:
    """The text without the words that are not kept; what stands between words stays, as one space at most."""
    parts, place = [], 0
    for (start, end), keep in zip(spans, kept, strict=True):
        parts.append(text[place:start])
        if keep:
            parts.append(text[start:end])
        place = end
    return " ".join("".join([*parts, text[place:]]).split())
