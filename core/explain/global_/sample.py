"""A kept candidate opened on a random sample of rows: of a large table, only those rows are read whole."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from core.bundles.manifest import Manifest
from core.data import table
from core.explain.global_.estimate import PERMUTED_ROWS
from core.explain.open_candidate import OpenCandidate, with_truth
from core.job_params import Condition
from core.jobs.context import Context
from core.messages import UnusableData, _
from core.results.explanations.amortized import learned_folder
from core.results.explanations.cohort import meets
from core.results.explanations.rows import Output
from core.run_jobs import open_bundle


class Sample(NamedTuple):
    """An opened candidate, rows to score it on, and whether those are rows it has not learned from."""

    model: OpenCandidate
    scored: pd.DataFrame
    unseen: bool


def open_sample(
    context: Context,
    run: str,
    candidate: str,
    n: int,
    *,
    output: Output = "margin",
    seed: int = 0,
    where: Condition | None = None,
) -> Sample:
    """The candidate with up to `n` random rows in random order, and up to 300 rows whose truth is known to score it on.

    The rows to score on are those of a separate test file where there is one: rows the model has not seen.

    Raises
    ------
    UnusableData
        It was not kept, it looks at no columns, or no row meets the condition.
    """
    bundle, dataset = open_bundle(context, run, candidate)
    folder, target = context.workspace.dataset_folder(dataset), bundle.manifest.target
    needed = list(dict.fromkeys([*bundle.pipeline.columns_, target]))
    # one column says which rows there are
    truth = with_truth(table.load(folder, columns=[target]), bundle.manifest)[target]
    random = np.random.default_rng(seed)
    order = random.permutation(_in_cohort(folder, truth.index, where))
    known = truth.loc[order].notna().to_numpy()
    rows = with_truth(table.rows(folder, order[:n].tolist(), needed), bundle.manifest)
    scored = _of_test_file(folder, needed, bundle.manifest, random)
    unseen = scored is not None
    if scored is None:
        scored = table.rows(folder, np.sort(order[known][:PERMUTED_ROWS]).tolist(), needed)
        scored = with_truth(scored, bundle.manifest)
    kept = learned_folder(context.workspace.run_folder(run), candidate)
    model = OpenCandidate(bundle, rows, context, output=output, seed=seed, learned_folder=kept)
    return Sample(model, bundle.masked(scored), unseen)


def _in_cohort(folder: Path, positions: pd.Index, where: Condition | None) -> np.ndarray:
    """The positions that meet the condition."""
    if where is None:
        return positions.to_numpy()
    values = table.load(folder, columns=[where.column])[where.column]
    found: np.ndarray = values.index.to_numpy()[meets(values, where)]
    if not len(found):
        raise UnusableData(_("No row meets this condition."), _("Choose another value."))
    return found


def _of_test_file(
    folder: Path, needed: list[str], manifest: Manifest, random: np.random.Generator
) -> pd.DataFrame | None:
    path = folder / "test.parquet"
    if not path.exists() or not set(needed) <= set(pq.read_schema(path).names):
        return None
    rows = with_truth(table.load(folder, needed, test=True), manifest)
    rows = rows[rows[manifest.target].notna()]
    if rows.empty:
        return None
    return rows.iloc[np.sort(random.permutation(len(rows))[:PERMUTED_ROWS])]
