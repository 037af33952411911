"""Frozen encodings are made once, before the folds, and kept in the cache; the folds then only look them up."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from sklearn.base import clone

from core import catalog, names
from core.compare.prepare import Prepared
from core.encode.batches import unique
from core.fuse.predictor import FrozenWork, Predictor
from core.messages import AmalgamError, Cancelled, Message, _, _n, say

Report = Callable[[Message, float], None]
MS_PER_TEXT = {"e5": 25.0, "smollm2": 60.0}  # before anything was measured; only an order of magnitude
USUAL_MS = 4.0


class Encodings:
    """What the candidates of a comparison want encoded; each text goes once through each encoder.

    Parameters
    ----------
    wanted : dict
        Name → candidate, not fitted.
    prepared : Prepared
        All rows; a candidate that learns from unlabelled ones has these encoded, too.
    """

    def __init__(self, wanted: dict[str, Predictor], prepared: Prepared) -> None:
        self.works: dict[str, FrozenWork] = {}
        self.users: dict[str, list[str]] = {}
        for name, candidate in wanted.items():
            every = np.arange(len(prepared.y))
            X, _y = prepared.training(every, catalog.fusion(names.parse(name).family).uses_unlabelled)
            for work in candidate.frozen_work(X):
                self.works.setdefault(work.key, work)
                self.users.setdefault(work.key, []).append(name)
        self._failed: dict[str, AmalgamError] = {}

    def encode_for(self, name: str, report: Report) -> None:
        """Encode what one candidate needs and nobody before it needed.

        Parameters
        ----------
        report : callable (stage, seconds that all encoding will still take)
            May raise to stop; what is done stays in the cache.

        Raises
        ------
        AmalgamError
            The encoder can't be had here.
        """
        for key in [key for key, users in self.users.items() if name in users]:
            if key in self._failed:
                raise self._failed[key]
            work = self.works.get(key)
            if work is None:
                continue
            try:
                _encode(work, self.seconds() - _guess(work), report)
            except Cancelled:
                raise
            except AmalgamError as error:
                self._failed[key] = error
                raise
            self.works.pop(key)

    def seconds(self) -> float:
        """A guess at what is left to encode."""
        return sum(_guess(work) for work in self.works.values())

    def seconds_for(self, name: str) -> float:
        """A guess at what is left to encode for one candidate."""
        return sum(_guess(work) for key, work in self.works.items() if name in self.users[key])


def _guess(work: FrozenWork) -> float:
    """Seconds, before any text was encoded."""
    told = getattr(work.encoder, "ms_per_text", 0.0) or MS_PER_TEXT.get(work.model, USUAL_MS)
    return float(told * len(unique(work.texts.tolist())[0]) / 1000)


def _encode(work: FrozenWork, ahead: float, report: Report) -> None:
    """ahead: seconds that other encodings will take after this one."""
    label = names.encoder_label(work.model)
    encoder = clone(work.encoder)
    began = time.monotonic()

    def progress(done: float, total: float) -> None:
        stage = say(
            _n(
                "Reading “{column}” with {encoder}: {done:,} of {total:,} text",
                "Reading “{column}” with {encoder}: {done:,} of {total:,} texts",
                "total",
            ),
            column=work.column or say(_("whole rows")),
            encoder=label,
            done=int(done),
            total=int(total),
        )
        gone = time.monotonic() - began
        left = gone * (total - done) / done if done and gone > 0.5 else _guess(work) * (1 - done / max(1, total))
        report(stage, left + ahead)

    report(say(_("Preparing {encoder}"), encoder=label), _guess(work) + ahead)
    encoder.progress = progress
    encoder.fit(work.texts)
    encoder.transform(work.texts)
