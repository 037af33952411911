"""Which facts speak of a question: BM25 over their content words, in English and Chinese."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import bm25s

from core.assistant.fact_filter import words
from core.assistant.han import apart

K1, B = 1.5, 0.75
logging.getLogger("bm25s").setLevel(logging.WARNING)  # it tells of every index


def ranked(question: str, facts: Sequence[str], most: int) -> list[int]:
    """Places of the facts that share words with the question, the best first.

    References
    ----------
    Robertson and Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009; the engine is bm25s with
    Lucene's variant of the rarity.

    Examples
    --------
    >>> ranked("What does guessing reach?", ["The table has 730 rows.", "Guessing reaches 0.384."], 3)
    [1]
    """
    tokens = [words(apart(fact)) for fact in facts]
    known = {token for fact in tokens for token in fact}
    asked = [token for token in words(apart(question)) if token in known]
    if not asked:
        return []
    engine = bm25s.BM25(method="lucene", k1=K1, b=B)
    engine.index(tokens, show_progress=False)
    scores = engine.get_scores(asked)
    order = sorted(range(len(facts)), key=lambda place: -float(scores[place]))  # equal ones in their order
    return [place for place in order if scores[place] > 0][:most]
