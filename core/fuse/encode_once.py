"""Frozen encodings are made once, before the folds, and kept in the cache; the folds then only look them up."""

from __future__ import annotations

import time
from collections.abc import Callable

import pandas as pd
from sklearn.base import clone

from core import names
from core.encode.batches import unique
from core.fuse.predictor import FrozenWork, Predictor
from core.messages import AmalgamError, Cancelled, Message, _, say

Report = Callable[[Message, float], None]
MS_PER_TEXT = {"e5": 25.0, "smollm2": 60.0}  # before anything was measured; only an order of magnitude
USUAL_MS = 4.0


def encode_once(wanted: dict[str, Predictor], X: pd.DataFrame, report: Report) -> dict[str, AmalgamError]:
    """Encode with each frozen encoder what some candidate wants from it, each text once.

    Parameters
    ----------
    wanted : dict
        Name → candidate, not fitted.
    report : callable (stage, seconds that encoding will still take)
        May raise to stop.

    Returns
    -------
    dict
        Candidates whose encoder can't be had here → why.
    """
    works: dict[str, FrozenWork] = {}
    users: dict[str, list[str]] = {}
    for name, candidate in wanted.items():
        for work in candidate.frozen_work(X):
            works.setdefault(work.key, work)
            users.setdefault(work.key, []).append(name)
    ahead = {key: _guess(work) for key, work in works.items()}
    failed: dict[str, AmalgamError] = {}
    for key, work in works.items():
        ahead.pop(key)
        try:
            _encode(work, sum(ahead.values()), report)
        except Cancelled:
            raise
        except AmalgamError as error:
            failed |= dict.fromkeys(users[key], error)
    return failed


def _guess(work: FrozenWork) -> float:
    """Seconds, before any text was encoded."""
    return MS_PER_TEXT.get(work.model, USUAL_MS) * len(unique(work.texts.tolist())[0]) / 1000


def _encode(work: FrozenWork, ahead: float, report: Report) -> None:
    """ahead: seconds that other encodings will take after this one."""
    label = names.encoder_label(work.model)
    encoder = clone(work.encoder)
    began = time.monotonic()

    def progress(done: float, total: float) -> None:
        stage = say(
            _("Reading “{column}” with {encoder}: {done:,} of {total:,} texts"),
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
