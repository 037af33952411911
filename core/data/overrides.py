"""The user's word on a data set's columns: roles changed by hand, the target chosen. Light enough for the page."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pyarrow.parquet as pq

from core.catalog import ROLES, Role, Task
from core.data import profile
from core.data.personal import scan
from core.data.roles import columns
from core.data.schema import Report, Schema, read_model, write_model
from core.data.splits import groups
from core.data.targets import findings
from core.messages import UnknownChoice, UnusableData, _
from core.plan import TargetAs


def change(folder: Path, column: str, role: Role) -> Schema:
    """Give a column another role; choosing "target" chooses the target.  →  the new schema

    Raises
    ------
    UnknownChoice
        There is no such column or role.
    """
    schema = _schema(folder)
    found = schema.column(column)
    if found is None or role not in ROLES:
        raise UnknownChoice(_("There is no column “{column}”, or no role “{role}”."), column=column, role=role)
    if role == "target":
        return set_target(folder, column)
    if found.role == "target":
        schema = set_target(folder, None)
        found = schema.column(column) or found
    found.role = role
    _write(folder, schema)
    return schema


def keep(folder: Path, column: str) -> Schema:
    """Let a column that was left out take part, as what it looks like.  →  the new schema

    Raises
    ------
    UnknownChoice
        There is no such column.
    """
    found = _schema(folder).column(column)
    return change(folder, column, found.role_if_kept if found else "category")


def set_target(folder: Path, column: str | None) -> Schema:
    """Choose the column to predict, or none; leaks are looked for again, other roles set by hand stay.

    Raises
    ------
    UnknownChoice
        There is no such column.
    """
    before = _schema(folder)
    if column is not None and before.column(column) is None:
        raise UnknownChoice(_("There is no column “{column}”."), column=column)
    schema = columns.guess(folder / "table.parquet", column, suggest=False, known=before)
    for new in schema.columns:
        old = before.column(new.name)
        by_hand = old is not None and old.role not in (old.guessed, "target")
        if old is not None and by_hand and new.role != "target":
            new.role = old.role
    _write(folder, schema)
    return schema


def decide(folder: Path, column: str, choice: Literal["", "mask", "stay"]) -> Schema:
    """Mask the personal data in a column, or say that it may stay.  →  the new schema

    Raises
    ------
    UnknownChoice
        There is no such column, or nothing personal was found in it.
    """
    schema = _schema(folder)
    found = schema.column(column)
    if found is None or found.personal is None:
        raise UnknownChoice(_("No personal data was found in a column “{column}”."), column=column)
    found.personal.choice = choice
    _write(folder, schema)
    profile.describe_again(folder, found)
    return schema


def set_task(folder: Path, task: Task) -> Schema:
    """Say what kind of task the target makes."""
    schema = _schema(folder)
    as_number = task == "regression"
    if as_number != (schema.target_as.way == "log") and schema.target_as != TargetAs():
        schema.target_as = TargetAs()  # ranges, labels and rare classes are of classes, the logarithm of a number
    schema.task = task
    _write(folder, schema)
    return schema


def set_target_as(folder: Path, how: TargetAs) -> Schema:
    """Say what is done to the target's cells before anything learns from them.  →  the new schema, the choice settled

    Raises
    ------
    UnusableData, UnknownChoice
        There is no target, or the choice does not fit its cells; nothing is changed then.
    """
    schema = _schema(folder)
    column = schema.column(schema.target or "")
    if column is None:
        raise UnusableData(_("Choose the column to predict first."))
    values = pq.read_table(folder / "table.parquet", columns=[column.name])[column.name].to_pandas()
    _write(folder, findings.with_target_as(schema, values, how))
    return _schema(folder)


def _schema(folder: Path) -> Schema:
    schema = read_model(Schema, folder / "schema.json")
    if schema is None:
        raise UnusableData(_("This data set is not there any more."))
    return columns.recalled(schema, folder / "table.parquet")


def _write(folder: Path, schema: Schema) -> None:
    """Write the schema, and what the report says of roles and target.

    This runs in the web process: columns offered as the group are looked for only where other ones may be found.
    """
    before = read_model(Schema, folder / "schema.json") or schema
    write_model(schema, folder / "schema.json")
    described = read_model(Report, folder / "report.json")
    if described is None:
        return
    file = pq.ParquetFile(folder / "table.parquet")
    sample, whole = columns.sampled(file), profile.whole_target(file, schema)
    others = [finding for finding in described.findings if finding.code not in (*profile.ABOUT_TARGET, "personal")]
    found = profile.about_target(sample, schema, described.n_rows, described.columns, whole)
    described.findings = [*found, *scan.findings(schema), *others]
    for column in described.columns:
        role = next(entry.role for entry in schema.columns if entry.name == column.name)
        plan = profile.PLANS.get(role)
        column.missing_plan = plan(column.n_missing) if plan and column.n_missing else None
    if before.names("id") != schema.names("id"):
        profile.count_duplicates(described, folder / "table.parquet", schema)
    offered = described.groupings
    if groups.found_by(before) != groups.found_by(schema):
        offered = groups.find_in_file(folder / "table.parquet", schema)
    groups.told(described, groups.with_known_scores(offered, described.groupings, before, schema))
    write_model(described, folder / "report.json")
