"""Instruct models that answer many prompts: those at hand by their engines, any other through transformers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from core.access.consent import Sender
from core.providers import door, gguf_files
from core.providers.base import LanguageModel
from core.results.language.laboratory import Decoding
from core.text_tasks.models.named import Named

BATCH = 8  # prompts answered side by side


class Writing(Protocol):
    """A model that answers prompts."""

    name: str

    def write_all(
        self, prompts: Sequence[str], max_tokens: int, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[str]:
        """Answer each prompt by the likeliest tokens, in order. `stop` is asked at every token."""
        ...


class AtHand:
    """A language model by the door: the bundled one, a GGUF file, or the endpoint that was named."""

    def __init__(self, model: LanguageModel) -> None:
        self.model, self.name = model, model.name

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
    """The instruct model of this name: "" is the one that writes here, else a GGUF file, a Hugging Face id or a folder.

    ``openai`` is the endpoint, which reads texts only where the sender may send them.

    Raises
    ------
    ModelUnavailable, UnusableData
    """
    if not model or door.is_endpoint(model):
        return AtHand(door.chosen(models_folder, name=model, sender=sender))
    path = gguf_files.find(model, models_folder)
    return AtHand(door.of_file(path)) if path else _named(model)


@lru_cache(maxsize=1)
def _named(model: str) -> Named:
    return Named(model)
