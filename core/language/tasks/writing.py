"""Instruct models that answer many prompts: the bundled one through its fast engine, any other through transformers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import ctranslate2

from core.language.instruct import Writer, ready
from core.language.tasks.named import Named

WINDOW = 24  # prompts that are sorted by length together; answers come in order after each window
BATCH = 8


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

    def __init__(self, models_folder: Path, threads: int) -> None:
        self.writer = Writer(*ready(models_folder), threads)
        self.engine = ctranslate2.Generator(str(self.writer.folder), device="cpu", intra_threads=threads)

    def write_all(
        self, prompts: Sequence[str], max_tokens: int, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[str]:
        for start in range(0, len(prompts), WINDOW):
            window = [self.writer.prompt_tokens(prompt) for prompt in prompts[start : start + WINDOW]]
            order = sorted(range(len(window)), key=lambda place: len(window[place]))
            texts = [""] * len(window)
            for first in range(0, len(order), BATCH):
                places = order[first : first + BATCH]
                for place, text in zip(places, self._batch([window[p] for p in places], max_tokens, stop), strict=True):
                    texts[place] = text
            yield from texts

    def _batch(self, prompts: list[list[str]], max_tokens: int, stop: Callable[[], bool]) -> list[str]:
        tokenizer = self.writer.tokenizer
        results = self.engine.generate_batch(
            prompts,
            max_length=max_tokens,
            sampling_topk=1,
            repetition_penalty=1.1,
            end_token=[tokenizer.eos_token],
            include_prompt_in_result=False,
            callback=lambda step: stop(),
        )
        return [str(tokenizer.decode(one.sequences_ids[0], skip_special_tokens=True)).strip() for one in results]


def writing(model: str, models_folder: Path, threads: int) -> Writing:
    """The instruct model of this name: "" is the bundled one, else a Hugging Face id or a folder.

    Raises
    ------
    ModelUnavailable
    """
    return _bundled(models_folder, threads) if not model else _named(model)


@lru_cache(maxsize=1)
def _bundled(models_folder: Path, threads: int) -> Bundled:
    return Bundled(models_folder, threads)


@lru_cache(maxsize=1)
def _named(model: str) -> Named:
    return Named(model)
