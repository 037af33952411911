"""How many answers of an endpoint an explanation takes, before it starts; at most, and about. Light: pages show it."""

from __future__ import annotations

from collections.abc import Sequence

from core.bundles.manifest import BACKGROUND_ROWS, Manifest
from core.explain.global_.estimate import COHORT_ROWS, WHOLE_ROWS, WHOLE_WORD_TEXTS
from core.explain.quality.estimate import DRAWS, SEEDS, STEPS, TRUST_ROWS, TRUST_TEXTS
from core.explain.row.estimate import BACKGROUND, SHAP_WORD_ORDERS, SHAP_WORDS, WORD_TEXTS, coalitions


def opening_answers(manifest: Manifest, n_rows: int) -> int:
    """To open the candidate: its background rows, which a comparison on a hold-out has not asked about."""
    return min(n_rows, BACKGROUND_ROWS) * sum(manifest.asked.values())


def column_answers(manifest: Manifest) -> int:
    """To open one row into columns: its own texts, and texts put together where several are read as one."""
    texts = _n_texts(manifest)
    together = coalitions(texts or len(manifest.columns)) * BACKGROUND
    return sum(n * (together if column == "" and texts != 1 else 1) for column, n in manifest.asked.items())


def word_answers(manifest: Manifest, n_masked: int = WORD_TEXTS) -> int:
    """To open one row's texts into words.

    n_masked: texts with words left out, of each text
    """
    return sum(n * n_masked * (_n_texts(manifest) if column == "" else 1) for column, n in manifest.asked.items())


def row_answers(manifest: Manifest) -> int:
    """To open one row into columns and words.

    Examples
    --------
    >>> about = {"candidate": "zero-shot:llm", "task": "binary", "target": "y", "classes": ["a", "b"]}
    >>> note = {"name": "note", "role": "text"}
    >>> row_answers(Manifest.model_validate({**about, "columns": [note], "column_schema": [], "asked": {"note": 1}}))
    401
    """
    return column_answers(manifest) + word_answers(manifest)


def whole_answers(manifest: Manifest, n_rows: int, ms_per_row: float, budget_seconds: float) -> int:
    """To explain many rows: all of it, or as many as the time allows."""
    each = column_answers(manifest) + word_answers(manifest, WHOLE_WORD_TEXTS)
    return min(min(n_rows, WHOLE_ROWS) * each, in_time(manifest, ms_per_row, budget_seconds))


def cohort_answers(manifest: Manifest, ms_per_row: float, budget_seconds: float) -> int:
    """To rank the columns over a cohort."""
    return min(COHORT_ROWS * column_answers(manifest), in_time(manifest, ms_per_row, budget_seconds))


def trust_answers(manifest: Manifest, n_rows: int) -> int:
    """To test the explanations."""
    each = column_answers(manifest) + word_answers(manifest, SEEDS * TRUST_TEXTS + (DRAWS + 2) * STEPS)
    return min(n_rows, TRUST_ROWS) * each


def shap_answers(manifest: Manifest, n_words: Sequence[int]) -> int:
    """To put one explained row through shap.

    n_words: words of each text that is opened
    """
    masked = sum(2**n if n <= SHAP_WORDS else 2 * SHAP_WORD_ORDERS * n for n in n_words)
    return column_answers(manifest) + word_answers(manifest, masked)


def in_time(manifest: Manifest, ms_per_row: float, seconds: float) -> int:
    """As many answers as there are in so much time.

    ms_per_row: what the candidate needs to predict one row with a text it has not seen
    """
    return round(sum(manifest.asked.values()) * 1000 * seconds / ms_per_row)


def _n_texts(manifest: Manifest) -> int:
    return sum(need.role == "text" for need in manifest.columns)
