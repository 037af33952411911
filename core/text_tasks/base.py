"""What a way of doing a text task is given, and what it gives back.

A way is ``function(texts, options, tools) → Iterator[Answer]``: one answer per text, in order, as they come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.access.consent import Sender
from core.encode import factory
from core.evaluate.scores import intervals
from core.messages import Message
from core.plan import EncoderChoice
from core.results.comparison import Interval
from core.results.text_tasks.options import TaskOptions
from core.results.text_tasks.task import AnswerData, TextGroup
from core.text_tasks.models.writing import Writing, writing

RESAMPLES = 1000


@dataclass(frozen=True)
class Answer:
    """What a way says of one text."""

    text: str
    data: AnswerData = field(default_factory=AnswerData)


@dataclass
class Tools:
    """What a way may use, and where it may say more than its answers.

    Parameters
    ----------
    models_folder, cache_folder : Path
        Where prepared models and encoded texts are kept; no cache folder keeps nothing.
    language : str
        Of the texts: "en", "zh", "de", …; "" where nothing tells.
    references : sequence of str or None
        What the reference column says of each text; a way that learns must not learn from the row it answers.
    documents : list of str
        What questions are about.
    share : callable (0 to 1) → None
        Says how far this way is; raises `Cancelled` once the user cancelled.
    stop : callable () → bool
        Whether the user cancelled, for places where nothing may be raised.
    notes, groups : list
        Filled by the way: remarks for the reader, and texts that belong together.
    measures : dict of lists
        Filled by the way: values that only it can measure, for its score to average.
    """

    models_folder: Path
    cache_folder: Path | None
    threads: int
    seed: int = 0
    language: str = "en"
    references: Sequence[str | None] = ()
    documents: list[str] = field(default_factory=list)
    share: Callable[[float], None] = lambda share: None
    stop: Callable[[], bool] = lambda: False
    notes: list[Message] = field(default_factory=list)
    groups: list[TextGroup] = field(default_factory=list)
    measures: dict[str, list[float]] = field(default_factory=dict)
    model: str = ""  # the instruct model that was used
    sender: Sender | None = None  # whose texts an endpoint would read

    def writer(self, options: TaskOptions) -> Writing:
        """The instruct model the options name; the bundled one is prepared on first use (about half a minute)."""
        self.share(0.0)
        found = writing(options.model, self.models_folder, self.sender)
        self.model = found.name
        return found

    def encode(self, texts: Sequence[str], name: str = "") -> np.ndarray:
        """Texts as rows of unit length by the bundled encoder of their language, or the one named.

        →  float32, shape (n, width)
        """
        encoder = factory.build(EncoderChoice(name=name), self.language, self.cache_folder, self.threads)
        encoder.progress = lambda done, total: self.share(0.0) if self.stop() else None
        return np.asarray(encoder.fit(list(texts)).transform(list(texts)), dtype=np.float32)


@dataclass(frozen=True)
class Scoring:
    """What a task's scores are computed from."""

    texts: list[str]
    answers: list[Answer]
    references: list[str | None]
    options: TaskOptions
    language: str
    groups: list[TextGroup] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    tools: Tools | None = None
    seed: int = 0

    def scored(self) -> list[tuple[str, Answer, str]]:
        """Text, answer and reference of the rows that have a reference."""
        rows = zip(self.texts, self.answers, self.references, strict=True)
        return [(text, answer, reference) for text, answer, reference in rows if reference is not None]


def averages(values: Mapping[str, Sequence[float]], seed: int = 0) -> dict[str, Interval]:
    """The mean of each score over the rows, with its bootstrap interval; a row that is NaN does not count."""
    statistics = {}
    n_rows = 0
    for name, row_values in values.items():
        array = np.asarray(row_values, dtype=float)
        n_rows = len(array)
        if n_rows and np.isfinite(array).any():
            statistics[name] = _mean(array)
    return intervals(statistics, n_rows, seed, RESAMPLES) if statistics else {}


def _mean(values: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)

    def mean(weights: np.ndarray) -> np.ndarray:
        total = weights @ known
        return np.divide(weights @ filled, total, out=np.full(len(weights), np.nan), where=total > 0)

    return mean
