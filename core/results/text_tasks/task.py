"""What the answers of a text task look like on disk. Light: pages read them and draw.

A task's folder holds ``task.json`` (`TaskResult`), which grows while ways are at work, and per finished way
``answers-WAY.parquet`` with the columns ``row``, ``text``, ``reference``, ``answer`` and ``data`` (JSON of
`AnswerData`). While a way works, ``answers-WAY.partial.jsonl`` grows by a line per text.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from core.messages import Message
from core.results.comparison import Interval


class Passage(BaseModel):
    """A part of a document that an answer stands on."""

    document: int  # its place, counted from 0
    text: str
    score: float
    cited: bool = False


class Span(BaseModel):
    """A marked part of a text."""

    start: int  # characters, the end not included
    end: int
    label: str
    text: str = ""
    score: float | None = None


class AnswerData(BaseModel):
    """What comes with an answer beside its words."""

    score: float | None = None  # how sure, where the way can say
    label: str = ""
    passages: list[Passage] = []
    spans: list[Span] = []
    words: list[str] = []  # keywords, best first
    borne_out: bool | None = None  # whether the cited passages say it; None: not checked
    note: Message | None = None
    extra: dict[str, Any] = {}  # what only one task knows


class Shown(BaseModel):
    """An answer as the page shows it."""

    row: int
    text: str
    reference: str | None = None
    answer: str
    data: AnswerData = AnswerData()


class TextGroup(BaseModel):
    """Texts that belong together, such as a topic."""

    name: str
    words: list[str]
    n_rows: int
    examples: list[str] = []


class WayResult(BaseModel):
    """One way's part of the result."""

    way: str
    status: Literal["waiting", "running", "ok", "failed", "cancelled"] = "waiting"
    reason: Message | None = None  # why it failed
    hint: Message | None = None
    model: str = ""  # which instruct model wrote, if one did
    n_answers: int = 0
    seconds: float = 0.0
    scores: dict[str, Interval] = {}
    n_scored: int = 0  # rows with a reference
    groups: list[TextGroup] = []
    notes: list[Message] = []


class TaskResult(BaseModel):
    """A text task, finished or still at work (``task.json``)."""

    schema_version: int = 1
    task: str
    source: str  # name of the data set, "sample" or "typed"
    dataset: str = ""  # id
    column: str = ""
    reference: str = ""
    language: str = "en"
    n_rows: int
    n_documents: int = 0
    ways: list[WayResult] = []
    best: str | None = None  # way with the highest first score
    options: dict[str, Any] = {}
    seed: int = 0
    notes: list[Message] = []

    def way(self, name: str) -> WayResult | None:
        return next((way for way in self.ways if way.way == name), None)
