"""The job that looks at a join before it is made, and reading the second file as the read job needs it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from core.data import reading
from core.data.join.documents import PREVIEW, Preview
from core.data.join.likely import likely
from core.data.join.match import match
from core.data.schema import Reading, ReadOptions, Schema, read_model, write_model
from core.job_params import JoinParams, JoinPreviewParams
from core.messages import Message, UnreadableFile, UnusableData, _, _n, say
from core.workspace import Workspace, checked_id

SECOND = ".second"  # folder in an upload's, with the table that was read of it


class Work(Protocol):
    """What this job needs of its context."""

    workspace: Workspace
    owner: str

    def progress(self, stage: Message, share: float | None = None, finding: Message | None = None) -> None: ...


def preview(params: dict[str, Any], context: Work) -> None:
    """Say what a join would match: by the keys asked for, or by the likeliest. The second file is read once."""
    wanted = JoinPreviewParams.model_validate(params)
    if context.workspace.dataset(checked_id(wanted.dataset), context.owner) is None:
        raise UnusableData(_("This data set is not there any more."))
    upload = context.workspace.upload(wanted.upload, context.owner)
    context.progress(say(_("Reading the second file")), 0.0)
    file = uploaded(upload)
    second = _read_once(file, upload / SECOND, wanted.join.sheet if wanted.join else wanted.sheet)
    context.progress(say(_("Comparing keys")), 0.5, second.size())
    table = pq.read_table(context.workspace.dataset_folder(wanted.dataset) / "table.parquet")
    other = pq.read_table(upload / SECOND / "table.parquet")
    asked = wanted.join or _likely(table, other, second.sheet if len(second.sheets) > 1 else "")

    def share(done: float) -> None:
        context.progress(say(_("Comparing keys")), 0.5 + 0.5 * done)

    report = match(table, other, asked, share).report
    schema = read_model(Schema, context.workspace.dataset_folder(wanted.dataset) / "schema.json")
    key = schema.column(asked.key) if schema else None
    if key is not None and key.masked:
        report = report.without_keys()
    sheets = second.sheets if len(second.sheets) > 1 else []
    found = Preview(file=file.name, columns=other.column_names, sheets=sheets, asked=asked, report=report)
    write_model(found, upload / PREVIEW)
    text = _n("{matched:,} of {n:,} row has a match.", "{matched:,} of {n:,} rows have a match.")
    context.progress(say(_("Done")), 1.0, say(text, matched=report.n_matched, n=report.n_rows))


def uploaded(folder: Path) -> Path:
    """The one file of an upload.

    Raises
    ------
    UnreadableFile
    """
    files = sorted(path for path in folder.glob("*") if path.is_file() and not path.name.startswith("."))
    if not files:
        raise UnreadableFile(_("The upload is not there any more."), _("Upload the file again."))
    return files[0]


def _likely(table: pa.Table, other: pa.Table, sheet: str) -> JoinParams:
    key, other_key = likely(table, other)
    return JoinParams(key=key, other_key=other_key, sheet=sheet)


def _read_once(file: Path, folder: Path, sheet: str) -> Reading:
    before = read_model(Reading, folder / "reading.json")
    if before is not None and sheet in ("", before.sheet):
        return before
    shutil.rmtree(folder, ignore_errors=True)
    read = reading.read_files([file], ReadOptions(sheet=sheet or None), folder)
    write_model(read, folder / "reading.json")
    return read
