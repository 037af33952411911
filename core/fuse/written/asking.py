"""A language model writes for a candidate; nothing is kept, so that the time of training is what it takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing

from core.encode.batches import report_progress
from core.fuse.asked import spending
from core.providers import door
from core.providers.gguf.llama_cpp import Gguf
from core.results.language.laboratory import Decoding
from core.workspace import default_home


def written(model: str, prompts: Sequence[str], settings: Decoding, held_to: str = "") -> list[str]:
    """What the language model answers to each prompt.

    model: as `core.providers.door` names it
    held_to: a grammar in llama.cpp's notation; an engine that knows none is not held to it

    Raises
    ------
    ModelUnavailable

    Examples
    --------
    >>> written("bundled", ["Say yes."], Decoding(max_tokens=3), 'root ::= "yes"')
    ['yes']
    """
    folder = default_home() / "models"
    writer = door.chosen(folder, name=model) if door.is_endpoint(model) else door.source(folder, model).load()
    if isinstance(writer, Gguf):
        steps = writer.write_all(prompts, settings, grammar=held_to)
    else:
        steps = writer.write_all(prompts, settings)
    said, done, began = [""] * len(prompts), 0, time.monotonic()
    try:
        with closing(steps):
            for step in steps:
                said[step.prompt] = step.text
                done += step.ended is not None
                part = min(step.tokens / settings.max_tokens, 1.0) if step.ended is None else 0.0
                report_progress(round(1000 * (done + part)), 1000 * len(prompts))
    finally:
        spending.count(writer, time.monotonic() - began, judged=False)
    return said
