"""Instruct models that answer many prompts: the bundled one through its fast engine, any other through transformers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from core.assistant.instruct import writer
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


class Bundled:
    """SmolLM2-135M-Instruct with 8-bit weights."""

    name = "SmolLM2-135M-Instruct"

    def __init__(self, models_folder: Path) -> None:
        self.writer = writer(models_folder)

    def write_all(
        self, prompts: Sequence[str], max_tokens: int, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[str]:
        settings = Decoding(temperature=0, repetition_penalty=1.1, max_tokens=max_tokens)
        for start in range(0, len(prompts), BATCH):
            batch = prompts[start : start + BATCH]
            texts = [""] * len(batch)
            with closing(self.writer.write_all(batch, settings)) as steps:
                for step in steps:
                    texts[step.prompt] = step.text
                    if stop():
                        break
            yield from texts


def writing(model: str, models_folder: Path) -> Writing:
    """The instruct model of this name: "" is the bundled one, else a Hugging Face id or a folder.

    Raises
    ------
    ModelUnavailable
    """
    return _bundled(models_folder) if not model else _named(model)


@lru_cache(maxsize=1)
def _bundled(models_folder: Path) -> Bundled:
    return Bundled(models_folder)


@lru_cache(maxsize=1)
def _named(model: str) -> Named:
    return Named(model)
