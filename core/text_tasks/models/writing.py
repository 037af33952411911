"""Language models by the door, as the tasks ask them: many prompts, each answered by the likeliest tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

from core.access.consent import Sender
from core.providers import door
from core.providers.base import LanguageModel
from core.providers.huggingface.model import TransformersModel
from core.results.language.laboratory import Decoding

BATCH = 8  # prompts answered side by side


class Writing(Protocol):
    """A model that answers prompts."""

    name: str
    pairs: bool

    def write_all(
        self, prompts: Sequence[str], max_tokens: int, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[str]:
        """Answer each prompt by the likeliest tokens, in order. `stop` is asked at every token."""
        ...


class AtHand:
    """A language model by the door.

    Attributes
    ----------
    pairs : bool
        It reads one text and writes another, as a translation model does: what it gets is the text, not a request.
    """

    def __init__(self, model: LanguageModel) -> None:
        self.model, self.name = model, model.name
        self.pairs = isinstance(model, TransformersModel) and model.pairs

    def write_all(
        self, prompts: Sequence[str], max_tokens: int, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[str]:
        settings = Decoding(temperature=0, repetition_penalty=self.model.repetition_penalty, max_tokens=max_tokens)
        for start in range(0, len(prompts), BATCH):
            batch = prompts[start : start + BATCH]
            texts = [""] * len(batch)
            with closing(self.model.write_all(batch, settings)) as steps:
                for step in steps:
                    texts[step.prompt] = step.text
                    if stop():
                        break
            yield from texts


def writing(model: str, models_folder: Path, sender: Sender | None = None) -> Writing:
    """The language model of this name: "" is the one that writes here, else a GGUF file, a folder or a Hugging Face id.

    ``openai`` is the endpoint, which reads texts only where the sender may send them.

    Raises
    ------
    ModelUnavailable, UnusableData
    """
    return AtHand(door.chosen(models_folder, name=model, sender=sender))
