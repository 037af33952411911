"""Classes told apart by what they are called: no label is learned from."""

from __future__ import annotations

import re
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, clone

from core.catalog import Task
from core.data.splits.inner import Dependence
from core.fuse.columns import as_texts
from core.fuse.predictor import FrozenWork, Predictor
from core.fuse.sentence import in_words, sentences
from core.messages import Message, _, say

TEMPERATURE = 0.05  # of the softmax over cosines: what MiniLM was trained with (its scale of 20)
TEMPLATE = "This is about {name}."  # measured on four tables: no worse than bare names or longer ones
NAMELESS = "class {name}"
_MEANS_NOTHING = re.compile(r"[-+]?\d+([.,]\d+)?|[^\W\d_]")  # a number or one letter


class ZeroShot(Predictor):
    """Compare each row with what the classes are called.

    An encoder puts rows and descriptions into the same space: a class's probability is the softmax of their cosines
    over `TEMPERATURE`. An encoder that weighs labels takes each description as a language model's answer; the softmax
    of its weights are the probabilities. Of the labels only the set of different ones is looked at.

    Parameters
    ----------
    encoder : transformer
        Takes an array of str or None; learns nothing from texts.
    columns : list of str
        The source columns to read.
    task : {"binary", "multiclass"}
    descriptions : dict, optional
        Class → what it means in words; a class without one is described by its name.
    read : {"texts", "sentence"}
        Columns that are texts are joined; others are written out as a sentence.

    Attributes
    ----------
    classes_ : array of str, shape (k,)
    described_ : list of str
        What rows were compared with, in the order of `classes_`.
    encoder_ : fitted
    directions_ : float32 array, shape (k, width)
        The encoded descriptions; absent where it weighs labels.

    References
    ----------
    Chang et al., "Importance of Semantic Representation: Dataless Classification", AAAI 2008 (similarity to names).
    """

    def __init__(
        self,
        encoder: BaseEstimator,
        columns: list[str],
        task: Task = "multiclass",
        descriptions: dict[str, str] | None = None,
        read: Literal["texts", "sentence"] = "texts",
    ) -> None:
        self.encoder = encoder
        self.columns = columns
        self.task = task
        self.descriptions = descriptions
        self.read = read

    def fit(self, X: pd.DataFrame, y: Any, dependence: Dependence | None = None) -> ZeroShot:
        """X: source columns, n rows, not looked at; y: labels, of which only the different ones count.

        dependence: as for every candidate; nothing is divided here.
        """
        self.columns_ = list(self.columns)
        self._columns_of(X)
        self._coded(y)
        self.settings_, self.trials_ = {}, []
        weighs = _weighs(self.encoder)
        given = self.descriptions or {}
        self.described_ = [
            given[name].strip() if given.get(name, "").strip() else _described(name, "{name}" if weighs else TEMPLATE)
            for name in map(str, self.classes_)
        ]
        self.encoder_ = clone(self.encoder).fit(self.described_)
        if not weighs:
            self.directions_ = self.encoder_.transform(self.described_)
        return self

    def predict_both(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
        made = self.encoder_.transform(self._texts(self._columns_of(X)))
        scores = made if _weighs(self.encoder_) else made @ self.directions_.T / TEMPERATURE  # (n, k)
        raised = np.exp(np.asarray(scores, dtype=float) - scores.max(axis=1, keepdims=True))
        return self.classes_[scores.argmax(axis=1)], raised / raised.sum(axis=1, keepdims=True)

    def text_encoders(self) -> dict[str, Any]:
        return {self._reads: self.encoder_} if hasattr(self, "encoder_") else {}

    def frozen_work(self, X: pd.DataFrame) -> list[FrozenWork]:
        """The rows' texts; none where labels are weighed, which are needed to work with."""
        if _weighs(self.encoder):
            return []
        return [FrozenWork(self._reads, self.encoder, self._texts(X[self.columns]))]

    def leak_badge(self) -> Literal["", "label-free", "out-of-fold", "fitted-in-fold"]:
        return "label-free"

    def notes(self) -> dict[str, Message]:
        """A warning where the names of the classes mean nothing."""
        names = [str(label) for label in getattr(self, "classes_", [])]
        nameless = [
            name for name in names if _MEANS_NOTHING.fullmatch(name) and not (self.descriptions or {}).get(name)
        ]
        if not nameless:
            return {}
        text = _("The classes are called {names}, which says nothing to a language model; describe them in words.")
        return {"class names": say(text, names=[f"“{name}”" for name in nameless[:5]])}

    @property
    def _reads(self) -> str:
        """The column that is read, if it is one text; ``""``: whole rows."""
        return self.columns[0] if self.read == "texts" and len(self.columns) == 1 else ""

    def _texts(self, frame: pd.DataFrame) -> np.ndarray:
        """What is compared: one text per row or None, shape (n,)."""
        if self.read == "sentence":
            return sentences(frame)
        if self._reads:
            return as_texts(frame)  # as other candidates read it, so that its encodings are shared
        columns = [as_texts(frame[[name]]) for name in self.columns]
        return np.asarray(["\n".join(filter(None, cells)) for cells in zip(*columns, strict=True)], dtype=object)


def _weighs(encoder: Any) -> bool:
    return bool(getattr(encoder, "weighs_labels", False))


def _described(name: str, template: str) -> str:
    """A class by its name; one that means nothing at least says what it is: a class."""
    if _MEANS_NOTHING.fullmatch(name):
        return NAMELESS.format(name=name)
    return template.format(name=in_words(name))
