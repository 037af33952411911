"""A tuned language model teaches a fast classical student, and stays behind."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from core.catalog import Task
from core.data.splits.inner import fit_with
from core.fuse.assisted import advice_weight
from core.fuse.assisted.base import Rows, columns_read
from core.fuse.assisted.enlarged import MOST_ADDED, Enlarged, Lesson, some
from core.fuse.candidate import Candidate
from core.fuse.ensemble import aligned
from core.fuse.predictor import Predictor
from core.results.advice import Advice, Distillation, Trust

TIMED_ROWS = 64
PIECES = 4  # of each labelled row's texts, shown to the teacher
SHORTEST, LONGEST = 0.1, 0.7  # share of the text's words in a piece


class Distilled(Enlarged):
    """A parent that learns from a teacher's probabilities, or numbers.

    The teacher is trained on three quarters of the labelled rows. What it then says of unlabelled rows and of pieces of
    texts teaches students, and how far it is trusted is chosen on the fourth. The student that is kept learns
    from all labelled rows, and from what the same teacher says of all. So a slow teacher is trained once, and its
    figures are those of the one that taught.

    Parameters
    ----------
    parent : Candidate
        The student.
    teacher : Candidate

    References
    ----------
    Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015; Tang et al., "Distilling
    Task-Specific Knowledge from BERT into Simple Neural Networks", 2019 (pieces of texts for the teacher to label).
    """

    badge = "fitted-in-fold"
    n_folds, tried_folds = 4, 1

    def __init__(
        self,
        parent: Candidate,
        teacher: Candidate,
        texts: list[str] | None = None,
        task: Task = "multiclass",
        seed: int = 0,
    ) -> None:
        self.parent = parent
        self.teacher = teacher
        self.texts = texts
        self.task = task
        self.seed = seed

    def estimate_seconds(self, X: pd.DataFrame, y: np.ndarray) -> float | None:
        """The teacher's, on the rows of an inner fold."""
        known = np.asarray(~pd.isna(y), dtype=bool)
        once = self.teacher.estimate_seconds(X[known], self._coded(np.asarray(y)[known]))
        return None if once is None else once * (1 - 1 / self.n_folds)

    def _read_by_adviser(self, X: pd.DataFrame) -> list[str]:
        return columns_read(self.teacher, X)

    def _lesson(self, rows: Rows) -> Lesson:
        if not hasattr(self, "teacher_"):  # the inner fold's is at hand
            self.teacher_ = fit_with(clone(self.teacher), rows.X, self._labels(rows), rows.dependence)
        random = np.random.default_rng(self.seed)
        free = rows.free.iloc[some(len(rows.free), MOST_ADDED, self.seed)]
        added = pd.concat([free, self._pieces(rows.X, random)]) if len(free) else self._pieces(rows.X, random)
        said = self._taught(self.teacher_, pd.concat([rows.X, added]))
        return Lesson(added, said[len(rows.y) :], said[: len(rows.y)])

    def _pieces(self, X: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
        """Rows whose texts are cut out of those there are."""
        n = min(PIECES * len(X), MOST_ADDED)
        made = X.iloc[random.permutation(np.tile(np.arange(len(X)), PIECES))[:n]].copy()
        for name in self.texts or []:
            made[name] = [_piece(text, random) if isinstance(text, str) else text for text in made[name].tolist()]
        return made

    def _taught(self, teacher: Predictor, X: pd.DataFrame) -> np.ndarray:
        prediction, probabilities = teacher.predict_both(X)
        full = aligned(probabilities, teacher, [str(label) for label in getattr(self, "classes_", [])])
        return prediction if full is None else full

    def _try(self, train: Rows, test: Rows, tried: dict[float, list[np.ndarray]]) -> Any:
        one = super()._try(train, test, tried)
        self.teacher_ = one.teacher_
        taught = self._taught(one.teacher_, test.X)
        sample = test.X.head(TIMED_ROWS)
        Enlarged._forget(one)  # the student as it would be kept
        self.beside_: dict[str, Any] = {
            "teacher_ms_per_row": _milliseconds(one.teacher_, sample),
            "student_ms_per_row": _milliseconds(one, sample),
            "teacher_loss": float(advice_weight.losses(taught, test.y).mean()),
            "n_rows": len(test.y),
        }
        return one

    def _report(self, trust: Trust, rows: Rows) -> Advice:
        if not trust.curve:
            return Advice(trust=trust)
        losses = {point.trust: point.loss for point in trust.curve}
        beside = Distillation(**self.beside_, student_loss=losses[trust.value], alone_loss=losses[0.0])
        return Advice(trust=trust, distillation=beside)

    def _forget(self) -> None:
        super()._forget()
        for name in ("teacher_", "beside_"):
            self.__dict__.pop(name, None)


def _piece(text: str, random: np.random.Generator) -> str:
    """Some neighbouring words of a text; of one without spaces, some neighbouring characters."""
    words = text.split()
    parts, joint = (words, " ") if len(words) > 1 else (list(text), "")
    n = max(1, round(len(parts) * random.uniform(SHORTEST, LONGEST)))
    start = int(random.integers(len(parts) - n + 1)) if parts else 0
    return joint.join(parts[start : start + n])


def _milliseconds(candidate: Predictor, X: pd.DataFrame) -> float:
    """To predict one row, the second time."""
    candidate.predict_both(X.head(2))
    began = time.perf_counter()
    candidate.predict_both(X)
    return 1000 * (time.perf_counter() - began) / max(1, len(X))
