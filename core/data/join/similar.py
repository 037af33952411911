"""Fuzzy join: for each key the most similar one of another list. Imports skrub, so only workers load this."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher

import numpy as np
import pandas as pd
from skrub import Joiner

from core.data.values.words import NO_VALUE
from core.messages import UnusableData, _

AT_ONCE = 500  # keys
MOST_PAIRS = 2_000_000_000  # comparisons: about six minutes
_NO_KEY = "\N{SYMBOL FOR NULL}" * 3  # among the others, so that they are never all taken for numbers or dates
_OTHER = " (other)"


def nearest(
    wanted: list[str], others: list[str], progress: Callable[[float], None] = lambda share: None
) -> tuple[np.ndarray, np.ndarray]:
    """For each of `wanted` the nearest of `others` by skrub's Joiner (character n-grams, TF-IDF), and how similar.

    The similarity is the share of letters in common and in the same order, which a person can check by eye: twice the
    matching letters over all letters of both (Ratcliff and Obershelp), whatever their case.

    Returns
    -------
    int64 array, shape (len(wanted),)
        Position in `others`; -1 where nothing is like it at all.
    float64 array, shape (len(wanted),)
        0 to 1.

    Examples
    --------
    >>> found, similarity = nearest(["Hambrug", "Tokyo"], ["Berlin", "Hamburg"])
    >>> int(found[0]), round(float(similarity[0]), 2)
    (1, 0.86)
    """
    found, similarity = np.full(len(wanted), -1, np.int64), np.zeros(len(wanted))
    usable = [place for place, other in enumerate(others) if other.casefold() not in NO_VALUE]
    if not usable or not wanted:
        return found, similarity
    if len(wanted) * len(usable) > MOST_PAIRS:
        raise UnusableData(
            _("{n:,} keys against {others:,} are too many to compare letter by letter."),
            _("Match keys that are the same instead."),
            n=len(wanted), others=len(usable),
        )  # fmt: skip
    frame = pd.DataFrame(
        {"key": [others[place] for place in usable] + [_NO_KEY], "place": [*usable, -1]},
    ).astype({"key": "str"})
    joiner = Joiner(frame, key="key", suffix=_OTHER, ref_dist="no_rescaling", metric="cosine")
    joiner.fit(pd.DataFrame({"key": pd.Series(wanted[:1], dtype="str")}))
    for start in range(0, len(wanted), AT_ONCE):
        keys = wanted[start : start + AT_ONCE]
        joined = joiner.transform(pd.DataFrame({"key": pd.Series(keys, dtype="str")}))
        places = joined["place" + _OTHER].to_numpy(dtype=np.int64)
        found[start : start + len(keys)] = places
        similarity[start : start + len(keys)] = [
            alike(key, others[place]) if place >= 0 else 0.0 for key, place in zip(keys, places, strict=True)
        ]
        progress((start + len(keys)) / len(wanted))
    return found, similarity


def alike(one: str, other: str) -> float:
    """The share of letters that two words have in common, in the same order.

    Examples
    --------
    >>> alike("Muenchen", "münchen"), alike("same", "SAME")
    (0.8, 1.0)
    """
    return SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio()
