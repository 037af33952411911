"""What every language model that writes can do, whichever engine runs it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from core.letters import begun
from core.results.language.laboratory import Decoding

Ended = Literal["end", "length", "stop"]


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
