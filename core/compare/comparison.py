"""The comparison: every candidate on the same folds, results on disk as they come.

Files of finished folds are never computed again, so a comparison that was cancelled or cut off goes on where it was;
files that were made from other rows or settings are not taken up (`core.compare.files.run_key`).
"""

from __future__ import annotations

import time
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from core.catalog import fusion
from core.compare.prepare import Prepared, prepare
from core.compare.runner import Keep, Run
from core.data.schema import Schema, read_model, write_model
from core.evaluate.intervals import uncertainty
from core.evaluate.ranking import metric_for
from core.fuse.setting import Setting
from core.jobs.context import Context
from core.messages import _, say
from core.names import model_of, parse
from core.plan import Plan
from core.results.comparison import CandidateResult, Comparison

VERSIONS = ("scikit-learn", "torch", "transformers", "lightgbm", "numpy", "pandas")


def compare(
    table: pd.DataFrame,
    schema: Schema,
    plan: Plan,
    folder: Path,
    context: Context,
    *,
    test_table: pd.DataFrame | None = None,
    keep: Keep | None = None,
    dataset_hash: str = "",
    first: str = "",
    began: float | None = None,
) -> Comparison:
    """Score every candidate of a plan on the same folds.

    The contrast (`core.compare.schedule.first_of`) is trained first and whatever the time budget; the budget decides
    about the rest.

    Parameters
    ----------
    table : DataFrame
        The data set; its index is the position of each row.
    folder : Path
        ``plan.json``, ``result.json`` and ``candidates/`` are written here; what is there already is not made again.
    keep : callable (fitted candidate, folder, prepared, line), optional
        Called with each candidate refitted on all rows.
    first : str, optional
        A candidate that is trained before the others that are not of the contrast.
    began : float, optional
        Second of `time.monotonic` from which the budget counts; by default now.

    Raises
    ------
    UnusableData, UnknownChoice
        The plan does not fit the data or the catalogue.
    Cancelled
        The user cancelled; what was finished is in ``result.json``.
    """
    began = time.monotonic() if began is None else began
    context.progress(say(_("Laying out the folds")), 0.0)
    for text in plan.candidates:
        parse(text)
    prepared = prepare(table, schema, plan, test_table)
    metric, reason = metric_for(prepared.task, prepared.y)
    folder.mkdir(parents=True, exist_ok=True)
    earlier = read_model(Comparison, folder / "result.json")
    write_model(plan, folder / "plan.json")
    result = _begun(prepared, plan, metric, earlier)
    result.metric_reason, result.dataset_hash = reason, dataset_hash
    return Run(result, prepared, _setting(prepared, plan, metric, context), folder, context, keep, first, began).go()


def _begun(prepared: Prepared, plan: Plan, metric: str, earlier: Comparison | None) -> Comparison:
    """A result in which every candidate is still to come; earlier: that of the same folder, whose time counts."""
    return Comparison(
        task=prepared.task,
        target=plan.target,
        target_as=prepared.target_as,
        metric=metric,
        classes=prepared.classes,
        positive=prepared.positive,
        n_rows=len(prepared.y),
        folds=len(prepared.folds),
        seed=plan.seed,
        method=uncertainty.METHOD,
        inflation=uncertainty.inflation(prepared.folds),
        excluded=prepared.excluded,
        candidates=[_line(text) for text in dict.fromkeys(plan.candidates)],
        warnings=prepared.warnings,
        plan_digest=plan.digest(),
        versions={name: version(name) for name in VERSIONS},
        spent_seconds=0.0 if earlier is None else earlier.spent_seconds,
        contrast_seconds=None if earlier is None else earlier.contrast_seconds,
        endpoint=None if earlier is None else earlier.endpoint,
    )


def _setting(prepared: Prepared, plan: Plan, metric: str, context: Context) -> Setting:
    """What all candidates are built with."""
    return Setting(
        prepared.schema,
        plan,
        prepared.task,
        metric,
        context.workspace.cache_folder,
        threads=context.threads,
        n_rows=max(len(train) for train, _test in prepared.folds),
        positive=prepared.positive,
        classes=tuple(prepared.classes),
    )


def _line(text: str) -> CandidateResult:
    name = parse(text)
    family = fusion(name.family)
    model = model_of(name) if family.takes_model or family.heads else ""
    return CandidateResult(name=text, mode=name.family, encoder=name.encoder, model=model, status="waiting")
