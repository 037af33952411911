"""Work in the right portions: each text once, long ones together, so that little is computed for padding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
import pandas as pd

Progress = Callable[[float, float], None]
Curve = Callable[[int, int, float, float | None], None]
_LISTENER: ContextVar[Progress | None] = ContextVar("listener", default=None)
_WATCHER: ContextVar[Curve | None] = ContextVar("watcher", default=None)


@contextmanager
def progress_listener(listener: Progress) -> Iterator[None]:
    """Within this block, `report_progress` reaches this listener; it may raise to stop the work.

    An estimator can't carry a listener through clones and folds, so whoever fits it listens around it.
    """
    before = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(before)


def current_listener() -> Progress | None:
    """Whoever listens now."""
    return _LISTENER.get()


def report_progress(done: float, total: float) -> None:
    """Say how far a long fit is."""
    if (listener := _LISTENER.get()) is not None:
        listener(done, total)


@contextmanager
def loss_listener(watcher: Curve) -> Iterator[None]:
    """Within this block, `report_loss` reaches this watcher."""
    before = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(before)


def report_loss(step: int, n_steps: int, train: float, validation: float | None = None) -> None:
    """Say what the loss was at a step of a training: of its batch, and of the rows held back where these were read."""
    if (watcher := _WATCHER.get()) is not None:
        watcher(step, n_steps, train, validation)


@contextmanager
def part(number: int, n: int) -> Iterator[None]:
    """Within this block, what is told is about part `number` of `n` of the whole, counted from 0."""
    outer = _LISTENER.get()
    if outer is None:
        yield
        return
    with progress_listener(lambda done, total: outer(number + done / max(1e-9, total), n)):
        yield


def as_texts(values: Sequence[Any]) -> list[str]:
    """Any one-dimensional array of cells as texts; a missing cell is the empty text.

    The empty text has a meaning to an encoder ("nothing is said"), which a row of zeros has not.
    """
    array = np.asarray(values, dtype=object)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise ValueError(f"One column of texts is needed, not an array of shape {array.shape}.")
    return [value if isinstance(value, str) else _text(value) for value in array.tolist()]


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def unique(texts: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Each text once, in order of first appearance, and for every input which of them it is."""
    places: dict[str, int] = {}
    which = np.fromiter((places.setdefault(text, len(places)) for text in texts), dtype=np.int64, count=len(texts))
    return list(places), which


def by_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Positions in batches of like length, longest first, each at most `budget` tokens with its padding."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch
