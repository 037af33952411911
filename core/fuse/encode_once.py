"""Frozen encodings are made once, before the folds, and kept in the cache; the folds then only look them up."""

from __future__ import annotations

import pandas as pd

from core import catalog
from core.encode.factory import build as build_encoder
from core.fuse.candidates import Setting, learns
from core.fuse.columns import as_texts
from core.jobs.context import Context
from core.messages import AmalgamError, Cancelled, _, say
from core.plan import EncoderChoice

SHARE = 0.3  # of the whole job's progress bar


def encode_once(
    wanted: dict[str, dict[str, EncoderChoice]],
    X: pd.DataFrame,
    setting: Setting,
    context: Context,
    *,
    start: float = 0.0,
    width: float = SHARE,
) -> dict[str, AmalgamError]:
    """Encode each text column with each frozen encoder that some candidate wants.

    Parameters
    ----------
    wanted : dict
        Candidate → text column → choice.
    start, width : float
        The part of the progress bar this may fill.

    Returns
    -------
    dict
        Candidates whose encoder can't be had here → why.
    """
    pairs = {
        (column, choice.model_copy(update={"pca_variance": None}).model_dump_json())
        for choices in wanted.values()
        for column, choice in choices.items()
        if not learns(choice)
    }
    failed: dict[str, AmalgamError] = {}
    for number, (column, choice_text) in enumerate(sorted(pairs)):
        choice = EncoderChoice.model_validate_json(choice_text)
        try:
            _encode(column, choice, X, setting, context, start + width * number / len(pairs), width / len(pairs))
        except Cancelled:
            raise
        except AmalgamError as error:
            for name, choices in wanted.items():
                if column in choices and choices[column].name == choice.name:
                    failed[name] = error
    return failed


def _encode(
    column: str, choice: EncoderChoice, X: pd.DataFrame, setting: Setting, context: Context, start: float, width: float
) -> None:
    entry = catalog.encoder(choice.name)
    label = say(entry.label) if entry else choice.name

    def progress(done: int, total: int) -> None:
        stage = say(
            _("Reading “{column}” with {encoder}: {done:,} of {total:,} texts"),
            column=column,
            encoder=label,
            done=done,
            total=total,
        )
        context.progress(stage, start + width * done / max(1, total))

    context.progress(say(_("Preparing {encoder}"), encoder=label), start)
    found = setting.schema.column(column)
    cache = None if setting.cache_folder is None else str(setting.cache_folder)
    encoder = build_encoder(choice, found.language if found else "", cache, setting.threads, progress)
    encoder.fit(as_texts(X[[column]]))
    encoder.transform(as_texts(X[[column]]))
