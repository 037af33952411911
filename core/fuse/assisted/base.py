"""What all advised candidates share: a classical parent, advice, and the trust that rows held back give it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from core.catalog import Task
from core.data.splits.inner import Dependence, inner_folds, of_texts
from core.encode.batches import part, report_progress
from core.fuse.assisted import advice_weight
from core.fuse.candidate import Candidate, source_columns
from core.fuse.columns import TextColumn
from core.fuse.predictor import FrozenWork, Predictor, as_frame
from core.messages import Message, _, say
from core.models.scaled import factor_of, restored, unscaled
from core.results.advice import Advice, Trust
from core.results.flow import Flow

FOLDS = 3


@dataclass(frozen=True)
class Rows:
    """Training rows: with a target, and without one."""

    X: pd.DataFrame
    y: np.ndarray  # class numbers, or numbers
    free: pd.DataFrame  # rows without a target
    hints: np.ndarray | None = None  # advice that needs no label, one row per row of X
    free_hints: np.ndarray | None = None
    dependence: Dependence | None = None  # of the labelled rows

    def take(self, places: np.ndarray) -> Rows:
        """Some of the labelled rows, and all others."""
        hints = None if self.hints is None else self.hints[places]
        dependence = None if self.dependence is None else self.dependence.take(places)
        return replace(self, X=self.X.iloc[places], y=self.y[places], hints=hints, dependence=dependence)

    def votes(self) -> np.ndarray:
        """The advice on all rows, the labelled ones first."""
        assert self.hints is not None
        assert self.free_hints is not None
        return np.concatenate([self.hints, self.free_hints])

    @property
    def every(self) -> pd.DataFrame:
        """All rows, the labelled ones first."""
        return pd.concat([self.X, self.free]) if len(self.free) else self.X


class Assisted(Predictor):
    """A classical candidate with an adviser.

    With trust 0 it is its parent: the same features, the same model, and nothing of the advice. How far the advice is
    followed is chosen on inner folds of the training rows (`core.fuse.assisted.advice_weight`). Rows whose target is
    missing are unlabelled: families that can learn from them do, others leave them.

    A family says what it does in four steps: `_begin` does with training rows what trust has no part in, `_learn` fits
    with some trust, `_seen` makes of new rows what `_answer` then answers from.

    Parameters
    ----------
    parent : Candidate
        Whose features and model it takes.
    texts : list of str
        The text columns: rows with nearly the same texts stay in one inner fold.
    task : {"binary", "multiclass", "regression"}
    seed : int

    Attributes
    ----------
    trust_ : float
        From 0 to 1.
    advice_ : dict
        How trust was chosen, and what else is known of the advice: the fields of `Advice`.
    features_, model_ : fitted
    factor_ : float
        What numbers were divided by before anything saw them: models and advice are of a target of a usual size.
    """

    parent: Candidate
    texts: list[str] | None
    seed: int
    advice_: dict[str, Any]
    trust_: float
    n_folds = FOLDS  # inner ones
    tried_folds = FOLDS  # of these, for the trust
    badge: Literal["label-free", "out-of-fold", "fitted-in-fold"] = "label-free"

    def fit(self, X: pd.DataFrame, y: Any, dependence: Dependence | None = None) -> Assisted:
        """X: source columns, n rows; y: shape (n,), missing where a row has no label; dependence: of the rows.

        Without `dependence`, rows with nearly the same texts are taken to be one group.
        """
        X, y = as_frame(X), np.asarray(y)
        self.n_features_in_ = X.shape[1]
        self.columns_ = list(dict.fromkeys([*source_columns(self.parent.features, X), *self._read_by_adviser(X)]))
        X, gaps = self._columns_of(X), np.asarray(pd.isna(y), dtype=bool)
        known = np.flatnonzero(~gaps)
        bound = of_texts(X[~gaps], self.texts or []) if dependence is None else dependence.take(known)
        rows = Rows(X[~gaps], self._sized(self._coded(y[~gaps])), X[gaps], dependence=bound)
        rows = self._advise(rows)
        why = self._why_not(rows)
        trust = advice_weight.not_tried(why) if why is not None else self._dialled(rows)
        with part(self.tried_folds, self.tried_folds + 1):
            self._learn(self._begin(rows, trust.value > 0), trust.value)
        self.settings_: dict[str, Any] = {"trust": trust.value}
        self.trials_: list[dict[str, Any]] = []
        self.advice_ = advice_weight.in_own_unit(self._report(trust, rows), self.factor_).model_dump(mode="json")
        self._forget()
        return self

    def predict_both(self, X: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
        check_is_fitted(self, "trust_")
        said = self._answer(self._seen(self._columns_of(X), self.trust_ > 0))
        if self.task == "regression":
            return restored(said, unscaled(self)[1]), None
        return self.classes_[said.argmax(axis=1)], said

    def advice(self) -> Advice:
        """How far the advice is followed, and how that was found."""
        check_is_fitted(self, "advice_")
        return Advice.model_validate(self.advice_)

    def text_encoders(self) -> dict[str, Any]:
        """Those of the parent's features, then what new rows still need of the adviser."""
        found: dict[str, Any] = {}
        for name, encoder in [*self._encoders(), *self._adviser_encoders()]:
            names = [name, *(f"{name} ({number})" for number in range(2, 99))]
            found[next(one for one in names if one not in found)] = encoder
        return found

    def frozen_work(self, X: pd.DataFrame) -> list[FrozenWork]:
        return self.parent.frozen_work(X)

    def leak_badge(self) -> Literal["", "label-free", "out-of-fold", "fitted-in-fold"]:
        """How the advice comes about."""
        return self.badge

    def flow(self, X: pd.DataFrame) -> Flow:
        n_features = int(getattr(self.model_, "n_features_in_", 0))
        return super().flow(X).model_copy(update={"n_features": n_features, "trust": self.trust_})

    # What a family says

    def _read_by_adviser(self, X: pd.DataFrame) -> list[str]:
        """Source columns that the parent may not read."""
        return []

    def _advise(self, rows: Rows) -> Rows:
        """Prepare advice that learns from no label, once for all inner folds."""
        return rows

    def _why_not(self, rows: Rows) -> Message | None:
        """Why there is no advice on these rows; None if there is."""
        return None

    def _begin(self, rows: Rows, advised: bool) -> Any:
        """Do with training rows what trust has no part in; without advice, what the parent does."""
        raise NotImplementedError

    def _learn(self, material: Any, trust: float) -> None:
        """Fit with this trust, and set `trust_`."""
        raise NotImplementedError

    def _seen(self, X: pd.DataFrame, advised: bool) -> Any:
        """What new rows are answered from."""
        raise NotImplementedError

    def _answer(self, seen: Any) -> np.ndarray:
        """Probabilities in the order of `classes_`, shape (n, k), or numbers, shape (n,)."""
        raise NotImplementedError

    def _report(self, trust: Trust, rows: Rows) -> Advice:
        return Advice(trust=trust)

    def _forget(self) -> None:
        """Let go of what new rows don't need."""

    def _shared(self) -> Sequence[str]:
        """What `_advise` made."""
        return ()

    def _adviser_encoders(self) -> list[tuple[str, Any]]:
        return []

    # What they share

    def _dialled(self, rows: Rows) -> Trust:
        """The trust that inner folds choose."""
        folds = [
            (train, test)
            for train, test in self._folds(rows)[: self.tried_folds]
            if self.task == "regression" or len(np.unique(rows.y[train])) > 1
        ]
        if not folds:
            return advice_weight.not_tried(
                say(_("The LLM's advice was not used: there are too few rows to try it on."))
            )
        tried: dict[float, list[np.ndarray]] = {trust: [] for trust in advice_weight.GRID}
        for number, (train, test) in enumerate(folds):
            with part(number, self.tried_folds + 1):
                self._try(rows.take(train), rows.take(test), tried)
        return advice_weight.chosen({trust: np.concatenate(found) for trust, found in tried.items()})

    def _try(self, train: Rows, test: Rows, tried: dict[float, list[np.ndarray]]) -> Assisted:
        """Add what each trust costs on the rows of an inner fold.  →  what was fitted there"""
        one = self._fresh()
        with part(0, 2):
            material = one._begin(train, True)
            seen = one._seen(test.X, True)
        with part(1, 2):
            for number, trust in enumerate(advice_weight.GRID):
                with part(number, len(advice_weight.GRID)):
                    one._learn(material, trust)
                    tried[trust].append(advice_weight.losses(one._answer(seen), test.y))
                report_progress(number + 1, len(advice_weight.GRID))
        return one

    def _folds(self, rows: Rows) -> list[tuple[np.ndarray, np.ndarray]]:
        if len(rows.y) < 2 * self.n_folds:
            return []
        return inner_folds(self.task, rows.y, self.seed, self.n_folds, rows.dependence)

    def _fresh(self) -> Assisted:
        """One for an inner fold: not fitted, but with the advice that needs no labels."""
        one: Assisted = clone(self)
        for name in ("classes_", "columns_", *self._shared()):
            if hasattr(self, name):
                setattr(one, name, getattr(self, name))
        return one

    def _sized(self, y: np.ndarray) -> np.ndarray:
        """Class numbers, or numbers of a usual size; shape (n,)."""
        self.factor_ = factor_of(y) if self.task == "regression" else 1.0
        return y if self.factor_ == 1 else y / self.factor_

    def _labels(self, rows: Rows) -> np.ndarray:
        """The target as advisers learn it: class labels, or numbers of a usual size."""
        return rows.y if self.task == "regression" else self.classes_[rows.y]

    def _features(self, X: pd.DataFrame, y: np.ndarray) -> Any:
        """Fit the parent's features on these rows, and make them."""
        self.features_ = clone(self.parent.features)
        return self.features_.fit_transform(X, y)

    def _made(self, X: pd.DataFrame) -> Any:
        return self.features_.transform(X)

    def _encoders(self) -> list[tuple[str, Any]]:
        features = getattr(self, "features_", None)
        return [
            (transformer.column(columns), transformer.encoder_)
            for _name, transformer, columns in ([] if features is None else features.transformers_)
            if isinstance(transformer, TextColumn)
        ]

    def _said(self, model: Any, made: Any) -> np.ndarray:
        """What a model fitted on class numbers says, with a column for every class."""
        if self.task == "regression":
            return np.asarray(model.predict(made), dtype=float)
        full = np.zeros((made.shape[0], len(self.classes_)))
        full[:, np.asarray(model.classes_, dtype=int)] = model.predict_proba(made)
        return full


class Advised(Assisted):
    """One whose advice comes from another candidate, which new rows are shown to, too.

    Parameters
    ----------
    parent : Candidate
    adviser : Predictor
    """

    def __init__(
        self,
        parent: Candidate,
        adviser: Predictor,
        texts: list[str] | None = None,
        task: Task = "multiclass",
        seed: int = 0,
    ) -> None:
        self.parent = parent
        self.adviser = adviser
        self.texts = texts
        self.task = task
        self.seed = seed

    def frozen_work(self, X: pd.DataFrame) -> list[FrozenWork]:
        return [*super().frozen_work(X), *self.adviser.frozen_work(X)]

    def _read_by_adviser(self, X: pd.DataFrame) -> list[str]:
        return columns_read(self.adviser, X)

    def _adviser_encoders(self) -> list[tuple[str, Any]]:
        return list(self.adviser_.text_encoders().items()) if hasattr(self, "adviser_") else []


def columns_read(candidate: Predictor, X: pd.DataFrame) -> list[str]:
    """The source columns that a candidate will read, before it is fitted."""
    if isinstance(candidate, Candidate):
        return source_columns(candidate.features, X)
    return list(getattr(candidate, "columns", []))


def one_thread(model: Any) -> Any:
    """From now on on one thread: several would add votes up in any order."""
    if "n_jobs" in model.get_params(deep=False):
        model.set_params(n_jobs=1)
    return model
