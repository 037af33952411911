"""Beam search: the likeliest text as a whole, looked for along a few paths at once. It yields its tree level by level.

References
----------
Wu et al., "Google's neural machine translation system", 2016, section 7 (the length penalty; ours is its simple form).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.language.model import LanguageModel, read, steps

Outcome = Literal["kept", "dropped", "ended"]


@dataclass(frozen=True)
class Node:
    """One token at the end of one path.

    `log_probability`: of the token after its path; `total`: of the whole path; `score`: total / length^length_penalty,
    by which paths are compared; `state`: kept to go on from, dropped, or ended by the end of the document.
    """

    number: int
    parent: int | None  # None: it follows the prompt
    depth: int  # tokens after the prompt, from 1
    token: int
    log_probability: float
    total: float
    score: float
    state: Outcome


def beam(
    model: LanguageModel, ids: Sequence[int], *, width: int, max_tokens: int, length_penalty: float = 0.0
) -> Iterator[list[Node]]:
    """Search for the likeliest continuation.

    Parameters
    ----------
    ids : sequence of int
        What stands there, ``<s>`` first.
    width : int
        Paths that go on from each level; of each level 2 · width nodes are shown.
    length_penalty : float
        0 compares probabilities of whole texts, which favours short ones; 1 the mean per token.
    """
    following, state = read(model, np.array(ids, dtype=np.int32))
    rows, states = following[None], [state]
    paths: list[Node | None] = [None]
    number, best_ended = 0, -np.inf
    for depth in range(1, max_tokens + 1):
        grown = [
            (_node(number + n, paths[place], token, float(rows[place, token]), length_penalty), place)
            for n, (place, token) in enumerate(_likeliest(rows, paths, 2 * width))
        ]
        number += len(grown)
        end = model.tokens.begin
        going = [(node, place) for node, place in grown if node.token != end][:width]
        states_of: dict[int, Outcome] = {node.number: "kept" for node, _ in going}
        states_of |= {node.number: "ended" for node, _ in grown if node.token == end}
        level = [replace(node, state=states_of.get(node.number, "dropped")) for node, _ in grown]
        yield level
        best_ended = max([best_ended, *(node.score for node in level if node.state == "ended")])
        hope = max((node.total / max_tokens**length_penalty for node, _ in going), default=-np.inf)
        if depth == max_tokens or hope <= best_ended:  # totals only fall, so no path can still win
            return
        rows, states = steps(model, [states[place] for _, place in going], [node.token for node, _ in going])
        paths = [node for node, _ in going]


def _node(number: int, path: Node | None, token: int, log_probability: float, length_penalty: float) -> Node:
    depth = path.depth + 1 if path else 1
    total = log_probability + (path.total if path else 0.0)
    score = total / depth**length_penalty
    return Node(number, path.number if path else None, depth, token, log_probability, total, score, "dropped")


def _likeliest(rows: np.ndarray, paths: Sequence[Node | None], n: int) -> list[tuple[int, int]]:
    """The n likeliest pairs of a path's place and its next token, likeliest first."""
    totals = (rows + np.array([[path.total if path else 0.0] for path in paths])).ravel()
    n = min(n, totals.size)
    chosen = np.argpartition(-totals, n - 1)[:n]
    chosen = chosen[np.argsort(-totals[chosen], kind="stable")]
    return [(int(at) // rows.shape[1], int(at) % rows.shape[1]) for at in chosen if np.isfinite(totals[at])]


def best(levels: Sequence[Sequence[Node]]) -> list[Node]:
    """The path with the best score among those that ended, or were going on when the last level was reached."""
    by_number = {node.number: node for level in levels for node in level}
    last = [node for node in levels[-1] if node.state == "kept"]
    ended = [node for node in by_number.values() if node.state == "ended"]
    node: Node | None = max(ended + last, key=lambda one: one.score)
    path = []
    while node is not None:
        path.append(node)
        node = by_number[node.parent] if node.parent is not None else None
    return path[::-1]
