"""From a data set and a plan to what every candidate gets: rows, target, folds, and the columns that stayed out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.catalog import Task, fusion
from core.data import clean
from core.data.schema import Schema
from core.data.split import Fold, folds, joined_groups
from core.data.target import check_target
from core.evaluate.result import Excluded
from core.fuse.columns import word
from core.messages import Message, UnusableData, _, say
from core.names import parse
from core.plan import Plan


@dataclass(frozen=True)
class Prepared:
    """One comparison's rows: the same for every candidate."""

    X: pd.DataFrame  # source columns; index 0 to n - 1
    y: np.ndarray  # labels (str) or numbers, shape (n,)
    rows: np.ndarray  # position of each row in the data set; −1, −2, … are the rows of the test file
    schema: Schema  # with the plan's roles
    task: Task
    classes: list[str]
    folds: list[Fold]
    excluded: list[Excluded]
    warnings: list[Message]
    unlabelled: pd.DataFrame  # source columns of the rows without a target; never scored
    units: np.ndarray  # number of the unit each row is drawn with, int64, shape (n,): what no fold may separate

    def training(self, places: np.ndarray, unlabelled: bool) -> tuple[pd.DataFrame, np.ndarray]:
        """Rows to fit on, and their target; with the unlabelled ones, their target is missing, as scikit-learn's is."""
        X, y = self.X.iloc[places], self.y[places]
        if not unlabelled or not len(self.unlabelled):
            return X, y
        missing = np.full(len(self.unlabelled), None if y.dtype == object else np.nan)
        return pd.concat([X, self.unlabelled], ignore_index=True), np.concatenate([y, missing])


def prepare(table: pd.DataFrame, schema: Schema, plan: Plan, test_table: pd.DataFrame | None = None) -> Prepared:
    """Check the plan against the data and lay out the folds.

    Raises
    ------
    UnusableData
        A column of the plan is missing, the target can't be predicted, or there are too few rows.
    """
    schema = with_roles(schema, plan, list(table.columns))
    warnings: list[Message] = []
    held_out = plan.validation.kind == "test_file"
    if held_out and test_table is None:
        raise UnusableData(_("This data set has no test file."), _("Add one on the Data page, or use a hold-out."))
    known = table[plan.target].notna()
    frame, unlabelled = table[known], table[~known]
    if gone := len(unlabelled):
        learns = any(fusion(parse(name).family).uses_unlabelled for name in plan.candidates)
        text = _("{n} rows have no value in “{target}”: some candidates learn from them, and none is scored on them.")
        left = _("{n} rows have no value in “{target}” and were left out.")
        warnings.append(say(text if learns else left, n=gone, target=plan.target))
    if plan.rows is not None and plan.rows < len(unlabelled):
        unlabelled = unlabelled.sample(plan.rows, random_state=plan.seed).sort_index()
    if plan.rows is not None and plan.rows < len(frame):
        frame = frame.sample(plan.rows, random_state=plan.seed).sort_index()
        warnings.append(say(_("Only a random sample of {n:,} rows was used."), n=len(frame)))
    task = check_target(frame[plan.target], plan.target, plan.task)
    rows = frame.index.to_numpy()
    n_train = len(frame)
    if held_out and test_table is not None:
        test = test_table[test_table[plan.target].notna()]
        frame = pd.concat([frame, test[frame.columns]], ignore_index=True)
        rows = np.concatenate([rows, -1 - test.index.to_numpy()])
    y = _target(frame[plan.target], task)
    if held_out:
        laid = [(np.arange(n_train), np.arange(n_train, len(frame)))]
        units = _test_units(frame, schema, plan, n_train)
    else:
        laid, units = _folds(frame, y, schema, plan, warnings)
    if task != "regression":
        for rule in plan.rules:
            if rule.label not in set(y):
                text = _("A rule is for “{label}”, which is no class of “{target}”; it was left out.")
                warnings.append(say(text, label=rule.label, target=plan.target))
    features = [column.name for column in schema.columns if column.role in {"text", "number", "category", "date"}]
    return Prepared(
        X=frame[features].reset_index(drop=True),
        y=y,
        rows=rows,
        schema=schema,
        task=task,
        classes=[] if task == "regression" else sorted({str(label) for label in y}),
        folds=laid,
        excluded=[
            Excluded(column=column.name, reason=column.reason)
            for column in schema.columns
            if column.role in {"id", "ignored"}
        ],
        warnings=warnings,
        unlabelled=unlabelled[features].reset_index(drop=True),
        units=units,
    )


def _folds(
    frame: pd.DataFrame, y: np.ndarray, schema: Schema, plan: Plan, warnings: list[Message]
) -> tuple[list[Fold], np.ndarray]:
    """The folds of the plan, and the unit of each row: rows that were kept on one side of every fold share one.

    Rows with nearly the same texts are kept on one side where that can be done.
    """
    asked, times = _groups(frame, plan), _times(frame, plan)
    together = np.arange(len(frame)) if asked is None else asked
    alike = clean.groups(frame, schema.names("text")) if plan.validation.near_duplicates_together else None
    n_alike = 0 if alike is None else len(alike) - len(np.unique(alike))
    if alike is None or not n_alike:
        return folds(y, plan.validation, asked, times, plan.seed), together
    joined = joined_groups(together, alike)
    try:
        laid = folds(y, plan.validation, joined, times, plan.seed)
    except UnusableData:
        laid = folds(y, plan.validation, asked, times, plan.seed)
        text = _("{n:,} rows repeat the texts of others; there are too few different ones to keep them on one side.")
        warnings.append(say(text, n=n_alike))
        return laid, together
    text = _("{n:,} rows nearly repeat the texts of others; they stay on the same side of every fold.")
    warnings.append(say(text, n=n_alike))
    return laid, joined


def _test_units(frame: pd.DataFrame, schema: Schema, plan: Plan, n_train: int) -> np.ndarray:
    """The unit of each row where a test file is held out: there, too, groups and near duplicates are drawn together."""
    units = np.arange(len(frame))
    asked = _groups(frame, plan)
    held = frame.iloc[n_train:]
    alike = clean.groups(held, schema.names("text")) if plan.validation.near_duplicates_together else None
    own = units[n_train:]
    columns = [own, *(one for one in (None if asked is None else asked[n_train:], alike) if one is not None)]
    units[n_train:] = n_train + joined_groups(*columns)
    return units


def with_roles(schema: Schema, plan: Plan, present: list[str]) -> Schema:
    """The schema as the plan wants it.

    Raises
    ------
    UnusableData
        The plan names a column that the table does not have.
    """
    named = [plan.target, *plan.roles, *plan.keep, *plan.drop, *plan.encoders]
    named += [name for name in (plan.validation.group, plan.validation.time) if name]
    for name in named:
        if name not in present:
            raise UnusableData(
                _("There is no column “{column}”."), _("The table has: {known}."), column=name, known=present[:30]
            )
    columns = []
    for column in schema.columns:
        change: dict[str, object] = {}
        if column.name == plan.target:
            change = {"role": "target"}
        elif column.name in plan.drop:
            change = {"role": "ignored", "reason": say(_("Left out by choice."))}
        elif column.name in plan.roles:
            change = {"role": plan.roles[column.name], "reason": say(_("Set by choice."))}
        elif column.name in plan.keep and column.role in {"id", "ignored"}:
            change = {"role": kept_role(column.guessed)}
        elif column.role == "target":
            change = {"role": "ignored", "reason": say(_("Another column is predicted."))}
        columns.append(column.model_copy(update=change))
    return Schema(columns=columns, task=plan.task or schema.task)


def kept_role(guessed: str) -> str:
    """The role of a column that is kept against the advice: what it looks like, a category where nothing else fits."""
    return guessed if guessed not in {"id", "ignored", "target"} else "category"


def _target(values: pd.Series, task: Task) -> np.ndarray:
    if task == "regression":
        return values.to_numpy(dtype=np.float64)
    return np.asarray([word(value) for value in values.tolist()], dtype=object)


def _groups(frame: pd.DataFrame, plan: Plan) -> np.ndarray | None:
    if plan.validation.group is None:
        return None
    return pd.factorize(frame[plan.validation.group], use_na_sentinel=False)[0]


def _times(frame: pd.DataFrame, plan: Plan) -> pd.Series | None:
    return None if plan.validation.time is None else frame[plan.validation.time].reset_index(drop=True)
