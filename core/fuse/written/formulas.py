"""A classical model with new columns that a language model proposed as formulas."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
import scipy.sparse
from sklearn.base import clone

from core.catalog import Role, Task
from core.encode.batches import part, report_progress
from core.fuse.assisted import advice_weight
from core.fuse.assisted.base import Assisted, Rows, one_thread
from core.fuse.candidate import Candidate
from core.fuse.columns import Numbers, as_numbers
from core.fuse.sentence import sentences
from core.fuse.written import proposed
from core.fuse.written.asking import written
from core.fuse.written.language import Columns, parsed, worked_out
from core.messages import Message, _, _n, say
from core.models.fitting import fit_model
from core.results.advice import Advice, Formula, Trust
from core.results.language.laboratory import Decoding

SHOWN = 6  # rows that were got wrong
LOOKED_AT = 10_000  # rows, to see whether a formula says something new
MOST_TOKENS = 360
TEMPERATURE = 0.7  # at 0 a small model repeats its first formula


class Formulas(Assisted):
    """New columns as formulas of those there are: a language model proposes them, inner folds accept them.

    The model is told the columns with some of their values, the target, and the rows of the first inner fold that the
    parent gets most wrong. What it writes is parsed, never run (`core.fuse.written.language`). One formula after the
    other is tried on the rows of the other inner folds, together with those accepted before it; it is accepted where
    the loss falls by more than the standard error of the paired difference. Trust is the share that was accepted.

    Parameters
    ----------
    parent : Candidate
    language_model : str
        As `core.providers.door` names it.
    roles : dict
        Column → its role, of those that formulas may use.
    target : str
    descriptions : dict, optional
        Column → what it means.

    Attributes
    ----------
    proposed_ : dict
        Formula → the name that the language model gave it.
    formulas_ : list of str
        The accepted ones.
    derived_ : Numbers
        Makes features of the new columns.

    References
    ----------
    Hollmann et al., "Large Language Models for Automated Data Science: Introducing CAAFE for Context-Aware Automated
    Feature Engineering", NeurIPS 2023.
    """

    badge: Literal["fitted-in-fold"] = "fitted-in-fold"

    def __init__(
        self,
        parent: Candidate,
        language_model: str,
        roles: dict[str, Role],
        target: str = "",
        descriptions: dict[str, str] | None = None,
        texts: list[str] | None = None,
        task: Task = "multiclass",
        seed: int = 0,
    ) -> None:
        self.parent = parent
        self.language_model = language_model
        self.roles = roles
        self.target = target
        self.descriptions = descriptions
        self.texts = texts
        self.task = task
        self.seed = seed

    def _advise(self, rows: Rows) -> Rows:
        """Ask for formulas, with errors of the parent on the rows of the first inner fold."""
        self.formulas_: list[str] = []
        self.tried_: list[Formula] = []
        self.proposed_: dict[str, str] = {}
        folds = self._folds(rows)
        if len(folds) < 2:
            return rows  # nothing could be tried, so nothing is asked
        errors = self._errors(rows, *folds[0])
        classes = [] if self.task == "regression" else [str(label) for label in self.classes_]
        text = proposed.prompt(rows.X, self.roles, self.target, classes, errors, self.descriptions)
        settings = Decoding(temperature=TEMPERATURE, max_tokens=MOST_TOKENS, seed=self.seed)
        (said,) = written(self.language_model, [text], settings, proposed.grammar(rows.X, self.roles))
        some = rows.X.iloc[:: len(rows.X) // LOOKED_AT + 1]
        known = [as_numbers(some[[name]])[:, 0] for name, role in self.roles.items() if role == "number"]
        for one, name in proposed.found(said, self._usable()).items():
            values = self._derive(some, [one]).iloc[:, 0].to_numpy()
            if proposed.says_something(values, known):
                self.proposed_[one] = name
                known.append(values)
        return rows

    def _why_not(self, rows: Rows) -> Message | None:
        if not self.proposed_ and len(self._folds(rows)) > 1:
            return say(
                _("The LLM's advice was not used: it proposed no new column that says more than those there are.")
            )
        return None

    def _dialled(self, rows: Rows) -> Trust:
        """Accept what helps on rows whose errors the language model was not shown."""
        folds = [
            fold
            for fold in self._folds(rows)[1 : self.tried_folds]
            if self.task == "regression" or len(np.unique(rows.y[fold[0]])) > 1
        ]
        if not folds:
            return advice_weight.not_tried(
                say(_("The LLM's advice was not used: there are too few rows to try it on."))
            )
        trials = [_Trial(self, rows.take(train), rows.take(test)) for train, test in folds]
        before, accepted = self._losses(trials, []), list[str]()
        for number, (formula, name) in enumerate(self.proposed_.items()):
            with part(number, len(self.proposed_) + 1):
                after = self._losses(trials, [*accepted, formula])
            gain = before - after
            mean, error = float(gain.mean()), advice_weight.error(gain)
            helps = mean > error
            reach = advice_weight.WIDE * error
            self.tried_.append(
                Formula(name=name, text=formula, gain=mean, low=mean - reach, high=mean + reach, used=helps)
            )
            if helps:
                accepted, before = [*accepted, formula], after
        self.formulas_ = accepted
        n = len(self.proposed_)
        note = say(
            _n(
                "{used} of {n} new column that the LLM proposed is used.",
                "{used} of {n} new columns that the LLM proposed are used.",
            ),
            used=len(accepted),
            n=n,
        )
        return Trust(value=len(accepted) / n, n_rows=len(before), note=note)

    def _begin(self, rows: Rows, advised: bool) -> tuple[Any, Rows]:
        made = self._features(rows.X, rows.y)
        if advised:
            self.derived_ = Numbers().fit(self._derive(rows.X, self.formulas_))
        return self._joined(made, rows.X), rows

    def _learn(self, material: tuple[Any, Rows], trust: float) -> None:
        made, rows = material
        self.trust_ = trust
        self.model_ = one_thread(fit_model(clone(self.parent.model), made, rows.y, rows.dependence))

    def _seen(self, X: pd.DataFrame, advised: bool) -> Any:
        return self._made(X)

    def _made(self, X: pd.DataFrame) -> Any:
        return self._joined(super()._made(X), X)

    def _answer(self, seen: Any) -> np.ndarray:
        return self._said(self.model_, seen)

    def _report(self, trust: Trust, rows: Rows) -> Advice:
        return Advice(trust=trust, formulas=self.tried_)

    def _forget(self) -> None:
        del self.tried_

    # Its parts

    def _usable(self) -> Columns:
        return Columns.of(self.roles)

    def _derive(self, X: pd.DataFrame, formulas: list[str]) -> pd.DataFrame:
        """The new columns of some rows, each called by its formula."""
        columns = self._usable()
        return pd.DataFrame({one: worked_out(parsed(one, columns), X, columns) for one in formulas}, index=X.index)

    def _joined(self, made: Any, X: pd.DataFrame) -> Any:
        """Features of the parent, then those of the accepted formulas."""
        if not self.formulas_:
            return made
        return beside(made, self.derived_.transform(self._derive(X, self.formulas_)))

    def _errors(self, rows: Rows, train: np.ndarray, test: np.ndarray) -> list[str]:
        """Rows held back that the parent gets most wrong, in words."""
        alone, held = rows.take(train), rows.take(test)
        if self.task != "regression" and len(np.unique(alone.y)) < 2:
            return []
        said = _Trial(self, alone, held).said([])
        worst = np.argsort(-advice_weight.losses(said, held.y), kind="stable")
        if self.task != "regression":
            worst = worst[said.argmax(axis=1)[worst] != held.y[worst]]
        worst = worst[:SHOWN]
        if self.task == "regression":
            truth, told = (held.y * self.factor_)[worst], (said * self.factor_)[worst]
            words = [[f"{value:.4g}" for value in values] for values in (truth, told)]
        else:
            words = [[str(self.classes_[code]) for code in codes[worst]] for codes in (held.y, said.argmax(axis=1))]
        return proposed.in_row_words(sentences(held.X[list(self.roles)].iloc[worst]), *words)

    def _losses(self, trials: list[_Trial], formulas: list[str]) -> np.ndarray:
        losses = []
        for number, one in enumerate(trials):
            report_progress(number, len(trials))
            losses.append(advice_weight.losses(one.said(formulas), one.test.y))
        return np.concatenate(losses)


class _Trial:
    """An inner fold: what the parent's features are there is made once, whatever formulas stand beside them."""

    def __init__(self, of: Formulas, train: Rows, test: Rows) -> None:
        self.of, self.train, self.test = of, train, test
        features = clone(of.parent.features)
        self.made = features.fit_transform(train.X, train.y), features.transform(test.X)

    def said(self, formulas: list[str]) -> np.ndarray:
        """What the parent's model says of the rows held back with these formulas beside its features."""
        made = self.made
        if formulas:
            new = [self.of._derive(rows.X, formulas) for rows in (self.train, self.test)]
            numbers = Numbers().fit(new[0])
            made = beside(made[0], numbers.transform(new[0])), beside(made[1], numbers.transform(new[1]))
        model = one_thread(fit_model(clone(self.of.parent.model), made[0], self.train.y, self.train.dependence))
        return self.of._said(model, made[1])


def beside(made: Any, new: np.ndarray) -> Any:
    """Features of any kind with more at their right."""
    return scipy.sparse.hstack([made, new], format="csr") if scipy.sparse.issparse(made) else np.hstack([made, new])
