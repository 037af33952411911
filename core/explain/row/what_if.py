"""What a model would say of a row if some of its cells were others: asked of the resident worker."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.explain.model_pool import held
from core.explain.open_candidate import OpenCandidate
from core.explain.row.estimate import EXACT_PLAYERS, WORD_TEXTS
from core.explain.row.rows import explain_frame, open_texts
from core.explain.shapley.values import never
from core.job_params import WhatIfParams
from core.jobs.resident.server import Question
from core.messages import UnusableData, _
from core.results.explanations.what_if import WhatIf
from core.run_jobs import for_its_run


@for_its_run
def what_if(args: dict[str, Any], question: Question) -> dict[str, Any]:
    """The answer and its bars; first the columns' as a part, then with words."""
    wanted = WhatIfParams.model_validate(args)
    began = time.monotonic()
    with held(question, wanted.run, wanted.candidate, wanted.output) as kept:
        model = kept.model
        frame = edited(model, wanted.row, wanted.changes)
        explanation, game = explain_frame(
            model, frame, wanted.label, position=wanted.row, exact=EXACT_PLAYERS, enough=never
        )
        prediction, probabilities = model.pipeline.predict_both(frame)
        numeric = model.manifest.task == "regression"
        result = WhatIf(
            prediction="" if numeric else str(prediction[0]),
            number=float(prediction[0]) if numeric else None,
            probabilities={}
            if probabilities is None
            else dict(zip(model.manifest.classes, map(float, probabilities[0]), strict=True)),
            unit=model.unit,
            explanation=explanation,
            notes=model.bundle.check(frame),
            seconds=time.monotonic() - began,
        )
        question.partial(result.model_dump(mode="json"))
        if wanted.words:
            open_texts(model, explanation, game, texts=WORD_TEXTS, enough=never)
        return result.model_dump(mode="json")


def edited(model: OpenCandidate, position: int, changes: Mapping[str, Any]) -> pd.DataFrame:
    """A row of the table with some cells changed.

    Parameters
    ----------
    changes : mapping
        Column → number, text, day as ``2025-01-31``, or None for an empty cell.

    Raises
    ------
    UnusableData
        The row is not there, or a value is not of the column's kind.
    """
    if position not in model.rows.index:
        raise UnusableData(_("Row {row} is not in the table any more."), row=position + 1)
    row = model.rows.loc[[position], model.pipeline.columns_]
    typed = {name: cell(value, row[name].dtype, name) for name, value in changes.items() if name in row}
    return model.bundle.masked(row.assign(**typed))


def cell(value: Any, kind: Any, column: str) -> Any:
    """One value as a column of this type holds it.  →  array or series of one"""
    if value is None or value == "":
        gaps = not (pd.api.types.is_integer_dtype(kind) or pd.api.types.is_bool_dtype(kind))
        return pd.Series([None], dtype=kind if gaps else object).array
    try:
        if pd.api.types.is_datetime64_any_dtype(kind):
            return pd.Series([pd.Timestamp(value)]).astype(kind).array
        if pd.api.types.is_bool_dtype(kind):
            return [str(value).casefold() in {"true", "1"}]
        if pd.api.types.is_numeric_dtype(kind):
            return [float(value)]
    except (TypeError, ValueError):
        raise UnusableData(
            _("“{value}” does not fit the column “{column}”."), value=str(value)[:60], column=column
        ) from None
    return pd.Series([str(value)], dtype=kind).array
