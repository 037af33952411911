"""Tokens per second of the bundled model: our path beside transformers' `generate` in float32.

Both write with the same settings from the same prompt, one text and four at once, turn by turn; a rate counts what a
user waits for, the prompt and the fresh engine of a seeded text included.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from transformers import AutoModelForCausalLM

from core.providers.bundled import Writer, ready
from core.results.language.laboratory import Decoding
from core.workspace import Workspace

PROMPT = "Write a long story about a lighthouse keeper, a lost ship and the winter in which they met."
SETTINGS = Decoding(temperature=0.7, top_p=0.9, repetition_penalty=1.1)
GOALS = {1: 2.0, 4: 3.0}
THREADS = 2


def generation(tokens: int = 128, repeats: int = 5) -> dict[str, Any]:
    """Rates of both sides, and how many times as fast ours is: the median over turns."""
    torch.set_num_threads(THREADS)
    writer = Writer(*ready(Workspace().models_folder))
    peer = transformers_path(writer, tokens)
    found = {}
    for texts, goal in GOALS.items():
        turns: list[tuple[Rate, Rate]] = []
        for turn in range(-1, repeats):
            ours = rate(lambda seed: our_path(writer, texts, tokens, seed), turn)  # noqa: B023
            theirs = rate(lambda seed: peer(texts, seed), turn)  # noqa: B023
            if turn >= 0:  # the first warms both up
                turns.append((ours, theirs))
        ratios = [ours.per_second / theirs.per_second for ours, theirs in turns]
        processor = [ours.per_processor_second / theirs.per_processor_second for ours, theirs in turns]
        found[f"{texts} at once"] = {
            "ours_tokens_per_second": round(statistics.median(ours.per_second for ours, _ in turns), 1),
            "transformers_tokens_per_second": round(statistics.median(theirs.per_second for _, theirs in turns), 1),
            "times_as_fast": round(statistics.median(ratios), 2),
            "lowest_and_highest": [round(min(ratios), 2), round(max(ratios), 2)],
            "times_as_fast_by_processor_time": round(statistics.median(processor), 2),
            "goal": goal,
            "met": statistics.median(ratios) >= goal,
        }
    return found


@dataclass(frozen=True)
class Rate:
    """Tokens per second of the clock, and of this process's work on all cores, which others disturb less."""

    per_second: float
    per_processor_second: float


def rate(write: Callable[[int], int], turn: int) -> Rate:
    """One turn.  write: seed → tokens written"""
    began, worked = time.perf_counter(), time.process_time()
    tokens = write(turn + 1)
    return Rate(tokens / (time.perf_counter() - began), tokens / (time.process_time() - worked))


def our_path(writer: Writer, texts: int, tokens: int, seed: int) -> int:
    """Streamed texts by the fast engine.  →  tokens written"""
    settings = SETTINGS.model_copy(update={"max_tokens": tokens, "seed": seed})
    counted = {step.sample: step.tokens for step in writer.write_all([PROMPT], settings, n=texts)}
    return sum(counted.values())


def transformers_path(writer: Writer, tokens: int) -> Callable[[int, int], int]:
    """The same model in float32.  →  (texts, seed) → tokens written"""
    source, _folder = ready(Workspace().models_folder)
    model = AutoModelForCausalLM.from_pretrained(source, dtype=torch.float32).eval()
    prompt = writer.tokenizer.convert_tokens_to_ids(writer.prompt_tokens(PROMPT))

    def write(texts: int, seed: int) -> int:
        torch.manual_seed(seed)
        ids = torch.tensor([prompt] * texts)
        written = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=True,
            temperature=SETTINGS.temperature,
            top_k=0,
            top_p=SETTINGS.top_p,
            repetition_penalty=SETTINGS.repetition_penalty,
            max_new_tokens=tokens,
            pad_token_id=writer.tokenizer.eos_token_id,
        )[:, len(prompt) :]
        ended = (written == writer.tokenizer.eos_token_id).int().cumsum(dim=1) > 0
        return int((~ended).sum())

    return write
