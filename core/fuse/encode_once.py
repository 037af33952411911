"""Frozen encodings are made once, before the folds, and kept in the cache; the folds then only look them up."""

from __future__ import annotations

import pandas as pd
from sklearn.base import clone

from core import names
from core.encode.batches import unique
from core.fuse.predictor import FrozenWork, Predictor
from core.jobs.context import Context
from core.messages import AmalgamError, Cancelled, _, say

SHARE = 0.3  # of the whole job's progress bar


def encode_once(
    wanted: dict[str, Predictor], X: pd.DataFrame, context: Context, *, start: float = 0.0, width: float = SHARE
) -> dict[str, AmalgamError]:
    """Encode with each frozen encoder what some candidate wants from it, each text once.

    Parameters
    ----------
    wanted : dict
        Name → candidate, not fitted.
    start, width : float
        The part of the progress bar this may fill.

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
    sizes = {key: len(unique(work.texts.tolist())[0]) for key, work in works.items()}
    failed: dict[str, AmalgamError] = {}
    done = 0
    for key, work in works.items():
        share = width / max(1, sum(sizes.values()))
        try:
            _encode(work, context, start + share * done, share)
        except Cancelled:
            raise
        except AmalgamError as error:
            failed |= dict.fromkeys(users[key], error)
        done += sizes[key]
    return failed


def _encode(work: FrozenWork, context: Context, start: float, share: float) -> None:
    """share: of the progress bar, for one text."""
    label = names.encoder_label(work.model)
    encoder = clone(work.encoder)

    def progress(done: int, total: int) -> None:
        stage = say(
            _("Reading “{column}” with {encoder}: {done:,} of {total:,} texts"),
            column=work.column or say(_("whole rows")),
            encoder=label,
            done=done,
            total=total,
        )
        context.progress(stage, start + share * done)

    context.progress(say(_("Preparing {encoder}"), encoder=label), start)
    encoder.progress = progress
    encoder.fit(work.texts)
    encoder.transform(work.texts)
