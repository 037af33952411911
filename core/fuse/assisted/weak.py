"""Labels for unlabelled rows by the votes of rules and of a language model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from core.catalog import Task
from core.fuse.assisted import functions
from core.fuse.assisted.base import Rows
from core.fuse.assisted.enlarged import MOST_ADDED, Enlarged, Lesson, in_shares, some
from core.fuse.assisted.label_model import ABSTAIN, learned
from core.fuse.candidate import Candidate
from core.fuse.columns import as_texts
from core.fuse.ensemble import aligned
from core.fuse.predictor import FrozenWork
from core.fuse.zero_shot import ZeroShot
from core.messages import Message, _, say
from core.results.advice import Advice, LabelFunction, Trust

NAMES, PROMPT = "names", "prompt"


class WeakSupervision(Enlarged):
    """A classical model that also learns from rows labelled by votes.

    Keyword rules and the likeness of a text to the names of the classes vote on every training row; a label model
    (`core.fuse.assisted.label_model`) learns from all rows how far each may be believed, and labels the unlabelled rows
    with probabilities. Votes say which rows belong to a class, labelled rows how frequent it is: how many words a rule
    lists must not make a class likelier.

    Parameters
    ----------
    parent : Candidate
    namer : ZeroShot, optional
        Votes on the clearer half of the rows.
    rules : list of ``{"label", "words"}``
        Votes for a class where any of the words or phrases stands in any text of the row.
    texts : list of str
        The text columns.

    Attributes
    ----------
    functions_ : list of {"name", "kind", "label"}
    """

    badge = "fitted-in-fold"

    def __init__(
        self,
        parent: Candidate,
        namer: ZeroShot | None = None,
        rules: list[dict[str, Any]] | None = None,
        texts: list[str] | None = None,
        task: Task = "multiclass",
        seed: int = 0,
    ) -> None:
        self.parent = parent
        self.namer = namer
        self.rules = rules
        self.texts = texts
        self.task = task
        self.seed = seed

    def frozen_work(self, X: pd.DataFrame) -> list[FrozenWork]:
        return [*super().frozen_work(X), *(self.namer.frozen_work(X) if self.namer is not None else [])]

    def _read_by_adviser(self, X: pd.DataFrame) -> list[str]:
        return list(self.texts or [])

    def _advise(self, rows: Rows) -> Rows:
        """Let everybody vote once, on all rows: no vote depends on a label."""
        every, classes = rows.every, [str(label) for label in self.classes_]
        columns = [as_texts(every[[name]]) for name in self.texts or []]
        told = [functions.plain("\n".join(filter(None, cells))) for cells in zip(*columns, strict=True)]
        found: list[np.ndarray] = []
        self.functions_: list[dict[str, str]] = []
        for rule in self.rules or []:
            if rule["label"] in classes:
                found.append(functions.votes_of_rule(told, rule["words"], classes.index(rule["label"])))
                self.functions_.append({"name": ", ".join(rule["words"]), "kind": "rule", "label": rule["label"]})
        if self.namer is not None:
            namer = clone(self.namer).fit(rows.X, self._labels(rows), rows.dependence)
            said = aligned(namer.predict_both(every)[1], namer, classes)
            assert said is not None
            least = float(np.quantile(functions.margins(said), 1 - functions.CONFIDENT)) if len(classes) > 1 else 0.0
            found.append(functions.votes_of_names(said, least))
            weighs = getattr(self.namer.encoder, "weighs_labels", False)
            kind = PROMPT if weighs else NAMES
            self.functions_.append({"name": str(getattr(self.namer.encoder, "model", "e5")), "kind": kind, "label": ""})
        votes = np.column_stack(found) if found else np.empty((len(every), 0), dtype=int)
        return replace(rows, hints=votes[: len(rows.X)], free_hints=votes[len(rows.X) :])

    def _why_not(self, rows: Rows) -> Message | None:
        if not len(rows.free):
            return say(_("The LLM's advice was not used: there are no unlabelled rows to learn from."))
        if not (rows.votes()[len(rows.y) :] != ABSTAIN).any():
            return say(_("The LLM's advice was not used: no rule and no name of a class fits any unlabelled row."))
        return None

    def _lesson(self, rows: Rows) -> Lesson:
        model = learned(rows.votes(), self._known(rows), len(self.classes_))
        free = rows.votes()[len(rows.y) :]
        voted = np.flatnonzero((free != ABSTAIN).any(axis=1))
        chosen = voted[some(len(voted), MOST_ADDED, self.seed)]
        targets, weights = in_shares(model.posterior(free[chosen]), rows.y)
        return Lesson(rows.free.iloc[chosen], targets, weights=weights)

    def _report(self, trust: Trust, rows: Rows) -> Advice:
        votes, known = rows.votes(), self._known(rows)
        if not votes.shape[1]:
            return Advice(trust=trust)
        believed = learned(votes, known, len(self.classes_)).accuracies()
        found = []
        for place, function in enumerate(self.functions_):
            mine, others = votes[:, place], np.delete(votes, place, axis=1)
            voted = mine != ABSTAIN
            conflict = voted & ((others != ABSTAIN) & (others != mine[:, None])).any(axis=1)
            judged = voted & (known != ABSTAIN)
            found.append(
                LabelFunction(
                    **function,
                    coverage=float(voted.mean()),
                    conflicts=float(conflict.mean()),
                    accuracy=float(believed[place]) if voted.any() else None,
                    measured=float((mine == known)[judged].mean()) if judged.any() else None,
                    n_measured=int(judged.sum()),
                )
            )
        return Advice(trust=trust, functions=found)

    def _known(self, rows: Rows) -> np.ndarray:
        return np.concatenate([rows.y, np.full(len(rows.free), ABSTAIN)]).astype(int)
