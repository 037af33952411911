"""Whether a language model finds that a column may help: by the column's name and some of its values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.utils.validation import check_is_fitted

from core.fuse.asked.answering import Asking
from core.questions import YES_NO

QUESTION = "This is a column of a table, with some of its values. Does it help to predict “{aim}”?"


class AskedRelevance(Asking):
    """A language model's probability that a column helps to predict a target; no row is learned from.

    Parameters
    ----------
    model : str, default=""
    cache_folder : str or Path, optional

    References
    ----------
    Jeong et al., "LLM-Select: Feature Selection with Large Language Models", 2024 (scores by asking about each
    feature).

    Examples
    --------
    >>> AskedRelevance("bundled").fit([]).relevance(["age: 22, 38", "ticket: A/5 21171"], "survived").shape
    (2, 1)
    """

    def fit(self, texts: Sequence[Any], y: object = None) -> AskedRelevance:
        """Find the model; nothing is learned."""
        self._find()
        return self

    def relevance(self, columns: Sequence[str], aim: str) -> np.ndarray:
        """n columns in words, and what is predicted   →   probabilities, float (n, 1)"""
        check_is_fitted(self, "revision_")
        logs = self._asked(columns, [QUESTION.format(aim=aim)], YES_NO)[:, 0]
        return np.asarray(expit(logs[:, :1] - logs[:, 1:]))
