"""Score against cost: which candidates are beaten by no other (the Pareto front)."""

from __future__ import annotations

from collections.abc import Sequence


def frontier(costs: Sequence[float], scores: Sequence[float]) -> list[int]:
    """Places of the candidates that no other beats, cheapest first.

    One beats another if it costs no more, scores no less, and is better in at least one of the two. Of equals only the
    first is kept. Higher scores are better here: turn a score around where lower is better.
    """
    found: list[int] = []
    reached = float("-inf")
    for place in sorted(range(len(costs)), key=lambda place: (costs[place], -scores[place])):
        if scores[place] > reached:
            found.append(place)
            reached = scores[place]
    return found
