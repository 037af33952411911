"""What a language model is, whatever is inside: tokens in, probabilities of the next token out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from torch import Tensor, nn

from core.language.tokens import Tokens

State = Any  # what a model remembers of what it has read; only the model itself looks inside
AT_ONCE = 2048  # tokens in one pass over a long text


class LanguageModel(Protocol):
    """Anything that gives the next token's probabilities.

    Every text begins with the token ``<s>``; probabilities are natural logarithms.
    """

    tokens: Tokens
    context: int  # most tokens it looks back on

    def log_probabilities(self, ids: np.ndarray) -> np.ndarray:
        """Of what may follow ids[: i + 1], for each i.  int (n,)  →  float32 (n, vocabulary)"""
        ...

    def start(self) -> State:
        """Nothing read yet."""
        ...

    def step(self, state: State, token: int) -> tuple[np.ndarray, State]:
        """Read one token.  →  float32 (vocabulary,) of what may follow, the state after it; `state` stays as it was"""
        ...


@runtime_checkable
class SideBySide(Protocol):
    """A language model that reads several texts at once, and a long one in one pass."""

    def read(self, ids: np.ndarray) -> tuple[np.ndarray, State]: ...

    def steps(self, states: Sequence[State], tokens: Sequence[int]) -> tuple[np.ndarray, list[State]]: ...


def read(model: LanguageModel, ids: np.ndarray) -> tuple[np.ndarray, State]:
    """Read a text from the start.  int (n,), n ≥ 1  →  float32 (vocabulary,) of what may follow, the state after it"""
    if isinstance(model, SideBySide):
        return model.read(ids)
    state = model.start()
    for token in ids:
        following, state = model.step(state, int(token))
    return following, state


def steps(model: LanguageModel, states: Sequence[State], tokens: Sequence[int]) -> tuple[np.ndarray, list[State]]:
    """One token more for each of several texts.  →  float32 (texts, vocabulary), their states"""
    if isinstance(model, SideBySide):
        return model.steps(states, tokens)
    both = [model.step(state, token) for state, token in zip(states, tokens, strict=True)]
    return np.stack([following for following, _ in both]), [state for _, state in both]


@dataclass(frozen=True)
class Reading:
    """A network's state: the tokens its memory holds (where it can hold only so many), and the memory."""

    window: tuple[int, ...]
    memory: tuple[Tensor, ...]  # texts along the first axis: one


class Neural:
    """A network as a language model.

    One that sees at most `window` tokens reads a longer text in windows that overlap by half: when its memory is full
    it forgets the older half and reads the newer half again. `log_probabilities` and `step` agree on this.

    Parameters
    ----------
    network : nn.Module
        With ``window`` and ``advance(ids, memory)``, as those of `core.language.networks`.
    context : int
        Tokens it was trained to look back on.
    source : optional
        What the encoder of an encoder-decoder has read; then this is the model of what to write about it.
    """

    def __init__(self, network: nn.Module, tokens: Tokens, context: int, source: object = None) -> None:
        inside: Any = network.eval()
        self.network = network
        self.tokens = tokens
        self.context = context
        self.window: int | None = inside.window
        self._advance = inside.advance if source is None else partial(inside.advance, source=source)

    def start(self) -> Reading:
        """Nothing read yet."""
        return Reading((), ())

    def step(self, state: Reading, token: int) -> tuple[np.ndarray, Reading]:
        """Read one token; earlier ones are remembered, not read again."""
        following, states = self.steps([state], [token])
        return following[0], states[0]

    def read(self, ids: np.ndarray) -> tuple[np.ndarray, Reading]:
        """Read a text from the start."""
        first = self._window_start(len(ids))
        logits, memory = self._pass(np.asarray(ids)[None, first:], ())
        return _log(logits[0, -1]), Reading(self._held(ids[first:]), memory)

    def steps(self, states: Sequence[Reading], tokens: Sequence[int]) -> tuple[np.ndarray, list[Reading]]:
        """One token more for each of several texts; those that have read equally much go through together."""
        ready = [self._with_room(state) for state in states]
        alike = defaultdict(list)
        for place, state in enumerate(ready):
            alike[-1 if state.memory else place, len(state.window)].append(place)
        following = np.empty((len(states), self.tokens.size), dtype=np.float32)
        after: list[Reading] = [self.start()] * len(states)
        for places in alike.values():
            memories = zip(*(ready[place].memory for place in places), strict=True)
            memory = tuple(torch.cat(parts) if len(parts) > 1 else parts[0] for parts in memories)
            logits, memory = self._pass(np.array([[tokens[place]] for place in places]), memory)
            following[places] = _log(logits[:, -1])
            for row, place in enumerate(places):
                held = self._held((*ready[place].window, tokens[place]))
                after[place] = Reading(held, tuple(part[row : row + 1] for part in memory))
        return following, after

    def log_probabilities(self, ids: np.ndarray) -> np.ndarray:
        """Of what may follow each beginning of a text."""
        ids = np.asarray(ids)
        found = np.empty((len(ids), self.tokens.size), dtype=np.float32)
        if self.window is None:
            memory: tuple[Tensor, ...] = ()
            for place in range(0, len(ids), AT_ONCE):
                logits, memory = self._pass(ids[None, place : place + AT_ONCE], memory)
                found[place : place + AT_ONCE] = _log(logits[0])
            return found
        half, n = self.window // 2, len(ids)
        starts = range(0, max(n - self.window, 0) + half, half)
        together = max(1, AT_ONCE // self.window)
        full = [start for start in starts if start + self.window <= n]
        groups = [full[at : at + together] for at in range(0, len(full), together)]
        for group in groups + [[start] for start in starts[len(full) :]]:
            logits, _ = self._pass(np.stack([ids[start : start + self.window] for start in group]), ())
            for start, rows in zip(group, _log(logits), strict=True):
                new = self.window - half if start else 0  # earlier ones were told with more before them
                found[start + new : start + len(rows)] = rows[new:]
        return found

    def _window_start(self, n: int) -> int:
        """Where the window begins in which the last of n tokens is read."""
        if self.window is None or n <= self.window:
            return 0
        half = self.window // 2
        return -(-(n - self.window) // half) * half

    def _with_room(self, state: Reading) -> Reading:
        if self.window is None or len(state.window) < self.window:
            return state
        newer = state.window[self.window // 2 :]
        return Reading(newer, self._pass(np.array([newer]), ())[1])

    def _held(self, ids: Sequence[int] | np.ndarray) -> tuple[int, ...]:
        return () if self.window is None else tuple(int(token) for token in ids)

    @torch.inference_mode()
    def _pass(self, ids: np.ndarray, memory: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
        logits, memory = self._advance(torch.from_numpy(ids.astype(np.int64)), memory)
        return logits, memory


@torch.inference_mode()
def _log(logits: Tensor) -> np.ndarray:
    found: np.ndarray = logits.float().log_softmax(dim=-1).numpy()
    return found
