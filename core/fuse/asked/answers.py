"""The answers to questions as features: one number from 0 to 1 for each question, readable by anybody."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.utils.validation import check_is_fitted

from core.encode.base import TextEncoder
from core.fuse.asked.answering import Asking
from core.fuse.asked.questions import value
from core.questions import parsed

NEAR = 1e-3  # an answer is at least so far from 0 and 1 where its logit is taken
FOLDS = 5


class Answers(Asking):
    """What a language model answers to questions about a text.

    Parameters
    ----------
    questions : list of str
        As a person writes them; see `core.questions.parsed`.
    model : str, default=""
    cache_folder : str or Path, optional

    Attributes
    ----------
    n_features_out_ : int
        One per question.

    References
    ----------
    Benara et al., "Crafting Interpretable Embeddings by Asking LLMs Questions", NeurIPS 2024.

    Examples
    --------
    >>> Answers(["Is the writer angry?"], "bundled").fit_transform(["You are late again!"]).shape
    (1, 1)
    """

    def __init__(self, questions: list[str], model: str = "", cache_folder: str | Path | None = None) -> None:
        super().__init__(model, cache_folder)
        self.questions = questions

    @property
    def n_asked(self) -> int:  # type: ignore[override]
        """One number per question."""
        return len(self.questions)

    def fit(self, texts: Sequence[Any], y: object = None) -> Answers:
        """Find the model; nothing is learned."""
        self._find()
        self.n_features_out_ = len(self.questions)
        return self

    def transform(self, texts: Sequence[Any]) -> np.ndarray:
        """Ask.

        texts : array of str or None, shape (n,)   →   float32 array, shape (n, questions)
        """
        check_is_fitted(self, "revision_")
        questions = [parsed(line) for line in self.questions]
        values = np.empty((len(texts), len(questions)), dtype=np.float32)
        ordered = sorted(range(len(questions)), key=lambda place: questions[place].answers)
        for answers, places in groupby(ordered, key=lambda place: questions[place].answers):
            same = list(places)
            said = self._asked(texts, [questions[place].text for place in same], answers)
            for number, place in enumerate(same):
                values[:, place] = value(questions[place], said[:, number])
        return values

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """The questions."""
        return np.asarray(self.questions, dtype=object)


class LearnedAnswers(TextEncoder):
    """A fast copy of `Answers`: the model is asked about the training rows only, an encoder learns what it says.

    A linear model guesses each answer from the text's embedding. Training rows get guesses of models that did not see
    them, so that they look as new rows do.

    Parameters
    ----------
    answers : Answers
    encoder : transformer
        Takes an array of str or None; learns nothing from texts.
    seed : int

    Attributes
    ----------
    copy_ : the fitted linear model
    reader_ : the fitted encoder
    agreement_ : float
        R² of the guesses on rows that their model did not see, the mean of all questions.
    """

    label_free = False  # what the copy learned comes from the rows of its fold

    def __init__(self, answers: Answers, encoder: BaseEstimator, seed: int = 0) -> None:
        self.answers = answers
        self.encoder = encoder
        self.seed = seed

    def fit(self, texts: Sequence[Any], y: object = None) -> LearnedAnswers:
        """Ask about these texts, and learn what was answered."""
        self.fit_transform(texts)
        return self

    def fit_transform(self, texts: Sequence[Any], y: object = None) -> np.ndarray:
        """The guesses for the rows it learns from, float32 (n, questions), each by a model that did not see its row."""
        asked = clone(self.answers)
        asked.progress = self.progress
        wanted = _logits(asked.fit(texts).transform(texts))
        self.reader_ = clone(self.encoder)
        made = self.reader_.fit_transform(texts)
        self.n_features_out_ = wanted.shape[1]
        self.copy_ = Ridge(alpha=1.0).fit(made, wanted)
        if len(texts) < 2 * FOLDS:
            self.agreement_ = 0.0
            return self._shares(self.copy_.predict(made))
        folds = KFold(FOLDS, shuffle=True, random_state=self.seed)
        guessed = cross_val_predict(Ridge(alpha=1.0), made, wanted, cv=folds)
        spread = ((wanted - wanted.mean(axis=0)) ** 2).sum(axis=0)
        missed = ((wanted - guessed.reshape(wanted.shape)) ** 2).sum(axis=0)
        told = spread > 1e-6 * len(texts)  # an answer that is always the same is guessed by nobody, and by everybody
        self.agreement_ = float(np.mean(1 - missed[told] / spread[told])) if told.any() else 0.0
        return self._shares(guessed)

    def transform(self, texts: Sequence[Any]) -> np.ndarray:
        """Guess.

        texts : array of str or None, shape (n,)   →   float32 array, shape (n, questions)
        """
        check_is_fitted(self, "copy_")
        return self._shares(self.copy_.predict(self.reader_.transform(texts)))

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        """The questions."""
        return np.asarray(self.answers.questions, dtype=object)

    def _shares(self, logits: np.ndarray) -> np.ndarray:
        return np.asarray(1 / (1 + np.exp(-logits.reshape(len(logits), -1))), dtype=np.float32)


def _logits(shares: np.ndarray) -> np.ndarray:
    held = np.clip(shares.astype(float), NEAR, 1 - NEAR)
    return np.asarray(np.log(held / (1 - held)))
