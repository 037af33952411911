"""The smallest changes of a row that change a model's answer: asked of the resident worker."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd

from core.data.roles.columns import shown
from core.explain.counterfactual.edits import Row, Steps
from core.explain.counterfactual.plausibility import Rows
from core.explain.counterfactual.search import Goal, Search, other_class, past
from core.explain.counterfactual.substitutes import MOST_TEXTS, NearWords
from core.explain.model_pool import PooledModel, held
from core.explain.open_candidate import OpenCandidate
from core.explain.row.what_if import edited
from core.job_params import CounterfactualParams
from core.jobs.resident.server import Question
from core.messages import UnknownChoice, UnusableData, _
from core.results.explanations.what_if import Counterfactual, Counterfactuals
from core.run_jobs import for_its_run


@for_its_run
def counterfactual(args: dict[str, Any], question: Question) -> dict[str, Any]:
    """What was found; after each level of the search, what there is so far as a part."""
    wanted = CounterfactualParams.model_validate(args)
    began = time.monotonic()
    with held(question, wanted.run, wanted.candidate, "probability") as kept, kept.model.not_cached():
        model = kept.model
        row = Row(edited(model, wanted.row, wanted.changes), model.schema)
        prediction, _probabilities = _said(model, row.frame)
        result = Counterfactuals(wanted=wanted.wanted or "")
        if model.manifest.task == "regression":
            result.number_before = float(prediction[0])
        else:
            result.before = str(prediction[0])
        usual, words = _usual(kept, row)
        search = Search(
            lambda frame: _said(model, frame),
            row,
            _goal(model, wanted, prediction[0]),
            usual,
            words,
            [name for name in model.pipeline.columns_ if wanted.columns is None or name in wanted.columns],
            wanted.most_words,
            lambda: time.monotonic() - began > wanted.budget_seconds,
        )
        for _depth in search.levels(wanted.answers):
            question.partial(_told(model, search, result, wanted.answers, began).model_dump(mode="json"))
        return _told(model, search, result, wanted.answers, began).model_dump(mode="json")


def _said(model: OpenCandidate, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
    model.context.check()
    return model.pipeline.predict_both(frame)


def _goal(model: OpenCandidate, wanted: CounterfactualParams, now: Any) -> Goal:
    if model.manifest.task == "regression":
        if wanted.threshold is None:
            raise UnusableData(_("Say which number the prediction should pass."))
        return past(wanted.threshold, float(now))
    classes = model.manifest.classes
    if wanted.wanted is not None and wanted.wanted not in classes:
        raise UnknownChoice(_("“{label}” is not one of the classes."), label=wanted.wanted)
    if wanted.wanted == str(now):
        raise UnusableData(_("The model says “{label}” already."), _("Choose another class."), label=str(now))
    return other_class(classes, str(now), wanted.wanted)


def _usual(kept: PooledModel, row: Row) -> tuple[Rows, dict[str, NearWords]]:
    """What training rows are like; worked out once per opened model."""
    if "usual" not in kept.more:
        table = kept.model.rows[kept.model.pipeline.columns_]
        rows = Rows(table, row.roles, kept.model.seed)
        words = {
            column.name: NearWords(_texts(table[column.name]), column.language)
            for column in kept.model.schema.columns
            if column.role == "text" and column.name in table
        }
        kept.more["usual"] = (rows, words)
    found: Any = kept.more["usual"]
    rows, words = found
    return rows, words


def _texts(cells: pd.Series) -> list[str]:
    """Some of a column's texts, from all over the table."""
    known = [text for text in cells if isinstance(text, str)]
    return known[:: max(1, len(known) // MOST_TEXTS)][:MOST_TEXTS]


def _told(model: OpenCandidate, search: Search, result: Counterfactuals, answers: int, began: float) -> Counterfactuals:
    """What a search has found so far, as data."""
    refined = dict.fromkeys(search.refined(steps) for steps in search.best(answers))
    found = [_answer(model, search, steps) for steps in refined]
    found.sort(key=lambda one: (len(one.changes), one.distance))
    return result.model_copy(
        update={
            "found": found,
            "tried": search.tried,
            "depth": search.depth,
            "complete": search.complete,
            "seconds": time.monotonic() - began,
        }
    )


def _answer(model: OpenCandidate, search: Search, steps: Steps) -> Counterfactual:
    row, frame = search.row, search.row.with_steps([steps])
    prediction, probabilities = _said(model, frame)
    changes = []
    for step in sorted(steps, key=lambda step: (step.column, step.place)):
        note = search.rows.note(step, search.words.get(step.column))
        changes.append(row.told(step).model_copy(update={"note": note}))
    nearest = search.rows.nearest(frame, but=int(row.frame.index[0]))
    numeric = probabilities is None
    return Counterfactual(
        changes=changes,
        values={name: _plain(frame[name].iloc[0]) for name in {step.column for step in steps}},
        prediction="" if numeric else str(prediction[0]),
        number=float(prediction[0]) if numeric else None,
        probability=None if probabilities is None else float(probabilities[0].max()),
        distance=search.rows.distance(row, steps),
        nearest=nearest,
        unusual=None if nearest is None else search.rows.unusual(nearest),
    )


def _plain(value: Any) -> Any:
    """A cell as JSON and a form hold it."""
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, (bool, np.bool_, str)):
        return shown(value)
    return float(value) if isinstance(value, (int, float, np.number)) else str(value)
