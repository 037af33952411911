"""Training rows that a model rests on: the neighbours of a row, and support vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.neighbors import NearestNeighbors

from core.compare.prepare import prepare
from core.data import table
from core.data.roles.columns import shown
from core.data.schema import Schema, read_model
from core.fuse.predictor import Predictor
from core.jobs.context import Context
from core.messages import clip
from core.models.scaled import unscaled
from core.plan import Plan
from core.results.explanations.model_internals import Neighbours, Similar, Vectors

SEARCHED = 2000  # rows, where the model itself keeps none
NEAREST = 10
HEAVIEST = 12
MOST_CELLS = 8
LONGEST_CELL = 160


@dataclass(frozen=True)
class Training:
    """The rows a kept candidate was fitted on, in their order."""

    X: pd.DataFrame
    y: np.ndarray
    rows: np.ndarray  # positions in the data set

    def similar(self, place: int, **numbers: float) -> Similar:
        """One of them as it is shown."""
        return as_shown(self.X.iloc[place], int(self.rows[place]), self.y[place], **numbers)


def as_shown(cells: pd.Series, row: int, truth: object, **numbers: float) -> Similar:
    """A row with its first cells as words."""
    words = {
        str(name): "" if pd.isna(value) else clip(shown(value), LONGEST_CELL)
        for name, value in list(cells.items())[:MOST_CELLS]
    }
    return Similar(row=row, truth="" if pd.isna(truth) else shown(truth), cells=words, **numbers)


def training(context: Context, run: str, dataset: str, columns: list[str]) -> Training | None:
    """The rows that the candidates of a run were fitted on at the end; None if the data set was changed since."""
    folder = context.workspace.dataset_folder(dataset)
    schema = read_model(Schema, folder / "schema.json")
    plan = read_model(Plan, context.workspace.run_folder(run) / "plan.json")
    if schema is None or plan is None:
        return None
    validation = plan.validation.model_copy(update={"near_duplicates_together": False})  # folds do not matter here
    held_out = table.load(folder, test=True) if validation.kind == "test_file" else None
    prepared = prepare(table.load(folder), schema, plan.model_copy(update={"validation": validation}), held_out)
    known = np.flatnonzero(prepared.rows >= 0)
    if not set(columns) <= set(prepared.X.columns):
        return None
    return Training(prepared.X.iloc[known][columns].reset_index(drop=True), prepared.y[known], prepared.rows[known])


def neighbours(
    candidate: Predictor, model: Any, rows: Training, row: pd.DataFrame, target: str, *, votes: bool, seed: int
) -> Neighbours:
    """The training rows nearest to a row in the features the model sees; the row itself is left out.

    row: one row, its index its position in the data set

    Where the model decides by neighbours, its own metric and its own memory of the rows are used; else Euclidean
    distance over at most `SEARCHED` rows.
    """
    position = int(row.index[0])
    made = features_of(candidate, row)
    if votes and model.n_samples_fit_ == len(rows.y) and made.shape[1] == model.n_features_in_:
        searched, finder, k = np.arange(len(rows.y)), model, int(model.n_neighbors)
    else:
        n = len(rows.y)
        searched = np.sort(np.random.default_rng(seed).permutation(n)[:SEARCHED])
        finder = NearestNeighbors().fit(features_of(candidate, rows.X.iloc[searched]))
        k = int(model.n_neighbors) if votes else NEAREST
    asked = min(max(k, NEAREST) + 1, len(searched))
    distances, places = finder.kneighbors(made, n_neighbors=asked)
    found = [
        rows.similar(int(searched[place]), distance=float(distance))
        for distance, place in zip(distances[0], places[0], strict=True)
        if rows.rows[searched[place]] != position
    ]
    asked_row = as_shown(row[candidate.columns_].iloc[0], position, row[target].iloc[0], distance=0.0)
    found = found[: max(k, NEAREST)]
    return Neighbours(row=position, votes=votes, k=k, n_searched=len(searched), asked=asked_row, found=found)


def vectors(model: Any, classes: list[str], rows: Training | None) -> Vectors:
    """How many support vectors there are, and those with the largest weight |α|.

    A multi-class machine is one per pair of classes; a row's weight is its largest. One for numbers has C in standard
    deviations of its target, so its weights are held against C times the deviation.
    """
    weights = np.abs(model.dual_coef_.toarray() if hasattr(model.dual_coef_, "toarray") else model.dual_coef_)
    heaviest = weights.max(axis=0)
    n_rows = int(model.shape_fit_[0])
    counts = dict(zip(classes or [""], (int(n) for n in model.n_support_), strict=False))
    cap = float(model.C) * getattr(model, "spread_", 1.0)
    capped = heaviest >= cap * (1 - 1e-9)
    found = Vectors(n_rows=n_rows, counts=counts, cap=cap, n_capped=int(capped.sum()))
    if rows is not None and len(rows.y) == n_rows:
        order = np.argsort(-heaviest, kind="stable")[:HEAVIEST]
        found.heaviest = [rows.similar(int(model.support_[place]), weight=float(heaviest[place])) for place in order]
    return found


def features_of(candidate: Predictor, frame: pd.DataFrame) -> Any:
    """Rows as the model sees them, (n, features); dense where its own pipeline makes them so."""
    made = candidate._made(frame[candidate.columns_])
    model, _factor = unscaled(candidate)
    return model[:-1].transform(made) if hasattr(model, "steps") else made
