"""Questions put to a language model about many texts: what was answered once is kept, and never asked again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.encode.base import TextEncoder
from core.encode.batches import as_texts, report_progress, unique
from core.encode.cache import EmbeddingCache
from core.fuse.asked import spending
from core.messages import ModelUnavailable, UnusableData, _
from core.providers import door
from core.providers.base import LONGEST_TEXT, Judge, Report
from core.questions import seconds_for
from core.workspace import default_home

ASKED = "asked 1"  # one more whenever the same model would answer the same question otherwise
ENDPOINT_MS = 1000.0  # an answer over a network; it is paid for, so few are asked for to take the time
MOST_ASKED = 100_000  # answers at once: a day of a small model's time


class Asking(TextEncoder):
    """An encoder whose numbers are a language model's answers.

    Parameters
    ----------
    model : str, default=""
        As `core.providers.door` names it; "" is the one that takes part here.
    cache_folder : str or Path, optional
        Where answers are kept; None keeps nothing.

    Attributes
    ----------
    revision_ : str
        Fingerprint of the model that is asked.
    """

    label_free = True
    n_asked = 1  # questions about each text

    def __init__(self, model: str = "", cache_folder: str | Path | None = None) -> None:
        self.model = model
        self.cache_folder = cache_folder

    @property
    def ms_per_text(self) -> float:
        """About how long a text takes: by the size of the model, before anything was measured."""
        if door.is_endpoint(self.model):
            return ENDPOINT_MS * self.n_asked
        return 1000 * seconds_for(self.n_asked, door.n_bytes(default_home() / "models", self.model))

    def _find(self) -> None:
        self.revision_ = door.revision(default_home() / "models", self.model)

    def _asked(self, texts: Sequence[object], questions: Sequence[str], answers: Sequence[str]) -> np.ndarray:
        """Logarithms of the answers' probabilities, float (n, q, k); each different text is asked about once."""
        distinct, which = unique([text[:LONGEST_TEXT] for text in as_texts(texts)])
        told = [self._cache(question, answers) for question in questions]
        said = np.empty((len(distinct), len(questions), len(answers)), dtype=np.float32)  # as they are kept
        found = np.zeros((len(distinct), len(questions)), dtype=bool)
        for place, cache in enumerate(told):
            if cache is not None:
                said[:, place], found[:, place] = cache.get(distinct)
        n_left = int((~found).sum())
        if n_left > MOST_ASKED:
            raise UnusableData(
                _("{n:,} answers would have to be asked for, more than can be had at once."),
                _("Use fewer questions, or a sample of the rows."),
                n=n_left,
            )
        if n_left:
            self._ask(distinct, questions, answers, said, found, told)
        return said[which]

    def _ask(
        self,
        texts: list[str],
        questions: Sequence[str],
        answers: Sequence[str],
        said: np.ndarray,
        found: np.ndarray,
        told: list[EmbeddingCache | None],
    ) -> None:
        """Fill in what was not found, and keep it as it comes."""
        judge, began = self._judge(), time.monotonic()
        try:
            self._ask_all(judge, texts, questions, answers, said, found, told)
        finally:  # what was answered before it stopped was paid for, too
            spending.count(judge, time.monotonic() - began, judged=True)

    def _ask_all(
        self,
        judge: Judge,
        texts: list[str],
        questions: Sequence[str],
        answers: Sequence[str],
        said: np.ndarray,
        found: np.ndarray,
        told: list[EmbeddingCache | None],
    ) -> None:
        todo = np.flatnonzero(~found.all(axis=1))
        lacking, group = np.unique(~found[todo], axis=0, return_inverse=True)
        done = 0
        for number, missing in enumerate(lacking):
            rows, wanted = todo[group == number], np.flatnonzero(missing)

            def keep(place: int, answered: np.ndarray, rows: np.ndarray = rows, wanted: np.ndarray = wanted) -> None:
                said[rows[place], wanted] = answered
                for one in wanted:
                    if (cache := told[one]) is not None:
                        cache.put([texts[rows[place]]], said[rows[place], one][None])

            asked = [questions[int(place)] for place in wanted]
            judge.score([texts[row] for row in rows], asked, answers, self._listener(done, len(todo)), keep)
            done += len(rows)
        self._listener(0, len(todo))(len(todo), len(todo))

    def _judge(self) -> Judge:
        judge = door.judge(default_home() / "models", self.model)
        if judge.revision != self.revision_:
            raise ModelUnavailable(
                _("The model “{model}” on this machine is not the one this was trained with."),
                _("Train again, or bring back the version that was used."),
                model=judge.name,
            )
        return judge

    def _listener(self, before: int, total: int) -> Report:
        listener = self.progress or report_progress  # without one of its own, whoever listens around the work hears it
        return lambda done, _n: listener(before + done, total)

    def _cache(self, question: str, answers: Sequence[str]) -> EmbeddingCache | None:
        if self.cache_folder is None:
            return None
        return EmbeddingCache(self.cache_folder, repr((ASKED, self.revision_, question, tuple(answers))), len(answers))


def elsewhere(encoders: Iterable[tuple[str, Any]]) -> dict[str, int]:
    """How many questions about each text are put to an endpoint, by the column it stands in.

    encoders: as `core.fuse.predictor.Predictor.language_models` gives them

    Examples
    --------
    >>> elsewhere([("note", Asking("openai")), ("note", Asking("bundled"))])
    {'note': 1}
    """
    found: dict[str, int] = {}
    for column, encoder in encoders:
        if isinstance(encoder, Asking) and door.is_endpoint(encoder.model):
            found[column] = found.get(column, 0) + encoder.n_asked
    return found
