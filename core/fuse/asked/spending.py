"""What is asked of an endpoint deep inside an estimator, added up for the run around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from core.providers.base import Judge, LanguageModel
from core.results.endpoint_use import EndpointUse

_SO_FAR: ContextVar[list[EndpointUse] | None] = ContextVar("endpoint_use", default=None)


@contextmanager
def counting() -> Iterator[None]:
    """Within this block, what an endpoint answers is added up.

    Examples
    --------
    >>> with counting():
    ...     so_far() is None
    True
    """
    token = _SO_FAR.set([])
    try:
        yield
    finally:
        _SO_FAR.reset(token)


def count(model: Judge | LanguageModel, seconds: float) -> None:
    """Add all that was asked of a model; of one of this machine, nothing.

    seconds: that it was waited for
    """
    usage, found = getattr(model, "usage", None), _SO_FAR.get()
    if usage is not None and usage.requests and found is not None:
        found.append(
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
    if not found:
        return None
    total = found[0]
    for one in found[1:]:
        total += one
    found[:] = [total]
    return total


def ms_per_answer() -> float | None:
    """Milliseconds for an answer, as they were waited for within the block; None: nothing was asked."""
    total = so_far()
    return None if total is None else 1000 * total.seconds / total.answers
