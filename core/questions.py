"""Questions about a text whose answers are numbers: yes or no, or a place on a scale."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from core.messages import UnusableData, _, clip

MOST = 20
LONGEST = 300  # characters
YES_NO = ("Yes", "No")
SECONDS, SECONDS_PER_GB = 0.08, 0.5  # for an answer on one thread: at least, and by the size of the model's file
_SCALE = re.compile(r"\[(\d) ?[-–] ?(\d)\]$")


@dataclass(frozen=True)
class Question:
    """One question, as it is asked, and the answers there are.

    Attributes
    ----------
    text : str
        As it was written, without a scale.
    answers : tuple of str
        ``("Yes", "No")``, or the steps of a scale, the lowest first.
    """

    text: str
    answers: tuple[str, ...] = YES_NO


def parsed(line: str) -> Question:
    """A question as a person writes it; ``[1-5]`` at its end makes it a scale.

    Raises
    ------
    UnusableData
        It is empty or too long, or its scale has no two steps.

    Examples
    --------
    >>> parsed("How angry is the writer? [1-3]")
    Question(text='How angry is the writer?', answers=('1', '2', '3'))
    """
    text = " ".join(line.split())
    if not text or len(text) > LONGEST:
        raise UnusableData(
            _("“{line}” is no question that can be asked: it must have 1 to {most} characters."),
            line=clip(text),
            most=LONGEST,
        )
    scale = _SCALE.search(text)
    if scale is None:
        return Question(text)
    low, high = int(scale[1]), int(scale[2])
    if low >= high:
        raise UnusableData(_("“{line}” has no scale: write it like {example}."), line=clip(text), example="[1-5]")
    return Question(text[: scale.start()].rstrip(), tuple(map(str, range(low, high + 1))))


def seconds_for(n_answers: int, n_bytes: int) -> float:
    """About how long so many answers take a model of this size on one thread, before anything was measured.

    Examples
    --------
    >>> seconds_for(100, 1_000_000_000)
    50.0
    """
    return n_answers * max(SECONDS, SECONDS_PER_GB * n_bytes / 1e9)


def written(lines: Iterable[str]) -> list[str]:
    """The lines that hold a question.

    Examples
    --------
    >>> written(["# about the tone", "", " Is it angry? "])
    ['Is it angry?']
    """
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def askable(lines: Iterable[str]) -> list[str]:
    """Of lines with questions those that can be asked, each once, and no more than may be.

    Examples
    --------
    >>> askable(["Is it late?", "How late? [5-1]", "Is it late?"])
    ['Is it late?']
    """
    found: dict[Question, str] = {}
    for line in lines:
        with suppress(UnusableData):
            found.setdefault(parsed(line), line)
    return list(found.values())[:MOST]


def of_lines(lines: Iterable[str]) -> list[Question]:
    """The questions of a file or a form, one a line; blank lines and lines that begin with ``#`` are passed over.

    Raises
    ------
    UnusableData
        There are too many, one of them stands there twice, or one can't be asked.
    """
    told = written(lines)
    found = [parsed(line) for line in told]
    if len(found) > MOST:
        raise UnusableData(
            _("There are {n} questions; at most {most} are asked about a text."),
            _("Keep those that differ most from each other."),
            n=len(found),
            most=MOST,
        )
    for place, question in enumerate(found):
        if question in found[:place]:
            raise UnusableData(
                _("The question “{line}” stands there twice."), _("Leave one of them out."), line=clip(told[place])
            )
    return found
