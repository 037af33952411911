"""What the automatic choice tries, in the order of what is hoped of it for its time; `core/fuse/auto/choice.py` reads it.

The order is that of `benchmarks.portfolio`, which adds to a mixture, again and again, the candidate that lowers its error
most on many tables for the seconds it takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.catalog import Task

Kind = Literal["text", "both", "columns"]  # a table's columns to learn from: texts, texts and others, others
_STEADY = {"n_estimators": 300, "learning_rate": 0.05}


@dataclass(frozen=True)
class Entry:
    """A candidate worth trying: its name, its settings, and the rows beyond which it is too slow to be tried."""

    name: str
    settings: dict[str, Any] | None = None
    most_rows: int = 1_000_000


ENTRIES: tuple[Entry, ...] = (
    Entry("cooperative@words"),
    Entry("cooperative"),
    Entry("columns"),
    Entry("columns+lightgbm", _STEADY),
    Entry("text-tfidf+svm-linear"),
    Entry("columns+boosting"),
    Entry("cooperative+svm-linear@words"),
    Entry("columns+extra-trees"),
    Entry("columns+forest", most_rows=50_000),
    Entry("cooperative+svm-kernel", most_rows=8_000),
    Entry("text-tfidf"),
    Entry("cooperative:tfidf-svd+lightgbm", _STEADY, most_rows=50_000),
    Entry("cooperative:tfidf-svd+extra-trees", most_rows=50_000),
    Entry("cooperative+lightgbm", _STEADY, most_rows=50_000),
)
COSTLY = ("cooperative-tuned",)


def kind_of(texts: Sequence[str], others: Sequence[str]) -> Kind:
    """The kind of a table by its columns to learn from.

    Examples
    --------
    >>> kind_of(["review"], ["stars"])
    'both'
    """
    if not texts:
        return "columns"
    return "both" if others else "text"
