"""The jobs on text tasks: doing one, and making a data set with its answers as a new column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from core.catalog.text_tasks.every import text_task
from core.data import jobs as data_jobs
from core.data import overrides
from core.data.schema import Cleaning, Schema, read_model, write_model
from core.job_params import ReadParams
from core.jobs import client
from core.jobs.context import Context
from core.messages import UnusableData, _, say
from core.results.text_tasks.options import AddColumnParams, TaskParams
from core.results.text_tasks.task import TaskResult
from core.text_tasks.inputs import from_params
from core.text_tasks.running import options_of, run
from core.workspace import checked_id, new_id


def task(params: dict[str, Any], context: Context) -> None:
    """Do a text task (job kind ``task``): ``task.json`` and a table of answers for each way."""
    wanted = TaskParams.model_validate(params)
    entry = text_task(wanted.task)
    chosen = {**(dict(entry.sample.options) if wanted.sample else {}), **wanted.options}
    context.progress(say(_("Reading the texts")), 0.0)
    run(entry, from_params(entry, wanted, context), wanted.ways, options_of(entry, chosen), context, wanted.seed)
    context.progress(say(_("Done")), 1.0)


def add_column(params: dict[str, Any], context: Context) -> None:
    """Make a data set with the answers as a new column (job kind ``task-column``).

    A data set never changes under the runs made from it, so this makes another one; deleting that one undoes it. Rows
    that were not answered have no value there. Roles set by hand and rows set aside stay as they were.
    """
    wanted = AddColumnParams.model_validate(params)
    if client.get(context.workspace, checked_id(wanted.run), context.owner) is None:
        _gone()
    folder = client.folder(context.workspace, wanted.run)
    result = read_model(TaskResult, folder / "task.json")
    answers = folder / f"answers-{wanted.way}.parquet"
    if result is None or result.way(wanted.way) is None or not answers.exists():
        _gone()
    assert result is not None
    before = context.workspace.dataset(checked_id(result.dataset), context.owner) if result.dataset else None
    if before is None:
        raise UnusableData(
            _("These answers were not made from a data set, so there is no table to add them to."),
            _("Download them instead."),
        )
    old = context.workspace.dataset_folder(before.id)
    column = text_task(result.task).new_column
    upload = _widened(old, answers, column, before.name, context)
    schema = read_model(Schema, old / "schema.json")
    name = wanted.name.strip() or f"{before.name} + {column}"
    read = ReadParams(
        dataset=wanted.dataset, name=name, uploads=[upload], target=schema.target if schema is not None else None
    )
    try:
        data_jobs.read(read.model_dump(), context)
    finally:
        context.workspace.delete_upload(upload, context.owner)
    _as_before(old, context.workspace.dataset_folder(wanted.dataset))


def free_name(column: str, taken: list[str]) -> str:
    """The column's name, numbered where the table has it already."""
    name, number = column, 2
    while name in taken:
        name, number = f"{column} {number}", number + 1
    return name


def _widened(old: Path, answers: Path, column: str, name: str, context: Context) -> str:
    """The old table with the answers beside it, as an upload to be read.  →  the upload's id"""
    table = pq.read_table(old / "table.parquet")
    given = pd.read_parquet(answers, columns=["row", "answer"])
    values: list[str | None] = [None] * table.num_rows
    for row, answer in zip(given["row"], given["answer"], strict=True):
        values[int(row)] = answer or None
    upload = new_id()
    folder = context.workspace.upload_folder(upload)
    folder.mkdir(parents=True)
    context.workspace.add_upload(upload, context.owner)
    stem = "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in Path(name).stem).strip()
    widened = table.append_column(free_name(column, table.column_names), [values])
    pq.write_table(widened, folder / f"{stem[:80] or 'table'}.parquet", compression="zstd")
    return upload


def _as_before(old: Path, new: Path) -> None:
    """Roles the user had set, and rows that were set aside, in the new data set, too."""
    schema = read_model(Schema, old / "schema.json")
    for column in schema.columns if schema is not None else []:
        if column.role not in (column.guessed, "target"):
            overrides.change(new, column.name, column.role)
        if column.personal is not None and column.personal.choice:
            overrides.decide(new, column.name, column.personal.choice)
    if (cleaning := read_model(Cleaning, old / "cleaning.json")) is not None:
        write_model(cleaning, new / "cleaning.json")


def _gone() -> None:
    raise UnusableData(_("These answers are not there any more."), _("Run the task again."))
