"""What is asked of an endpoint deep inside an estimator, added up for the run around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from core.providers.base import Judge, LanguageModel
from core.results.endpoint_use import EndpointUse


@dataclass
class _Spent:
    asked: list[EndpointUse] = field(default_factory=list)
    judged: list[tuple[float, int]] = field(default_factory=list)  # seconds and answers, where a word was asked for


_SO_FAR: ContextVar[_Spent | None] = ContextVar("endpoint_use", default=None)


@contextmanager
def counting() -> Iterator[None]:
    """Within this block, what an endpoint answers is added up.

    Examples
    --------
    >>> with counting():
    ...     so_far() is None
    True
    """
    token = _SO_FAR.set(_Spent())
    try:
        yield
    finally:
        _SO_FAR.reset(token)


def count(model: Judge | LanguageModel, seconds: float, *, judged: bool) -> None:
    """Add all that was asked of a model; of one of this machine, nothing.

    seconds: that it was waited for
    judged: whether a word was asked for, not a text
    """
    usage, found = getattr(model, "usage", None), _SO_FAR.get()
    if usage is not None and usage.requests and found is not None:
        if judged:
            found.judged.append((seconds, usage.requests))
        found.asked.append(
            EndpointUse(
                host=getattr(model, "host", ""),
                model=model.name,
                answers=usage.requests,
                tokens_in=usage.tokens_in,
                tokens_out=usage.tokens_out,
                cost=usage.cost,
                seconds=seconds,
            )
        )


def so_far() -> EndpointUse | None:
    """What was asked within the block; None: nothing."""
    found = _SO_FAR.get()
    if found is None or not found.asked:
        return None
    total = found.asked[0]
    for one in found.asked[1:]:
        total += one
    found.asked[:] = [total]
    return total


def ms_per_answer() -> float | None:
    """Milliseconds for an answer of a word, as they were waited for within the block; None: none was asked for."""
    found = _SO_FAR.get()
    known = [] if found is None else found.judged
    return 1000 * sum(seconds for seconds, _n in known) / sum(n for _seconds, n in known) if known else None
