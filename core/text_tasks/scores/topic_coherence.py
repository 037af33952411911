"""Whether the words of a topic belong together: they stand in the same texts more often than by chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations


def npmi(words: Sequence[str], texts: Sequence[set[str]]) -> float:
    """Mean normalised pointwise mutual information of all pairs of words, -1 (never together) to 1 (always together).

    With p the share of texts that hold a word, npmi(a, b) = ln(p(a,b) / (p(a) p(b))) / -ln p(a,b).

    References
    ----------
    Bouma, "Normalized (pointwise) mutual information in collocation extraction", 2009; Lau, Newman and Baldwin,
    "Machine reading tea leaves", EACL 2014 (as topic coherence).
    """
    n = len(texts)
    values = []
    for left, right in combinations(dict.fromkeys(words), 2):
        with_left = sum(left in text for text in texts) / n
        with_right = sum(right in text for text in texts) / n
        together = sum(left in text and right in text for text in texts) / n
        if together == 0:
            values.append(-1.0)
        elif together == 1:
            values.append(1.0)
        else:
            values.append(math.log(together / (with_left * with_right)) / -math.log(together))
    return sum(values) / len(values) if values else math.nan
