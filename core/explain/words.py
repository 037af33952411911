"""A text column's bar opened into words: the Owen value within the column.

A hidden word is deleted. Before the first word the column is hidden like any other column; with all words it is
shown, so the words' values sum to the column's bar.

References
----------
Owen, "Values of games with a priori unions", 1977.
"""

from __future__ import annotations

import re

import numpy as np
import rjieba

from core.evaluate.result import Part
from core.explain.game import Game

MOST_PIECES = 40
_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"\S+")


def pieces(text: str, language: str) -> list[tuple[int, int]]:
    """Start and end of each word; neighbours are joined where a text has more than 40 of them."""
    if language == "zh" or _CJK.search(text):
        spans, place = [], 0
        for word in rjieba.cut(text):
            if word.strip():
                spans.append((place, place + len(word)))
            place += len(word)
    else:
        spans = [match.span() for match in _WORD.finditer(text)]
    if len(spans) <= MOST_PIECES:
        return spans
    return [(int(part[0][0]), int(part[-1][1])) for part in _chunks(spans, MOST_PIECES)]


def open_text(game: Game, column: str, bar: float, language: str, *, seed: int, texts: int) -> list[Part]:
    """Share a text column's bar among its words.

    Parameters
    ----------
    bar : float
        The column's value, which the parts sum to.
    texts : int
        About how many masked texts may be evaluated.
    """
    cell = game.row[column].iloc[0]
    text = "" if not isinstance(cell, str) else cell
    spans = pieces(text, language)
    if not spans:
        return []
    random = np.random.default_rng(seed)
    player = game.players.index(column)
    pairs = max(2, texts // (2 * len(spans)))
    found = np.stack([_pair(game, column, player, text, spans, random) for _number in range(pairs)])
    mean = found.mean(axis=0)
    reach = 1.96 * found.std(axis=0, ddof=1) / np.sqrt(pairs)
    mean += (bar - mean.sum()) / len(spans)  # what sampling the other columns left over
    return [
        Part(
            text=text[start:end], start=start, end=end, value=float(value), low=float(value - r), high=float(value + r)
        )
        for (start, end), value, r in zip(spans, mean, reach, strict=True)
    ]


def _pair(
    game: Game, column: str, player: int, text: str, spans: list[tuple[int, int]], random: np.random.Generator
) -> np.ndarray:
    """Marginal contributions of the words in one order and its reverse, beside one random set of other columns."""
    n_columns, n = len(game.players), len(spans)
    before = random.permutation(n_columns)
    shown = np.zeros(n_columns, dtype=bool)
    shown[before[: int(np.flatnonzero(before == player)[0])]] = True
    tables = [game.mixed(shown)]
    with_text = shown.copy()
    with_text[player] = True
    orders = [random.permutation(n)]
    orders.append(orders[0][::-1])
    for order in orders:
        kept = np.zeros(n, dtype=bool)
        for piece in order:
            kept[piece] = True
            tables.append(game.mixed(with_text, {column: masked(text, spans, kept)}))
    outputs = game.outputs(tables)
    total = np.zeros(n)
    for number, order in enumerate(orders):
        path = np.concatenate([outputs[:1], outputs[1 + number * n : 1 + (number + 1) * n]])
        total[order] += np.diff(path)
    return total / 2


def masked(text: str, spans: list[tuple[int, int]], kept: np.ndarray) -> str:
    """The text without the words that are not kept; the whole text, unchanged, if all are."""
    if kept.all():
        return text
    glue = "" if _CJK.search(text) else " "
    return glue.join(text[start:end] for (start, end), keep in zip(spans, kept, strict=True) if keep)


def _chunks(spans: list[tuple[int, int]], n: int) -> list[np.ndarray]:
    return [part for part in np.array_split(np.asarray(spans), n) if len(part)]
