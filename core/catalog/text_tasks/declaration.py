"""How a task on texts is declared. Light: what does the work is named by import path."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.messages import UnknownChoice, _

FOLDER = Path(__file__).parents[3] / "assets" / "samples"
WayName = Literal["llm", "classical", "both", "scratch"]


@dataclass(frozen=True)
class Way:
    """One way to do a task."""

    name: WayName
    label: str
    about: str
    run: str  # "module:function" (texts, options, tools) → Iterator[Answer]; imported by the worker only
    learns: bool = False  # needs the reference column, and is fitted on other rows than those it answers
    writes: bool = False  # lets the instruct model write: about a second per text
    usual: bool = True  # done where no ways are named


@dataclass(frozen=True)
class Score:
    """A number a task is judged by."""

    name: str
    label: str
    about: str
    higher_is_better: bool = True
    with_reference: bool = True  # False: needs no reference column


@dataclass(frozen=True)
class TaskSample:
    """A small table we wrote ourselves, to try a task on."""

    path: Path
    column: str
    reference: str = ""
    documents: Path | None = None  # a second table, for questions about documents
    documents_column: str = ""
    options: tuple[tuple[str, Any], ...] = ()  # what the task's options are set to for it


@dataclass(frozen=True)
class TextTask:
    """A task on texts."""

    name: str
    label: str
    about: str
    limits: str  # what the bundled 135-million-parameter model cannot do here, said beside its answers
    column: str  # what the column of texts holds, in words
    reference: str  # what the reference column holds, in words
    new_column: str  # name of the column that results are added as
    options: str  # "module:Class", a light pydantic model
    score: str  # "module:function" (Scoring) → dict of Interval; imported by the worker only
    scores: tuple[Score, ...]  # the first is the one ways are ranked by
    ways: tuple[Way, ...]
    sample: TaskSample
    needs_documents: bool = False
    needs_reference: bool = False  # some way cannot work without
    fewest_texts: int = 1

    def way(self, name: str) -> Way:
        """The way of this name.

        Raises
        ------
        UnknownChoice
        """
        for entry in self.ways:
            if entry.name == name:
                return entry
        raise UnknownChoice(
            _("“{name}” is not a way to do this task."),
            _("Choose one of: {known}."),
            name=name,
            known=[entry.name for entry in self.ways],
        )
