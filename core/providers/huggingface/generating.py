"""Several texts written side by side by transformers' own loop, step by step; each draws by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from typing import Any

import torch
from transformers import (
    LogitsProcessor,
    LogitsProcessorList,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    StoppingCriteria,
    StoppingCriteriaList,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)
from transformers.generation.streamers import BaseStreamer

from core.providers.in_order import streamed
from core.results.language.laboratory import Decoding


def generated(
    model: Any, inputs: Mapping[str, torch.Tensor], settings: Decoding, seeds: Sequence[int], over: Collection[int]
) -> Generator[list[int] | None, None, None]:
    """One token for each text at every step; None while there is nothing yet. Whoever leaves early stops it.

    inputs: ``input_ids`` and ``attention_mask`` of several prompts, (texts, longest)
    seeds: one for each text
    over: rows of texts that need no more tokens; it may grow meanwhile
    """
    pairs = bool(model.config.is_encoder_decoder)
    beams = (model.generation_config.num_beams or 1) if pairs and not settings.temperature else 1
    n_padding = [0] * len(seeds) if pairs else (inputs["attention_mask"] == 0).sum(dim=1).tolist()

    def work(take: Callable[[list[int]], bool], left: threading.Event) -> None:
        draws = LogitsProcessorList([_Draw(settings, seeds, n_padding)])
        own: dict[str, Any] = (
            {"repetition_penalty": settings.repetition_penalty, "num_beams": beams}
            if beams > 1
            else {"repetition_penalty": 1.0, "num_beams": 1, "logits_processor": draws, "streamer": _Listener(take)}
        )
        with torch.inference_mode():
            written = model.generate(
                **inputs,
                **own,
                max_new_tokens=settings.max_tokens,
                do_sample=False,
                stopping_criteria=StoppingCriteriaList([_Over(over, len(seeds), left)]),
            )
        if beams > 1:
            for step in written[:, 1:].T.tolist():  # behind the token with which every text begins
                take(step)

    return streamed(work)


class _Listener(BaseStreamer):
    """Hands on each step's tokens."""

    def __init__(self, take: Callable[[list[int]], bool]) -> None:
        self.take, self.begun = take, False

    def put(self, value: torch.Tensor) -> None:
        if self.begun:
            self.take(value.tolist())
        self.begun = True  # the prompts come first

    def end(self) -> None:
        """Nothing is held back."""


class _Over(StoppingCriteria):
    """Ends the texts that need no more tokens, and all of them where nobody waits any more."""

    def __init__(self, over: Collection[int], n_texts: int, left: threading.Event) -> None:
        self.over, self.n_texts, self.left = over, n_texts, left

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **other: Any) -> torch.Tensor:
        each = len(input_ids) // self.n_texts  # beams of a text
        done = [self.left.is_set() or row // each in self.over for row in range(len(input_ids))]
        return torch.tensor(done, dtype=torch.bool, device=input_ids.device)


class _Draw(LogitsProcessor):
    """Leaves the one token of each text that was drawn: by its own generator, and blind to the padding before it."""

    def __init__(self, settings: Decoding, seeds: Sequence[int], n_padding: Sequence[int]) -> None:
        self.greedy, self.n_padding = not settings.temperature, n_padding
        self.chance = [torch.Generator().manual_seed(seed) for seed in seeds]
        shaping: list[Any] = []
        if settings.repetition_penalty != 1:
            shaping.append(RepetitionPenaltyLogitsProcessor(settings.repetition_penalty))
        if settings.temperature:
            shaping.append(TemperatureLogitsWarper(float(settings.temperature)))
            shaping += [TopKLogitsWarper(settings.top_k)] if settings.top_k else []
            shaping += [TopPLogitsWarper(settings.top_p)] if settings.top_p < 1 else []
            shaping += [MinPLogitsWarper(settings.min_p)] if settings.min_p else []
        self.shaping = LogitsProcessorList(shaping)

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Token ids, (texts, tokens), and what the next ones are worth, (texts, vocabulary)."""
        left = torch.full_like(scores, -torch.inf)
        for row, n_padding in enumerate(self.n_padding):
            earlier: Any = input_ids[row : row + 1, n_padding:]
            shaped = self.shaping(earlier, scores[row : row + 1].float())[0]
            left[row, shaped.argmax() if self.greedy else self._drawn(shaped, row)] = 0
        return left

    def _drawn(self, shaped: torch.Tensor, row: int) -> int:
        shares = shaped.softmax(-1).cpu()
        return int(torch.multinomial(shares, 1, generator=self.chance[row]))
