"""Text, token by token, from the instruct model. The same seed gives the same text; leaving the loop stops it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import ctranslate2
from tokenizers import Tokenizer

from core.language.instruct import END

REPETITION_PENALTY = 1.1  # a small model left alone repeats itself
HALF_CHARACTER = "\ufffd"  # what a decoder shows for a character whose other bytes are yet to come


@dataclass(frozen=True)
class Sampling:
    """How the next token is drawn.

    `temperature` 0 always takes the likeliest; higher is bolder. `top_p` draws among the likeliest tokens that
    together have this probability (Holtzman et al., "The Curious Case of Neural Text Degeneration", ICLR 2020).
    """

    temperature: float = 0.7
    top_p: float = 0.9
    max_tokens: int = 200
    seed: int = 0


@dataclass(frozen=True)
class Step:
    """The text so far."""

    text: str
    n_tokens: int
    stopped: Literal["", "end", "length"] = ""


def write(folder: Path, tokens: Tokenizer, prompt: list[int], sampling: Sampling, threads: int = 1) -> Iterator[Step]:
    """Continue a prompt; the last step says why it stopped."""
    # A generator's threads draw from the seed that is set when they start: a fresh one begins at the beginning.
    ctranslate2.set_random_seed(sampling.seed)
    generator = ctranslate2.Generator(str(folder), intra_threads=threads)
    greedy = sampling.temperature == 0
    steps = generator.generate_tokens(
        [tokens.id_to_token(number) for number in prompt],
        max_length=sampling.max_tokens,
        sampling_topk=1 if greedy else 0,
        sampling_topp=1.0 if greedy else sampling.top_p,
        sampling_temperature=1.0 if greedy else sampling.temperature,
        repetition_penalty=REPETITION_PENALTY,
        end_token=[END],
    )
    end, written = tokens.token_to_id(END), []
    text = ""
    try:
        for step in steps:
            if step.token_id == end:
                yield Step(text, len(written), "end")
                return
            written.append(step.token_id)
            text = tokens.decode(written).rstrip(HALF_CHARACTER)
            yield Step(text, len(written))
    finally:
        steps.close()
    yield Step(text, len(written), "length" if len(written) >= sampling.max_tokens else "end")
