"""``inspect``: what is read of a file before anything is trained, and what each column is taken for."""

from __future__ import annotations

import argparse
from typing import Any

from core.cli import joining, tables, target
from core.cli.printed.leaderboard import padded
from core.cli.reading import read_options, roles
from core.cli.terminal import Terminal
from core.data import profile
from core.data import table as data_table
from core.data.personal.masked_reading import masked_layout, masked_reading
from core.data.schema import Column, ColumnReport, Finding, Personal, Reading, Report, Schema
from core.data.targets.findings import CODES, with_target_as
from core.data.targets.notes import notes_of
from core.data.values.shown.words_for import layout_in_words
from core.messages import UnknownChoice, UnusableData, _, clip, say
from core.plan import TargetAs

SCHEMA_VERSION = 1
EXAMPLES = 3


def inspect(options: argparse.Namespace, terminal: Terminal) -> int:
    """Read a table as every command does, and say what came of it."""
    tables.check_files(options.files)
    reading, steps = read_options(options), joining.steps(options)
    with tables.read_beside(options.files, None, options.target, terminal, reading, steps) as table:
        schema = _with_target_as(_with_roles(table.schema, options), table, options)
        schema = _with_masks(schema, options.mask)
        reading_shown = masked_reading(table.reading, schema)
        described = profile.describe(table.folder / "table.parquet", schema)
        if options.json:
            joins = [join.model_dump(mode="json") for join in joining.made(table.folder)]
            terminal.document(_document(reading_shown, schema, described) | {"joins": joins})
        else:
            _show(reading_shown, schema, described, terminal)
            for line in [line for join in joining.made(table.folder) for line in joining.judged_by_eye(join)]:
                terminal.show(terminal.t(line))
    return 0


def _with_roles(schema: Schema, options: argparse.Namespace) -> Schema:
    asked = roles(options)
    known = [column.name for column in schema.columns]
    for name in [*asked, *([options.target] if options.target else [])]:
        if name not in known:
            raise UnknownChoice(
                _("There is no column “{column}”."), _("The table has: {known}."), column=name, known=known[:30]
            )
    changed = [
        column.model_copy(update={"role": asked[column.name], "reason": say(_("Set by choice."))})
        if column.name in asked and column.role != "target"
        else column
        for column in schema.columns
    ]
    return schema.model_copy(update={"columns": changed})


def _with_target_as(schema: Schema, table: tables.Table, options: argparse.Namespace) -> Schema:
    """The schema with what the flags say of the target, settled by its cells."""
    how = TargetAs.model_validate(target.target_as({}, options))
    if how == TargetAs():
        return schema
    if schema.target is None:
        raise UnusableData(_("Say which column to predict."), _("Add --target COLUMN."))
    values = data_table.load(table.folder, columns=[schema.target])[schema.target]
    return with_target_as(schema, values, how)


def _with_masks(schema: Schema, names: list[str]) -> Schema:
    """The schema with these columns masked; what was read of them is shown as pseudonyms."""
    known = [column.name for column in schema.columns]
    for name in names:
        if name not in known:
            raise UnknownChoice(
                _("There is no column “{column}”."), _("The table has: {known}."), column=name, known=known[:30]
            )
    return schema.model_copy(update={"columns": [_masked(one) if one.name in names else one for one in schema.columns]})


def _masked(column: Column) -> Column:
    personal = (column.personal or Personal()).model_copy(update={"choice": "mask"})
    return masked_layout(column.model_copy(update={"personal": personal}))


def _document(reading: Reading, schema: Schema, described: Report) -> dict[str, Any]:
    reports = {one.name: one for one in described.columns}
    return {
        "schema_version": SCHEMA_VERSION,
        "files": reading.files,
        "format": reading.format,
        "n_rows": reading.n_rows,
        "n_rejected": reading.n_rejected,
        "header_rows": reading.header_rows,
        "first_row": reading.first_row,
        "last_row": reading.last_row,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "sheet": reading.sheet,
        "columns": [_column(column, reports.get(column.name), described.findings) for column in schema.columns],
        "target": schema.target,
        "task": schema.task,
        "target_as": schema.target_as.model_dump(mode="json", exclude_defaults=True),
        "group_suggested": next((one.column for one in described.groupings), None),
        "notes": [note.model_dump() for note in reading.notes],
        "findings": [_finding(one) for one in described.findings if not one.column],
    }


def _column(column: Column, described: ColumnReport | None, findings: list[Finding]) -> dict[str, Any]:
    layout = column.layout
    return {
        "name": column.name,
        "source": column.source,
        "role": column.role,
        "kind": layout.kind if layout else None,
        "layout": layout.model_dump(mode="json", exclude_defaults=True) if layout else None,
        "unit": layout.unit if layout else "",
        "language": column.language,
        "missing": described.n_missing if described else None,
        "converted": {"unread": layout.n_unread, "examples": layout.unread} if layout else None,
        "examples": described.examples[:EXAMPLES] if described else [],
        "reason": column.reason.model_dump(),
        "code": column.code,
        "findings": [_finding(one) for one in findings if one.column == column.name],
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {"code": one.code, "column": one.column, "severity": one.severity, "message": one.message.model_dump()}


def _show(reading: Reading, schema: Schema, described: Report, terminal: Terminal) -> None:
    reports, t = {one.name: one for one in described.columns}, terminal.t
    terminal.show(t(reading.size()))
    for note in reading.notes:
        terminal.show(t(note))
    width = min(max(len(column.name) for column in schema.columns), 32)
    for column in schema.columns:
        words = t(layout_in_words(column.layout)) if column.layout else ""
        examples = " · ".join(clip(one, 24) for one in reports[column.name].examples[:EXAMPLES])
        terminal.show(
            f"  {padded(clip(column.name, 32), width)}  {padded(column.role, 9)} {padded(words, 28)} {examples}"
        )
        terminal.show(f"  {' ' * width}  {t(column.reason)}")
    for note in notes_of(schema.target_as, str(schema.target), described.most_frequent(str(schema.target))):
        terminal.show(t(note))
    for finding in described.findings:
        action = t(finding.action) if finding.action and finding.code in CODES else ""
        flags = f"({', '.join(finding.flags)})" if finding.flags else ""
        terminal.show(" ".join(part for part in (t(finding.message), action, flags) if part))
