"""What every language model that writes can do, whichever engine runs it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from core.letters import begun
from core.results.language.laboratory import Decoding

Ended = Literal["end", "length", "stop"]
Report = Callable[[int, int], None]  # texts done, texts to do; may raise to stop
Keep = Callable[[int, np.ndarray], None]  # a text's place, and its answers
LIKELIEST = 20  # next tokens that are looked at: as many as any endpoint tells
ENDS: dict[str, Ended] = {"stop": "end", "length": "length"}  # as llama.cpp and OpenAI call them
SAID = 2  # decimals of what is scored: what was kept of a prompt, not read again, differs in the fourth
KEPT_END = 0.2  # of a prompt that is too long: the question stands there
CONTEXT = 4096  # tokens of a prompt and its answer, at most: memory is taken for them
CUTS = 6  # times that a text is cut shorter until it fits
IN_ONE_WORD = 'This text: "{text}" means in one word: "'  # so that the last token holds what the text is about
LONGEST_TEXT = 1500  # characters of a text that is asked about: its beginning is read


@dataclass(frozen=True)
class Written:
    """One more token of one text: the whole text so far, and why it ended, if it did."""

    prompt: int  # its place among the prompts
    sample: int
    text: str
    tokens: int
    ended: Ended | None


class LanguageModel(Protocol):
    """A model that answers prompts.

    Attributes
    ----------
    name : str
        As its makers call it.
    writes : frozenset of str
        Languages that it can be asked to answer in: ``"en"``, ``"zh"``.
    repetition_penalty : float
        How much likelier other words should be than those that were there: a small model goes round in circles without.
    """

    name: str
    writes: frozenset[str]
    repetition_penalty: float

    def write_all(
        self, prompts: Sequence[str], settings: Decoding, *, n: int = 1, stop: Sequence[str] = ()
    ) -> Generator[Written, None, None]:
        """Answer each prompt n times, token by token; same seed and settings, same texts.

        A text ends where one of `stop` begins. What stands in a prompt is words: no sign of control of the model's
        chat form takes effect.
        """
        ...


class Judge(Protocol):
    """A model that says how likely given answers are, without writing.

    Attributes
    ----------
    name : str
        As its makers call it.
    revision : str
        Fingerprint of all that decides what it says besides the question.
    """

    name: str
    revision: str

    def score(
        self,
        texts: Sequence[str],
        questions: Sequence[str],
        answers: Sequence[str],
        report: Report = ...,
        keep: Keep = ...,
    ) -> np.ndarray:
        """How likely each answer is to be the next that is said.

        The answers begin with letters that differ, as ``Yes`` and ``No``, or ``A``, ``B`` and ``C`` do; the model is
        told them first (`brief`).

        texts : n, questions : q, answers : k   →   natural logarithms of probabilities, float (n, q, k)

        keep: receives each text's place and answers, float (q, k), as soon as these are complete
        """
        ...


class Answering(LanguageModel, Judge, Protocol):
    """A model of this machine, in memory: it writes, and says how likely answers are."""


class Reader(Protocol):
    """A model that reads, for its hidden states."""

    def read_all(self, texts: Sequence[str]) -> np.ndarray:
        """n texts  →  float32 (n, width), rows of length 1"""
        ...


class Source(Protocol):
    """A language model of this machine, found and not loaded.

    Attributes
    ----------
    name : str
    path : Path
        Its file or folder.
    n_bytes : int
        How large its weights are there.
    width : int
        Numbers of one hidden state.
    writes : frozenset of str
        As of `LanguageModel`.
    revision : str
        As of `Judge`.
    """

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> Path: ...
    @property
    def n_bytes(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def writes(self) -> frozenset[str]: ...
    @property
    def revision(self) -> str: ...

    def load(self) -> Answering:
        """The model in memory, once per process.

        Raises
        ------
        ModelUnavailable
        """
        ...

    def reader(self, pooling: str) -> Reader:
        """The same for its hidden states.

        pooling: ``"mean"`` of all tokens, or ``"last"`` of a prompt that asks what the text means in one word

        Raises
        ------
        ModelUnavailable
        """
        ...


def asked(text: str, question: str) -> str:
    """A prompt about a text: the text stands first, so that reading it serves every question.

    Examples
    --------
    >>> asked("Where is my parcel?", "Is the writer waiting?")
    'Text:\\nWhere is my parcel?\\n\\nIs the writer waiting?'
    """
    return f"Text:\n{text[:LONGEST_TEXT]}\n\n{question}"


def brief(answers: Sequence[str]) -> str:
    """What a model is told before all else, in the place of a longer text that its chat form may bring along.

    Examples
    --------
    >>> brief(["Yes", "No"])
    'Answer Yes or No.'
    >>> brief(["1", "2", "3"])
    'Answer with one of these: 1, 2, 3.'
    """
    return (
        f"Answer {' or '.join(answers)}." if len(answers) == 2 else f"Answer with one of these: {', '.join(answers)}."
    )


def begins(token: str, answers: Sequence[str]) -> int | None:
    """The place of the answer that a token begins, whatever its case and the blank before it; None if it is not one.

    Examples
    --------
    >>> begins(" no", ["Yes", "No"]), begins("N", ["No", "Never"])
    (1, None)
    """
    begun = token.strip().casefold()
    meant = [place for place, one in enumerate(answers) if begun and one.casefold().startswith(begun)]
    return meant[0] if len(meant) == 1 else None


def answer_logs(likeliest: Mapping[str, float], answers: Sequence[str]) -> np.ndarray:
    """Logarithms of the answers' probabilities, shape (k,), from those of the likeliest next tokens.

    A token counts for the answer that it begins (`begins`). An answer that none begins is as unlikely as the least
    likely token that was told.

    Examples
    --------
    >>> answer_logs({"Yes": -0.1, " yes": -3.0, "No": -2.5, "The": -5.0}, ["Yes", "No", "Never"]).round(2).tolist()
    [-0.05, -2.5, -5.0]
    """
    shares = [0.0] * len(answers)
    for token, log in likeliest.items():
        if (place := begins(token, answers)) is not None:
            shares[place] += float(np.exp(log))
    least = min(likeliest.values(), default=0.0)
    return np.asarray([np.log(share) if share else least for share in shares])


def until(text: str, stop: Sequence[str], *, final: bool) -> tuple[str, bool]:
    """The text up to the first stop string, or what of it can't be the beginning of one; whether one was met.

    Examples
    --------
    >>> until("Yes. Question: why", ["Question:"], final=False)
    ('Yes.', True)
    """
    found = [place for one in stop if one and (place := text.find(one)) >= 0]
    if found:
        return text[: min(found)].rstrip(), True
    held = 0 if final else max((begun(text, one) for one in stop if one), default=0)
    return text[: len(text) - held], False


def cut_to(text: str, share: float) -> str:
    """The beginning and the end of a text, so much of it in all.

    Examples
    --------
    >>> cut_to("Begin. " + "word " * 9 + "The end?", 0.5)
    'Begin. word word word wo … e end?'
    """
    kept = int(len(text) * share)
    end = int(kept * KEPT_END)
    return f"{text[: kept - end]} … {text[len(text) - end :]}"
