"""What is compared when nobody chooses: the contrast that the question needs, then one of each way, then the rest."""

from __future__ import annotations

from core.catalog.roles import Task


def contrast(n_texts: int, n_columns: int, task: Task | None = None) -> list[str]:
    """What it takes to say whether a language model was worth it: guessing, columns, the fair rival, a fusion.

    Numbers are predicted best by boosting, so there the boosted rival comes before the linear one.

    Examples
    --------
    >>> contrast(1, 3)
    ['dummy', 'columns', 'classical', 'classical+boosting', 'cooperative']
    >>> contrast(0, 3)
    ['dummy', 'columns', 'columns+boosting', 'columns-as-text']
    """
    first, second = ("+boosting", "") if task == "regression" else ("", "+boosting")
    if not n_texts:
        return ["dummy", f"columns{first}", f"columns{second}", "columns-as-text"]
    columns = ["columns"] if n_columns else []
    return ["dummy", *columns, f"classical{first}", f"classical{second}", "cooperative"]


def default_candidates(n_texts: int, n_columns: int, task: Task | None = None) -> list[str]:
    """The contrast, further rivals, one candidate of each other way, then second variants."""
    needed = contrast(n_texts, n_columns, task)
    if not n_texts:
        return [*needed, "columns+forest"]
    ways = ["cooperative-tuned", "joint", "assisted-margins"]
    variants = ["cooperative@words", *(["cooperative+boosting"] if task == "regression" else [])]
    if not n_columns:
        return [*needed, *ways, *variants]
    return [*needed, "columns+boosting", *ways, *variants, "text-tfidf", "text-llm", "columns-as-text"]
