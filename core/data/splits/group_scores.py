"""The two scores of a column offered as the group: on rows of values that were trained on, and on new values.

A small forest on the columns alone, without the offered one, on rows of whole values. For a job, never for the web
process: this imports scikit-learn.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

from core.catalog import Task
from core.data.schema import Grouping, Report, Schema, read_model, write_model
from core.data.splits import groups
from core.data.splits.inner import Dependence, inner_folds
from core.data.targets.target import guess_task
from core.data.targets.transformed import recast

MOST_ROWS = 2000
TREES, FOLDS = 60, 5
LEAST_GAP = 0.03  # of the scores, from where on it is worth a warning
SURE = 2.0  # standard errors of the gap, counted by values
FEWEST_GROUPS = 5


def measure(folder: Path) -> None:
    """Write the two scores of each column that is offered into a data set's report."""
    schema, described = read_model(Schema, folder / "schema.json"), read_model(Report, folder / "report.json")
    if schema is None or described is None:
        return
    file = pq.ParquetFile(folder / "table.parquet", pre_buffer=False)
    found = groups.find_in_file(folder / "table.parquet", schema)
    first, others = found[: groups.MOST_MEASURED], found[groups.MOST_MEASURED :]
    measured = [scored(one, _rows(file, one, schema), schema).model_copy(update={"tried": True}) for one in first]
    groups.told(described, measured + others)
    write_model(described, folder / "report.json")


def scored(one: Grouping, table: pd.DataFrame, schema: Schema, seed: int = 0) -> Grouping:
    """The grouping with its scores; as it was where there is no target or nothing to learn from.

    Both scores are of the rows that both ways of holding back could score. The gap is clear where it is larger than
    two standard errors, the difference in each value counting once.
    """
    names = [name for name in schema.names("number", "category", "date") if name not in (one.column, schema.target)]
    if schema.target is None or schema.target not in table or not names:
        return one
    table = table[table[schema.target].notna() & table[one.column].notna()]
    task = schema.task or guess_task(table[schema.target])
    codes = pd.factorize(table[one.column])[0]
    if task is None or len(np.unique(codes)) < FEWEST_GROUPS:
        return one
    y = _target(recast(table[schema.target], schema.target_as), task)
    worst = 1.0 if task != "regression" else float(np.var(y))
    if len(np.unique(y)) < 2 or not 0 < worst < np.inf:
        return one
    made = np.column_stack([_numbers(table[name]) for name in names])
    known = _losses(made, y, task, None, seed)
    new = _losses(made, y, task, Dependence(codes), seed)
    both = ~np.isnan(known + new)
    known, new, codes = known[both], new[both], codes[both]
    if len(np.unique(codes)) < FEWEST_GROUPS:
        return one
    gaps = pd.Series(new - known).groupby(codes).mean() / worst
    gap, error = float((new - known).mean()) / worst, float(gaps.std(ddof=1) / np.sqrt(len(gaps)))
    return one.model_copy(
        update={
            "measure": "r2" if task == "regression" else "accuracy",
            "known_score": 1 - float(known.mean()) / worst,
            "new_score": 1 - float(new.mean()) / worst,
            "clear": gap > max(LEAST_GAP, SURE * error),
        }
    )


def _rows(file: pq.ParquetFile, one: Grouping, schema: Schema) -> pd.DataFrame:
    """All rows of some values, drawn at random: about `MOST_ROWS`, of at least a few values."""
    codes = pd.factorize(file.read(columns=[one.column])[one.column].to_pandas())[0]
    counts = np.bincount(codes[codes >= 0])
    order = np.random.default_rng(0).permutation(len(counts))
    n_values = max(2 * FEWEST_GROUPS, int(np.searchsorted(np.cumsum(counts[order]), MOST_ROWS)))
    wanted = [one.column, schema.target, *schema.names("number", "category", "date")]
    return groups.rows_at(file, np.flatnonzero(np.isin(codes, order[:n_values])), wanted)


def _target(values: pd.Series, task: Task) -> np.ndarray:
    if task != "regression":
        return pd.factorize(values.astype(str), sort=True)[0]
    numbers = values.to_numpy(dtype=float)
    return numbers / max(float(np.abs(numbers).max()), np.finfo(float).tiny)  # R² is the same at any scale


def _numbers(values: pd.Series) -> np.ndarray:
    """Numbers and dates by their ranks, categories by how frequent they are; a gap is below all.  →  (n,)

    Only the order counts for a tree, and ranks have no size that a forest could not take.
    """
    if not (pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values)):
        words = values.astype(str).where(values.notna())
        values = words.map({value: place for place, value in enumerate(words.value_counts().index)})
    return values.rank(method="dense").fillna(0.0).to_numpy(dtype=float)


def _losses(made: np.ndarray, y: np.ndarray, task: Task, dependence: Dependence | None, seed: int) -> np.ndarray:
    """What each row costs when it is held back: 1 for a wrong class, or the squared error, shape (n,).

    NaN: no fold held it back that trains on two classes.
    """
    losses = np.full(len(y), np.nan)
    kind = RandomForestRegressor if task == "regression" else RandomForestClassifier
    for train, test in inner_folds(task, y, seed, FOLDS, dependence):
        fitted = kind(TREES, random_state=seed, n_jobs=1).fit(made[train], y[train])
        said = fitted.predict(made[test])
        losses[test] = (said - y[test]) ** 2 if task == "regression" else said != y[test]
    return losses
