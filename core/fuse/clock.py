"""What a time budget still allows: until when a command must end, how fast texts are read, what a fit would take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from sklearn.base import clone

from core.encode.batches import Progress, current_listener, progress_listener, report_progress, unique
from core.fuse.predictor import FrozenWork, Predictor

AFTERWARDS = 2.0, 0.03  # seconds, and share of the budget, kept for scoring and for writing what was fitted
PROBED_TEXTS, FEW_TEXTS = 48, 8
HOPELESS = 3.0  # times the time there is
UNCACHED = 6  # readings of a text where nothing keeps it: once per inner fold, and once more for all rows
CACHED = 1.0  # seconds in which texts are read only if they were before
CHUNK = 256  # texts read between two looks at the clock
WARMED_UP = 5.0  # seconds of a costly fit after which it shows how fast it is
PROBED_SHARE = 6  # a fit is tried on a sixth of the rows first
FEWEST_PROBED = 60  # rows
WARM_ROWS = 40
GROWTH = 1.1  # a fit on n times the rows takes n to this power as long; a kernel machine longer, whose first fold tells


class TooSlow(Exception):
    """A costly fit that would not end in time; not an error."""


@dataclass
class Clock:
    """The end that all fits of a command share.

    Parameters
    ----------
    fits : int
        Still to come, which share what is left; 0 where other work shares it, too.
    unread : dict
        Model → seconds, of encoders that an earlier fit found too slow.
    measured : dict
        Candidate → seconds of a fit, and on how many rows, of an earlier fit.
    """

    budget_seconds: float
    fits: int = 0
    unread: dict[str, float] = field(default_factory=dict)
    measured: dict[str, tuple[float, int]] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        """Seconds until everything should be written."""
        fixed, share = AFTERWARDS
        return self.began + self.budget_seconds * (1 - share) - fixed - time.monotonic()

    def take(self, own: float) -> float:
        """Seconds for the next fit: its part of what is left, or its own budget where that is less."""
        if not self.fits:
            return min(own, self.left())
        self.fits -= 1
        return self.left() / (self.fits + 1)


_CLOCK: ContextVar[Clock | None] = ContextVar("clock", default=None)


@contextmanager
def ends_with(clock: Clock) -> Iterator[None]:
    """Within this block, fits that choose by time end with this clock."""
    before = _CLOCK.set(clock)
    try:
        yield
    finally:
        _CLOCK.reset(before)


def running() -> Clock | None:
    """The clock that the command keeps to, if it has one."""
    return _CLOCK.get()


@dataclass(frozen=True)
class Reading:
    """What reading texts with a frozen encoder takes."""

    work: FrozenWork
    seconds: float  # to read all of them
    per_text: float
    n_texts: int
    done: bool  # they are in the cache now


def read_ahead(works: list[FrozenWork], seconds: float, seed: int) -> list[Reading]:
    """Read what can be read in the given time, the fastest first; what would not fit is not begun or is given up.

    The pace is measured on texts drawn at random, so texts that are in the cache already count for nothing.
    """
    clock = running()
    unread = {} if clock is None else clock.unread
    known = [Reading(work, unread[work.model], 0.0, 0, False) for work in works if work.model in unread]
    asked = [_probe(work, seconds, seed) for work in works if work.model not in unread]
    found = known + _read_all(sorted(asked, key=lambda one: one.seconds), seconds)
    unread.update({one.work.model: one.seconds for one in found if not one.done})
    return found


def _read_all(measured: list[Reading], seconds: float) -> list[Reading]:
    began = time.monotonic()
    found: list[Reading] = []
    for one in measured:
        left = seconds - (time.monotonic() - began)
        if getattr(one.work.encoder, "cache_folder", None) is None:  # nothing is kept: read in every fold
            found.append(replace(one, done=one.seconds * UNCACHED <= left))
        else:
            found.append(_read(one, left) if one.seconds <= max(left, CACHED) else one)
    return found


def _probe(work: FrozenWork, seconds: float, seed: int) -> Reading:
    """The pace of an encoder on a few texts; on very few where these show that there is no time for all."""
    texts = unique([str(text or "") for text in work.texts])[0]
    some = [texts[place] for place in np.random.default_rng(seed).permutation(len(texts))[:PROBED_TEXTS]]
    encoder = clone(work.encoder).fit(some[:1])
    encoder.transform(some[:1])  # loads the model
    began, per_text = time.monotonic(), 0.0
    for start, end in ((1, FEW_TEXTS), (FEW_TEXTS, PROBED_TEXTS)):
        if some[start:end] and per_text * len(texts) <= HOPELESS * seconds:
            encoder.transform(some[start:end])
            per_text = (time.monotonic() - began) / (min(end, len(some)) - 1)
    return Reading(work, per_text * len(texts), per_text, len(texts), False)


def _read(one: Reading, seconds: float) -> Reading:
    """Read all texts, unless it turns out to take half as long again as there is time."""
    texts = unique(one.work.texts.tolist())[0]
    encoder = clone(one.work.encoder).fit(texts[:1])
    began = time.monotonic()
    for start in range(0, len(texts), CHUNK):
        encoder.transform(np.asarray(texts[start : start + CHUNK], dtype=object))
        done = min(len(texts), start + CHUNK)
        report_progress(done, len(texts))
        expected = (time.monotonic() - began) / done * len(texts)
        if expected > 1.5 * max(seconds, CACHED) and done < len(texts):
            return replace(one, seconds=expected, per_text=expected / len(texts))
    return replace(one, done=True)


def warm_up(candidate: Predictor, X: pd.DataFrame, y: np.ndarray, seed: int) -> None:
    """A first fit on a few rows, so that what is loaded once (dictionaries, libraries) is in nobody's measure."""
    places = np.random.default_rng(seed).permutation(len(y))[:WARM_ROWS]
    if len(y) > PROBED_SHARE * WARM_ROWS and len(np.unique(y[places])) > 1:
        with progress_listener(unheard):
            clone(candidate).fit(X.iloc[places], y[places])


def fit_seconds(name: str, candidate: Predictor, X: pd.DataFrame, y: np.ndarray, seed: int) -> float:
    """How long a fit on these rows, and predicting a quarter as many, would take.

    As an earlier fit of the command measured it, else by a fit on a sixth of the rows.
    """
    clock = running()
    if clock is not None and name in clock.measured:
        seconds, n_rows = clock.measured[name]
        return scaled(seconds, n_rows, len(y))
    n_probed = max(FEWEST_PROBED, len(y) // PROBED_SHARE)
    if len(y) < 2 * n_probed:
        return 0.0  # over before it is estimated
    places = np.sort(np.random.default_rng(seed).permutation(len(y))[:n_probed])
    if len(np.unique(y[places])) < 2:
        return 0.0
    began = time.monotonic()
    with progress_listener(unheard):
        clone(candidate).fit(X.iloc[places], y[places]).predict_both(X.iloc[places[: n_probed // 4]])
    seconds = scaled(time.monotonic() - began, n_probed, len(y))
    note(name, seconds, len(y))
    return seconds


def costly_seconds(name: str, candidate: Predictor, X: pd.DataFrame, y: np.ndarray) -> float:
    """What a costly candidate says that a fit on these rows takes; asked once in a command."""
    clock = running()
    if clock is not None and name in clock.measured:
        seconds, n_rows = clock.measured[name]
        return seconds * len(y) / n_rows
    seconds = candidate.estimate_seconds(X, y) or 0.0
    note(name, seconds, len(y))
    return seconds


def gives_up(seconds: float) -> Progress:
    """A listener that stops a fit (`TooSlow`) once its pace shows that it would take longer than this.

    The pace counts from the first that is told: what comes before it, such as loading a model, comes once. Where it is
    told anew from the beginning, another part of the fit has begun, with a pace of its own.
    """
    began, outer = time.monotonic(), current_listener()
    first: tuple[float, float] | None = None  # when something was told first, and how much was done by then
    last = 0.0

    def listen(done: float, total: float) -> None:
        nonlocal first, last
        gone = time.monotonic() - began
        if first is None or done < last:
            first = (gone, done)
        last = done
        if gone - first[0] > WARMED_UP and done > first[1]:
            pace = (gone - first[0]) / (done - first[1])
            if gone + pace * (total - done) > seconds:
                raise TooSlow
        if outer is not None:
            outer(done, total)

    return listen


def note(name: str, seconds: float, n_rows: int) -> None:
    """Remember for the command's later fits what a fit on so many rows takes."""
    if (clock := running()) is not None:
        clock.measured[name] = (seconds, n_rows)


def scaled(seconds: float, n_rows: int, n_all: int) -> float:
    """What took so long on some rows, on all of them."""
    return float(seconds * (n_all / n_rows) ** GROWTH)


def unheard(_done: float, _total: float) -> None:
    """Hears how far something is, and keeps it to itself."""
