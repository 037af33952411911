"""From a data set and a plan to what every candidate gets: rows, target, folds, and the columns that stayed out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import pandas as pd

from core.catalog import Role, Task, fusion
from core.compare.target_rows import recast_tables
from core.data.duplicates import cleaning
from core.data.personal import masking
from core.data.personal.masked_reading import masked_layout
from core.data.schema import Personal, Schema
from core.data.splits import groups
from core.data.splits.folds import Fold, folds, joined_groups
from core.data.splits.inner import Dependence
from core.data.targets.class_names import in_order
from core.data.targets.target import check_target
from core.evaluate.ranking import positive_class
from core.fuse.columns import MISFITS, misfit, row_of, word
from core.messages import Message, UnusableData, _, _n, clip, say
from core.names import parse
from core.plan import Plan, TargetAs
from core.results.comparison import Excluded

MISFITS_IN_TEST_FILE = {
    "number": _("Column “{column}” holds numbers, but row {row} of the test file says “{value}”."),
    "date": _("Column “{column}” holds dates, but row {row} of the test file says “{value}”."),
}
Layout = tuple[list[Fold], Dependence, Callable[[], np.ndarray]]  # folds, what they are by, what makes the units
MOSTLY = 0.5  # share of rows that repeat others' texts, from where on scores are of texts never seen


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
    dependence: Dependence  # of the rows of X: what `folds` were laid out by
    drawn: Callable[[], np.ndarray]  # makes `units`
    target_as: TargetAs = field(default_factory=TargetAs)  # the plan's, with what the rows decided

    @cached_property
    def units(self) -> np.ndarray:
        """Number of the unit each row is drawn with, int64, shape (n,): that of its group and of its near duplicates.

        Whether folds kept them on one side makes no difference. Looked for when first asked for.
        """
        return self.drawn()

    @property
    def positive(self) -> str:
        """Of two classes, the one that scores speak of: chosen once, by all rows, the same in every fold."""
        return positive_class(self.y, self.classes) if self.task == "binary" else ""

    def training(self, places: np.ndarray, unlabelled: bool) -> tuple[pd.DataFrame, np.ndarray]:
        """Rows to fit on, and their target; with the unlabelled ones, their target is missing, as scikit-learn's is."""
        X, y = self.X.iloc[places], self.y[places]
        if not unlabelled or not len(self.unlabelled):
            return X, y
        missing = np.full(len(self.unlabelled), None if y.dtype == object else np.nan)
        return pd.concat([X, self.unlabelled], ignore_index=True), np.concatenate([y, missing])

    def given(self, places: np.ndarray, unlabelled: bool) -> tuple[pd.DataFrame, np.ndarray, Dependence]:
        """What `fit` takes: rows, their target, and how they depend on each other."""
        return *self.training(places, unlabelled), self.dependence_of(places, unlabelled)

    def dependence_of(self, places: np.ndarray, unlabelled: bool) -> Dependence:
        """How the rows of `training` depend on each other; one without a target is never held back."""
        bound = self.dependence.take(places)
        return bound.with_independent(len(self.unlabelled)) if unlabelled else bound


def prepare(table: pd.DataFrame, schema: Schema, plan: Plan, test_table: pd.DataFrame | None = None) -> Prepared:
    """Check the plan against the data and lay out the folds.

    Raises
    ------
    UnusableData
        A column of the plan is missing, a cell is no number or date where its column holds them, the target can't be
        predicted, or there are too few rows.
    """
    schema = with_roles(schema, plan, list(table.columns))
    table = masking.masked(table, schema.columns)
    test_table = None if test_table is None else masking.masked(test_table, schema.columns)
    held_out = plan.validation.kind == "test_file"
    if held_out and test_table is None:
        raise UnusableData(_("This data set has no test file."), _("Add one on the Data page, or use a hold-out."))
    table, test_table, how, notes = recast_tables(table, test_table if held_out else None, schema, plan)
    warnings = list(notes)
    frame, unlabelled = _labelled(table, plan, warnings)
    wanted = None if how.way in {"bins", "label"} else plan.task or schema.task
    task = check_target(frame[plan.target], plan.target, "regression" if how.way == "log" else wanted)
    read: dict[str, Role] = {one.name: one.role for one in schema.columns if one.role in MISFITS}
    _check_cells(pd.concat([frame, unlabelled]), read, MISFITS)
    rows, n_train = frame.index.to_numpy(), len(frame)
    if held_out and test_table is not None:
        test = test_table[test_table[plan.target].notna()]
        _check_cells(test, {**read, **({plan.target: "number"} if task == "regression" else {})}, MISFITS_IN_TEST_FILE)
        frame = pd.concat([frame, test[frame.columns]], ignore_index=True)
        rows = np.concatenate([rows, -1 - test.index.to_numpy()])
    y = _target(frame[plan.target], task)
    if held_out:
        laid, bound, drawn = _one_fold(frame, schema, plan, n_train)
    else:
        laid, bound, drawn = _laid_out(frame, y, schema, plan, task, warnings)
    _warn_of_rules(plan, y, task, warnings)
    features = [column.name for column in schema.columns if column.role in {"text", "number", "category", "date"}]
    return Prepared(
        X=frame[features].reset_index(drop=True),
        y=y,
        rows=rows,
        schema=schema,
        task=task,
        classes=[] if task == "regression" else in_order({str(label) for label in y}, how),
        folds=laid,
        excluded=_excluded(schema),
        warnings=warnings,
        unlabelled=unlabelled[features].reset_index(drop=True),
        dependence=bound,
        drawn=drawn,
        target_as=how,
    )


def _labelled(table: pd.DataFrame, plan: Plan, warnings: list[Message]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with a value of the target and those without, sampled where the plan says so."""
    known = table[plan.target].notna()
    frame, unlabelled = table[known], table[~known]
    if gone := len(unlabelled):
        learns = any(fusion(parse(name).family).uses_unlabelled for name in plan.candidates)
        used = _n(
            "{n} row has no value in “{target}”: some candidates learn from it, and none is scored on it.",
            "{n} rows have no value in “{target}”: some candidates learn from them, and none is scored on them.",
        )
        left = _n(
            "{n} row has no value in “{target}” and was left out.",
            "{n} rows have no value in “{target}” and were left out.",
        )
        warnings.append(say(used if learns else left, n=gone, target=plan.target))
    if plan.rows is not None and plan.rows < len(unlabelled):
        unlabelled = unlabelled.sample(plan.rows, random_state=plan.seed).sort_index()
    if plan.rows is not None and plan.rows < len(frame):
        frame = frame.sample(plan.rows, random_state=plan.seed).sort_index()
        sampled = _n("Only a random sample of {n:,} row was used.", "Only a random sample of {n:,} rows was used.")
        warnings.append(say(sampled, n=len(frame)))
    return frame, unlabelled


def _one_fold(frame: pd.DataFrame, schema: Schema, plan: Plan, n_train: int) -> Layout:
    """The table's rows to learn from, those of the test file to score on."""
    laid = [(np.arange(n_train), np.arange(n_train, len(frame)))]
    drawn = partial(_test_units, frame, schema, _groups(frame, plan), n_train)
    return laid, dependence_by(plan, frame, schema), drawn


def _laid_out(
    frame: pd.DataFrame, y: np.ndarray, schema: Schema, plan: Plan, task: Task, warnings: list[Message]
) -> Layout:
    """The folds of one table, what they were laid out by, and what makes the units its rows are drawn with."""
    asked, together = _groups(frame, plan), plan.validation.near_duplicates_together
    alike = _alike(frame, schema) if together else None
    laid, bound = _folds(frame, y, asked, alike, plan, task, warnings)
    drawn = partial(_units, len(frame), asked, (lambda: alike) if together else partial(_alike, frame, schema))
    _warn_of_repeating_ids(frame, schema, plan, warnings)
    return laid, bound, drawn


def _excluded(schema: Schema) -> list[Excluded]:
    """The columns that stay out, and why."""
    out = [column for column in schema.columns if column.role in {"id", "ignored"}]
    return [Excluded(column=column.name, reason=column.reason) for column in out]


def dependence_by(plan: Plan, frame: pd.DataFrame, schema: Schema) -> Dependence:
    """How rows of a table depend on each other by a plan: its group, its times and, if it says so, nearly equal texts.

    schema: with the plan's roles; frame: has the columns of these and all texts
    """
    alike = _alike(frame, schema) if plan.validation.near_duplicates_together else None
    return Dependence(_joined(_groups(frame, plan), alike), _times(frame, plan))


def _check_cells(frame: pd.DataFrame, roles: dict[str, Role], misfits: dict[str, str]) -> None:
    """Look at every number and date once, where its row is known: inside a fold rows are counted anew."""
    for name, role in roles.items():
        place = misfit(frame[name], "date" if role == "date" else "number")
        if place is not None:
            raise UnusableData(
                misfits[role],
                _("Correct the value, leave the cell empty, or give the column another role."),
                column=name,
                row=row_of(frame, place),
                value=clip(str(frame[name].iloc[place])),
            )


def _folds(
    frame: pd.DataFrame,
    y: np.ndarray,
    asked: np.ndarray | None,
    alike: np.ndarray | None,
    plan: Plan,
    task: Task,
    warnings: list[Message],
) -> tuple[list[Fold], Dependence]:
    """The folds of the plan, and what they kept on one side: nearly the same texts, too, where that can be done.

    asked, alike: numbers of the rows' groups, and of their near duplicates, shape (n,); None: none to keep together
    """
    times = _times(frame, plan)
    if alike is None:
        return folds(y, plan.validation, asked, times, plan.seed, task), Dependence(asked, times)
    n_alike, joined = len(alike) - len(np.unique(alike)), _joined(asked, alike)
    try:
        laid = folds(y, plan.validation, joined, times, plan.seed, task)
    except UnusableData:
        laid = folds(y, plan.validation, asked, times, plan.seed, task)
        text = _n(
            "{n:,} row repeats the texts of others; there are too few different ones to keep them on one side.",
            "{n:,} rows repeat the texts of others; there are too few different ones to keep them on one side.",
        )
        warnings.append(say(text, n=n_alike))
        return laid, Dependence(asked, times)
    if n_alike > MOSTLY * len(alike):
        mostly = _(
            "{n:,} of {rows:,} rows nearly repeat the texts of others and stay on the same side of every fold: the "
            "scores hold for texts never seen. If the same texts will come again, they are worth more than it seems: "
            "take the column as a category, or let near-duplicates be split (--split-near-duplicates)."
        )
        warnings.append(say(mostly, n=n_alike, rows=len(alike)))
        return laid, Dependence(joined, times)
    text = _n(
        "{n:,} row nearly repeats the text of another; both stay on the same side of every fold.",
        "{n:,} rows nearly repeat the texts of others; they stay on the same side of every fold.",
    )
    warnings.append(say(text, n=n_alike))
    return laid, Dependence(joined, times)


def _units(n: int, asked: np.ndarray | None, alike: Callable[[], np.ndarray | None]) -> np.ndarray:
    """The unit of each row: copies are drawn together even where too few are different for folds, or they may be split.

    alike: finds near duplicates. Where all rows are of one unit, each is drawn alone.
    """
    joined = _joined(asked, alike())
    return np.arange(n) if joined is None or len(np.unique(joined)) < 2 else joined


def _test_units(frame: pd.DataFrame, schema: Schema, asked: np.ndarray | None, n_train: int) -> np.ndarray:
    """The unit of each row where a test file is held out: only its rows are drawn, with their groups and copies."""
    held, units = frame.iloc[n_train:], np.arange(len(frame))
    of_held = None if asked is None else asked[n_train:]
    units[n_train:] = n_train + _units(len(held), of_held, partial(_alike, held, schema))
    return units


def with_roles(schema: Schema, plan: Plan, present: list[str]) -> Schema:
    """The schema as the plan wants it.

    Raises
    ------
    UnusableData
        The plan names a column that the table does not have.
    """
    named = [plan.target, *plan.roles, *plan.keep, *plan.drop, *plan.mask, *plan.encoders]
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
            change = {"role": column.role_if_kept}
        elif column.role == "target":
            change = {"role": "ignored", "reason": say(_("Another column is predicted."))}
        if column.name in plan.mask and column.name != plan.target:
            change["personal"] = (column.personal or Personal()).model_copy(update={"choice": "mask"})
        columns.append(masked_layout(column.model_copy(update=change)))
    same = schema.target == plan.target  # another target makes another task
    return Schema(columns=columns, task=plan.task or (schema.task if same else None))


def _target(values: pd.Series, task: Task) -> np.ndarray:
    if task == "regression":
        return values.to_numpy(dtype=np.float64)
    return np.asarray([word(value) for value in values.tolist()], dtype=object)


def _warn_of_repeating_ids(frame: pd.DataFrame, schema: Schema, plan: Plan, warnings: list[Message]) -> None:
    """Where rows of one patient, customer or device are on both sides, and nobody asked to keep them together."""
    if plan.validation.group is not None or plan.validation.time is not None:
        return
    text = _(
        "“{column}” repeats ({n:,} values, about {rows:.0f} rows each) and rows of one value are alike: the scores "
        "hold for values that are known already. For new ones, keep them on one side (--group {column})."
    )
    for one in groups.find(frame, schema):
        warnings.append(say(text, column=one.column, n=one.n_values, rows=one.rows_each))


def _warn_of_rules(plan: Plan, y: np.ndarray, task: Task, warnings: list[Message]) -> None:
    """Rules for what is no class; where a number is predicted there are no classes, and rules have no part."""
    classes = set(y) if plan.rules else set()
    for rule in plan.rules if task != "regression" else []:
        if rule.label not in classes:
            text = _("A rule is for “{label}”, which is no class of “{target}”; it was left out.")
            warnings.append(say(text, label=rule.label, target=plan.target))


def _groups(frame: pd.DataFrame, plan: Plan) -> np.ndarray | None:
    if plan.validation.group is None:
        return None
    return pd.factorize(frame[plan.validation.group], use_na_sentinel=False)[0]


def _alike(frame: pd.DataFrame, schema: Schema) -> np.ndarray | None:
    """A number per row, shared by rows with nearly the same texts; None where none are."""
    found = cleaning.groups(frame, schema.names("text"))
    return found if len(np.unique(found)) < len(found) else None


def _joined(asked: np.ndarray | None, alike: np.ndarray | None) -> np.ndarray | None:
    if asked is None or alike is None:
        return alike if asked is None else asked
    return joined_groups(asked, alike)


def _times(frame: pd.DataFrame, plan: Plan) -> np.ndarray | None:
    """Times in their order, 1 is the earliest; NaN where there is none.  →  float array, shape (n,)"""
    if plan.validation.time is None:
        return None
    return frame[plan.validation.time].rank(method="dense").to_numpy(dtype=float, na_value=np.nan)
