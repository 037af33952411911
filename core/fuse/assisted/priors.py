"""What columns and words are called says how much a linear model may lean on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse
from sklearn.base import BaseEstimator, clone
from sklearn.linear_model import LogisticRegression

from core.catalog import Task
from core.encode.batches import as_texts as filled
from core.encode.sparse import Tfidf
from core.fuse.asked.relevance import AskedRelevance
from core.fuse.assisted.base import Assisted, Rows, one_thread
from core.fuse.candidate import Candidate
from core.fuse.columns import Numbers, TextColumn
from core.fuse.sentence import cell_words, in_words
from core.messages import Message, _, say
from core.models.fitting import fit_model

LEAST = 0.1  # relevance of what is furthest from the target, beside 1 for what is nearest
EXAMPLES = 3
MOST_WORDS = 2000  # of a text column, the most frequent ones
FEW = 20  # so many names or less are too few for percentiles
OUTLIERS = 1  # per cent at either end that do not stretch the scale
Relevance = dict[str, float]


class NamePriors(Assisted):
    """A linear model whose features weigh as much as their names promise.

    An encoder compares each column (“name: some of its values”) and each frequent word with the target's name and the
    names of its classes; the nearest similarity, stretched to 0.1 … 1, is the relevance r. Features are multiplied by
    r to the power of trust before the penalised model sees them, so a coefficient costs r^(−2 · trust) times as much;
    the mean square of the factors is kept at 1. Pieces of words keep the factor 1. A language model that is asked says
    of each column whether it helps; words, of which there are too many to ask about, then keep the factor 1.

    Logistic regression is fitted by Newton's method from where the trust before it ended: few steps, however many words
    there are. With trust 0 the parent's own solver is used.

    Parameters
    ----------
    parent : Candidate
        Its model is linear with a penalty.
    encoder : transformer
        Texts to unit rows, or one that is asked about columns; learns nothing.
    target : str
        What is predicted, by its column's name.
    descriptions : dict, optional
        Class → what it means.
    columns : dict, optional
        Column → what it means.

    Attributes
    ----------
    column_relevance_ : dict, column → r
    factors_ : array, shape (features,); absent with trust 0

    References
    ----------
    Jeong et al., "LLM-Select: Feature Selection with Large Language Models", 2024; Zhang et al., "LLM-Lasso: A Robust
    Framework for Domain-Informed Feature Selection and Regularization", 2025 (penalty factors, and validation of how
    far they are trusted).
    """

    def __init__(
        self,
        parent: Candidate,
        encoder: BaseEstimator,
        target: str = "",
        descriptions: dict[str, str] | None = None,
        columns: dict[str, str] | None = None,
        texts: list[str] | None = None,
        task: Task = "multiclass",
        seed: int = 0,
    ) -> None:
        self.parent = parent
        self.encoder = encoder
        self.target = target
        self.descriptions = descriptions
        self.columns = columns
        self.texts = texts
        self.task = task
        self.seed = seed

    def _advise(self, rows: Rows) -> Rows:
        """Compare names; of the labels only the set of different ones counts."""
        encoder = clone(self.encoder).fit([])
        classes = [] if self.task == "regression" else [str(label) for label in self.classes_]
        meant = [(self.descriptions or {}).get(label) or in_words(label) for label in classes]
        aim = f"{in_words(self.target)}: {', '.join(meant)}" if meant else in_words(self.target)
        plain = [name for name in self.columns_ if name not in (self.texts or [])]
        told = [self._told(name, rows.X[name]) for name in plain]
        self.word_relevance_: Relevance = {}
        if isinstance(encoder, AskedRelevance):
            self.column_relevance_ = _stretched(plain, encoder.relevance(told, aim) if plain else None)
            return rows
        aims = encoder.transform([aim])
        self.column_relevance_ = _stretched(plain, encoder.transform(told) @ aims.T if plain else None)
        aims = encoder.transform([in_words(self.target), *meant])
        makers: Any = self.parent.features
        for _name, maker, columns in makers.transformers:
            if isinstance(maker, TextColumn) and isinstance(maker.encoder, Tfidf):
                words = _frequent(clone(maker.encoder).fit(maker.texts(rows.X[list(columns)])))
                self.word_relevance_ |= _stretched(words, encoder.transform(words) @ aims.T if words else None)
        return rows

    def _why_not(self, rows: Rows) -> Message | None:
        if len({*self.column_relevance_.values(), *self.word_relevance_.values()}) < 2:
            return say(_("The LLM's advice was not used: it finds all columns equally relevant."))
        return None

    def _shared(self) -> Sequence[str]:
        return ("column_relevance_", "word_relevance_")

    def _begin(self, rows: Rows, advised: bool) -> tuple[Any, Rows]:
        made = self._features(rows.X, rows.y)
        self.__dict__.pop("model_", None)  # nothing starts from another fit's
        if advised:
            self.relevance_ = self._relevance(made.shape[1])
        return made, rows

    def _learn(self, material: tuple[Any, Rows], trust: float) -> None:
        made, rows = material
        model, before = clone(self.parent.model), self._coefficients()
        self.trust_ = trust
        if trust > 0:
            self.factors_ = self._factors(trust)
            if isinstance(model, LogisticRegression):
                model.set_params(solver="newton-cg", warm_start=before is not None)
                if before is not None:
                    model.coef_, model.intercept_ = before[0] / self.factors_, before[1]
        self.model_ = one_thread(fit_model(model, self._weighted(made), rows.y, rows.dependence))

    def _coefficients(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Those of the trust tried before, as features are without factors: (rows, features), (rows,)."""
        model = getattr(self, "model_", None)
        if not isinstance(model, LogisticRegression):
            return None
        return model.coef_ * (self.factors_ if self.trust_ > 0 else 1.0), model.intercept_.copy()

    def _seen(self, X: pd.DataFrame, advised: bool) -> Any:
        return self._made(X)

    def _answer(self, seen: Any) -> np.ndarray:
        return self._said(self.model_, self._weighted(seen))

    def _forget(self) -> None:
        for name in ("word_relevance_", "relevance_"):
            self.__dict__.pop(name, None)

    def _told(self, name: str, column: pd.Series) -> str:
        """A column as words: what it means, else its name, and its most frequent values."""
        if given := (self.columns or {}).get(name, "").strip():
            return given
        values = [cell_words(value) for value in column.dropna().value_counts().index[:EXAMPLES]]
        return f"{in_words(name)}: {', '.join(values)}"

    def _weighted(self, made: Any) -> Any:
        if self.trust_ == 0:
            return made
        return made @ scipy.sparse.diags(self.factors_) if scipy.sparse.issparse(made) else made * self.factors_

    def _factors(self, trust: float) -> np.ndarray:
        """Relevance to the power of trust; mean square 1 among columns, and among words."""
        relevance, is_word = self.relevance_
        factors = np.where(np.isnan(relevance), 1.0, relevance) ** trust
        for block in (is_word & ~np.isnan(relevance), ~is_word & ~np.isnan(relevance)):
            if block.any():
                factors[block] /= np.sqrt(np.mean(factors[block] ** 2))
        return factors

    def _relevance(self, n_features: int) -> tuple[np.ndarray, np.ndarray]:
        """Relevance of every feature, NaN where nothing is known, and which of them are words."""
        relevance, is_word = np.full(n_features, np.nan), np.zeros(n_features, dtype=bool)
        features = self.features_
        for name, maker, columns in features.transformers_:
            places = features.output_indices_[name]
            if isinstance(maker, TextColumn):
                words = list(maker.encoder_.get_feature_names_out()) if isinstance(maker.encoder_, Tfidf) else []
                relevance[places] = [self.word_relevance_.get(word, np.nan) for word in words] or np.nan
                is_word[places] = True
                continue
            listed = [str(column) for column in columns]
            owners = [*listed, *(listed[place] for place in maker.marked_)] if isinstance(maker, Numbers) else listed
            relevance[places] = [self.column_relevance_.get(owner, np.nan) for owner in owners]
        return relevance, is_word


def _frequent(fitted: Tfidf) -> list[str]:
    """The most frequent words and pairs of words of a vocabulary."""
    words = fitted.words_.get_feature_names_out()
    if not hasattr(fitted.words_, "idf_"):
        return []
    order = np.argsort(fitted.words_.idf_, kind="stable")[:MOST_WORDS]
    return filled([words[place] for place in sorted(order)])


def _stretched(names: list[str], similarities: np.ndarray | None) -> Relevance:
    """Names and their similarities to the aims (n, aims)  →  relevance from `LEAST` to 1."""
    if similarities is None:
        return {}
    nearest = np.asarray(similarities, dtype=float).max(axis=1)
    low, high = (
        np.percentile(nearest, [OUTLIERS, 100 - OUTLIERS]) if len(names) > FEW else (nearest.min(), nearest.max())
    )
    if high - low < 1e-9:
        return dict.fromkeys(names, 1.0)
    share = np.clip((nearest - low) / (high - low), 0, 1)
    return dict(zip(names, (LEAST + (1 - LEAST) * share).tolist(), strict=True))
