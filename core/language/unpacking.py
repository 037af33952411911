"""The instruct model in the form that generates fast: unpacked, then converted to 8 bit. Heavy; needed once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ctranslate2.converters import TransformersConverter

from core.encode import smollm2
from core.encode.once import made_once

STEPS = smollm2.STEPS + 1


def unpack(models_folder: Path, folder: Path, progress: Callable[[int, int], None]) -> None:
    """Make `folder`, with the tokenizer beside the weights; takes about half a minute."""
    source = smollm2.prepared(models_folder, lambda done, total: progress(done, STEPS))
    with made_once(folder) as unfinished:
        if unfinished is not None:
            progress(smollm2.STEPS, STEPS)
            converter = TransformersConverter(str(source), copy_files=["tokenizer.json"])
            converter.convert(str(unfinished), quantization="int8", force=True)
    progress(STEPS, STEPS)
