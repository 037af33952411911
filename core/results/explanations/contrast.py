"""Two candidates' explanations of the same data beside each other. Light: the page draws it."""

from __future__ import annotations

import pandas as pd

from core.results.explanations.global_explanation import WholeExplanation, shares

OFTEN = 2  # rows a word stands in


def columns(first: WholeExplanation, second: WholeExplanation) -> pd.DataFrame:
    """Each column's part of all movement in both, largest first.

    Columns: ``column``, ``first``, ``second`` (NaN: it is not used).
    """
    one, other = shares(first.shapley), shares(second.shapley)
    names = list(dict.fromkeys([*one, *other]))
    frame = pd.DataFrame(
        {"column": names, "first": [one.get(name) for name in names], "second": [other.get(name) for name in names]},
    ).astype({"first": float, "second": float})
    largest = frame[["first", "second"]].max(axis=1)
    return frame.loc[largest.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def words(first: WholeExplanation, second: WholeExplanation) -> pd.DataFrame:
    """Words and how far they move each: ``label``, ``column``, ``word``, ``first``, ``second``, ``rows``.

    A word's effect is measured in the mean movement of a row (the sum of all columns' sizes), so that models that say
    everything more loudly do not win. 0: it is not among the words that move this one. Largest difference first.
    """
    parts = []
    for side, whole in (("first", first), ("second", second)):
        total = sum(one.value.mean for one in whole.shapley) or 1.0
        parts.append(
            pd.DataFrame(
                [
                    (one.label, one.column, one.text, one.value / total, one.n_rows)
                    for one in whole.words
                    if one.n_rows >= OFTEN
                ],
                columns=["label", "column", "word", side, "rows"],
            )
        )
    keys = ["label", "column", "word"]
    both = parts[0].merge(parts[1], on=keys, how="outer", suffixes=("", "_other"))
    both["rows"] = both[["rows", "rows_other"]].max(axis=1).astype(int)
    both = both.drop(columns="rows_other").fillna({"first": 0.0, "second": 0.0})
    apart = (both["first"] - both["second"]).abs()
    return both.loc[apart.sort_values(ascending=False, kind="stable").index, [*keys, "first", "second", "rows"]]
