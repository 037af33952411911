"""What the automatic choice tries, the most promising for their time first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_STEADY = {"n_estimators": 300, "learning_rate": 0.05}


@dataclass(frozen=True)
class Entry:
    """A candidate worth screening: its name, its settings, and the rows beyond which it is too slow to be tried."""

    name: str
    settings: dict[str, Any] | None = None
    most_rows: int = 1_000_000


SCREENED: tuple[Entry, ...] = (  # the most promising for their time first
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
