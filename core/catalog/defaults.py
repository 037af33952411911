"""What is compared when nobody chooses: what the question needs, and what there may be time for beside it."""

from __future__ import annotations

from core.catalog.roles import Task


def contrast(n_texts: int, n_columns: int, task: Task | None = None) -> list[str]:
    """What it takes to say whether a language model was worth it: guessing, columns, the fair rival, a fusion.

    The fusion is trained with and without word counts: with them it differs from its rival by the language model alone.

    Numbers are predicted best by boosting, so there the boosted rival comes before the linear one.

    Examples
    --------
    >>> contrast(1, 3)
    ['dummy', 'columns', 'classical', 'classical+boosting', 'cooperative', 'cooperative@words']
    >>> contrast(0, 3)
    ['dummy', 'columns', 'columns+boosting', 'columns-as-text']
    """
    first, second = ("+boosting", "") if task == "regression" else ("", "+boosting")
    if not n_texts:
        return ["dummy", f"columns{first}", f"columns{second}", "columns-as-text"]
    columns = ["columns"] if n_columns else []
    return ["dummy", *columns, f"classical{first}", f"classical{second}", "cooperative", "cooperative@words"]


def usual_candidates(n_texts: int, n_columns: int, task: Task | None = None) -> list[str]:
    """What the question needs: the contrast, quick rivals and variants, and a language model trained on the target."""
    needed = contrast(n_texts, n_columns, task)
    if not n_texts:
        return [*needed, "columns+forest"]
    quick = ["columns+boosting"] if n_columns else []
    variants = ["cooperative+boosting"] if task == "regression" else []
    return [*needed, *quick, *variants, "cooperative-tuned"]


def all_candidates(n_texts: int, n_columns: int, task: Task | None = None) -> list[str]:
    """What there may be time for: one candidate of each way and the baselines beside the usual ones."""
    usual = usual_candidates(n_texts, n_columns, task)
    if not n_texts:
        return usual
    halves = ["text-tfidf", "text-llm", "columns-as-text"] if n_columns else []
    return [*usual, "joint", "assisted-margins", *halves]
