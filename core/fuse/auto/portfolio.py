"""What the automatic choice tries, in the order of what is hoped of it for its time.

The order is in ``portfolio.json``: `benchmarks.portfolio` made it from many tables. There, with and without texts, the
next one is always whoever lowers the error of a mixture with those before it most for the seconds it takes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("portfolio.json")
COSTLY = ("cooperative-tuned", "cooperative-tuned@top")  # the first that there is time for
MANY = 50_000  # rows from where on what grows faster than they do is not tried


@dataclass(frozen=True)
class Entry:
    """A candidate worth trying: its name, its settings, and the rows beyond which it is too slow to be tried."""

    name: str
    settings: dict[str, Any] | None = None
    most_rows: int = 1_000_000

    @property
    def label(self) -> str:
        """Its name, with the settings that are not the usual ones.

        Examples
        --------
        >>> Entry("columns+forest", {"min_samples_leaf": 5}).label
        'columns+forest (min_samples_leaf 5)'
        """
        told = ", ".join(f"{name} {value:g}" for name, value in (self.settings or {}).items())
        return f"{self.name} ({told})" if told else self.name


_STEADY = {"n_estimators": 300, "learning_rate": 0.05}
_STUMPS = {"n_estimators": 300, "learning_rate": 0.05, "num_leaves": 4}
_MANY_STUMPS = {"n_estimators": 1000, "learning_rate": 0.1, "num_leaves": 4}  # where there is little noise
_MANY_SMALL = {"n_estimators": 1000, "learning_rate": 0.1, "num_leaves": 8}
_LEAF = {"n_estimators": 300, "min_samples_leaf": 5}
CONSIDERED: tuple[Entry, ...] = (  # those that `benchmarks.portfolio` chooses from
    Entry("columns"),
    Entry("columns+lightgbm", _STEADY),
    Entry("columns+lightgbm", _STUMPS),
    Entry("columns+lightgbm", _MANY_STUMPS, most_rows=MANY),
    Entry("columns+lightgbm", _MANY_SMALL, most_rows=MANY),
    Entry("columns+additive"),
    Entry("columns+boosting"),
    Entry("columns+boosting", {"max_iter": 200, "learning_rate": 0.05, "max_leaf_nodes": 8}),
    Entry("columns+extra-trees"),
    Entry("columns+extra-trees", {"n_estimators": 300, "min_samples_leaf": 3}),
    Entry("columns+forest", most_rows=MANY),
    Entry("columns+forest", _LEAF, most_rows=MANY),
    Entry("columns+svm-kernel", most_rows=8_000),
    Entry("columns+knn", {"n_neighbors": 25}, most_rows=MANY),
    Entry("text-tfidf"),
    Entry("text-tfidf+svm-linear"),
    Entry("cooperative"),
    Entry("cooperative@words"),
    Entry("cooperative+svm-linear@words"),
    Entry("cooperative+svm-kernel", most_rows=8_000),
    Entry("cooperative+lightgbm", _STEADY, most_rows=MANY),
    Entry("cooperative:tfidf-svd+lightgbm", _STEADY, most_rows=MANY),
    Entry("cooperative:tfidf-svd+lightgbm", _STUMPS, most_rows=MANY),
    Entry("cooperative:tfidf-svd+extra-trees", most_rows=MANY),
    Entry("cooperative:tfidf-svd+extra-trees", {"n_estimators": 300, "min_samples_leaf": 3}, most_rows=MANY),
)


@cache
def entries(*, texts: bool) -> tuple[Entry, ...]:
    """What to try on a table with or without text columns, the most promising for its time first."""
    known = {entry.label: entry for entry in CONSIDERED}
    told = json.loads(FILE.read_text(encoding="utf-8"))["texts" if texts else "columns"]
    return tuple(known[Entry(one["name"], one["settings"]).label] for one in told)
