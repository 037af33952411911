"""The same candidate trained again: on the true labels, and on shuffled ones where there is nothing to learn.

References
----------
Adebayo et al., "Sanity checks for saliency maps", NeurIPS 2018 (data randomisation test).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from sklearn.base import clone

from core.bundles.bundle import Bundle
from core.compare.prepare import dependence_by, with_roles
from core.data import table
from core.data.schema import Schema, read_model
from core.data.splits.inner import Dependence, fit_with
from core.encode.batches import progress_listener
from core.explain.open_candidate import OpenCandidate
from core.explain.quality.estimate import fits
from core.explain.shapley.memory import shared
from core.fuse.auto.choice import Automatic
from core.fuse.candidate import Candidate
from core.fuse.columns import word
from core.fuse.logged import Logged
from core.fuse.predictor import Predictor
from core.fuse.written.formulas import Formulas
from core.fuse.written.rewording import Rewording
from core.fuse.zero_shot import ZeroShot
from core.jobs.context import Context
from core.messages import Message, _, say
from core.models.scaled import unscaled
from core.plan import Plan
from core.results.comparison import CandidateResult

FEWEST_ROWS = 20
OF_EACH = 2  # rows of each class that are trained on at least, where there are so many


@dataclass
class Refitted:
    """Candidates trained again; without any, the reason why."""

    again: OpenCandidate | None = None
    shuffled: list[OpenCandidate] = field(default_factory=list)
    n_rows: int = 0
    reason: Message | None = None


def refit(
    model: OpenCandidate,
    rows: pd.DataFrame,
    line: CandidateResult | None,
    seed: int,
    dependence: Dependence | None = None,
) -> Refitted:
    """Train an opened candidate again on a sample of rows.

    Parameters
    ----------
    rows : DataFrame
        The candidate's columns and the target, in random order.
    line : Candidate, optional
        What training it took in the comparison decides on how many rows it is trained, and whether at all.
    dependence : Dependence, optional
        Of the rows, for every split that is made in training; see `dependence_of`.
    """
    target = model.manifest.target
    places = np.flatnonzero(rows[target].notna())
    rows, dependence = rows.iloc[places], dependence and dependence.take(places)
    if isinstance(_inner(model.pipeline), ZeroShot):
        return Refitted(reason=say(_("It learns nothing from labels, so shuffling them would change nothing.")))
    if isinstance(_inner(model.pipeline), Formulas | Rewording):
        text = _("A language model wrote for it in training; trained again, it would be asked anew.")
        return Refitted(reason=say(text))
    if len(rows) < FEWEST_ROWS:
        return Refitted(reason=say(_("Too few rows are left to train it again with shuffled labels.")))
    per_row = seconds_per_row(line)
    n_fit, shuffles = fits(len(rows), per_row)
    if n_fit == 0:
        text = _("Training it again with shuffled labels would take too long: about {seconds:.0f} s for {n} rows.")
        return Refitted(reason=say(text, seconds=per_row * len(rows), n=len(rows)))
    labels = _labels(rows[target], model.manifest.task)
    if model.manifest.task != "regression":
        first = np.sort(np.concatenate([np.flatnonzero(labels == one)[:OF_EACH] for one in np.unique(labels)]))
        places = np.append(first, np.setdiff1d(np.arange(len(rows)), first))[:n_fit]  # no class is left out by chance
        rows, labels, dependence = rows.iloc[places], labels[places], dependence and dependence.take(places)
        if len(np.unique(labels)) < 2:
            return Refitted(reason=say(_("The rows drawn are of one class only, so there are no labels to shuffle.")))
    rows, labels, dependence = rows.iloc[:n_fit], labels[:n_fit], dependence and dependence.take(np.arange(n_fit))
    random = np.random.default_rng(seed)
    again = _trained(model, rows, labels, dependence)
    shuffled = [_trained(model, rows, labels[random.permutation(n_fit)], dependence) for _shuffle in range(shuffles)]
    return Refitted(again=again, shuffled=shuffled, n_rows=n_fit)


def dependence_of(rows: pd.DataFrame, run: str, context: Context) -> Dependence | None:
    """How rows depend on each other by the plan of a run; None where its table or plan is gone.

    rows: with their place in the data set as index
    """
    row = context.workspace.run(run, context.owner)
    plan = read_model(Plan, context.workspace.run_folder(run) / "plan.json")
    if row is None or plan is None:
        return None
    folder = context.workspace.dataset_folder(row.dataset)
    schema = read_model(Schema, folder / "schema.json")
    if schema is None:
        return None
    schema = with_roles(schema, plan, pq.read_schema(folder / "table.parquet").names)
    named = [plan.target, plan.validation.group, plan.validation.time, *schema.names("text")]
    needed = [name for name in dict.fromkeys(named) if name]
    return dependence_by(plan, table.rows(folder, rows.index.tolist(), needed), schema)


def seconds_per_row(line: CandidateResult | None) -> float:
    """What training took per row in the comparison, without encoding texts that are in the cache by now."""
    if line is None or line.flow is None or not line.flow.n_rows:
        return 0.0
    return line.flow.fit_seconds / line.flow.n_rows


def _inner(pipeline: Predictor) -> Predictor:
    """Of an automatic choice, what was chosen."""
    return pipeline.best_ if isinstance(pipeline, Automatic) else pipeline


def _fresh(pipeline: Predictor) -> Any:
    """The candidate as it was before it was fitted, with the settings that a search found."""
    inner = _inner(pipeline)
    made: Any = clone(inner)
    fitted, part = (inner.candidate_, made.candidate) if isinstance(inner, Logged) else (inner, made)
    if isinstance(fitted, Candidate) and fitted.search:
        part.set_params(search=None, model=clone(unscaled(fitted)[0]))
    return made


def _trained(
    model: OpenCandidate, rows: pd.DataFrame, labels: np.ndarray, dependence: Dependence | None
) -> OpenCandidate:
    """The candidate trained on these labels, opened against the same background."""
    columns = rows[model.pipeline.columns_]
    made = _fresh(model.pipeline)
    for work in made.frozen_work(columns):
        if hasattr(work.encoder, "cache_folder"):
            work.encoder.cache_folder = model.cache
    with progress_listener(lambda done, total: model.context.check()):
        fit_with(made, columns, labels, dependence)
    model.context.check()
    manifest = model.manifest.model_copy(update={"classes": [str(one) for one in getattr(made, "classes_", [])]})
    opened = OpenCandidate(Bundle(made, manifest, model.bundle.background), rows, model.context, output=model.output)
    opened.background, opened.weights = model.background, model.weights
    shared(model.pipeline.text_encoders(), made.text_encoders())
    return opened


def _labels(values: pd.Series, task: str) -> np.ndarray:
    if task == "regression":
        return values.to_numpy(dtype=float)
    return np.asarray([word(value) for value in values.tolist()], dtype=object)
