"""The jobs on data sets: reading files into one, and looking for duplicates in it."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from core.access import audit
from core.catalog import Role
from core.data import profile, reading
from core.data.duplicates import cleaning
from core.data.join import making
from core.data.join.jobs import uploaded
from core.data.remote.download import download
from core.data.roles import columns
from core.data.samples import sample
from core.data.schema import Column, Reading, ReadOptions, Schema, read_model, write_model
from core.data.splits import group_scores
from core.files import made_whole, upload_bytes
from core.job_params import CleanParams, GroupParams, ReadParams
from core.messages import Message, UnusableData, _, say
from core.plan import TargetAs
from core.workspace import DatasetRow, Workspace, checked_id, now


class Work(Protocol):
    """What these jobs need of the job's context."""

    workspace: Workspace
    owner: str
    job: str

    def progress(self, stage: Message, share: float | None = None, finding: Message | None = None) -> None: ...


def read(params: dict[str, Any], context: Work) -> None:
    """Make a data set from uploads, a pasted table, an address, a sample, or the kept source of another one.

    The folder is built beside its place and moved there whole; the uploads are gone afterwards, and stay where they
    are if anything fails.
    """
    wanted = ReadParams.model_validate(params)
    place = context.workspace.dataset_folder(checked_id(wanted.dataset))
    known = context.workspace.dataset(wanted.dataset, context.owner)
    if known is None and place.exists():
        raise UnusableData(_("This data set belongs to somebody else."))
    with made_whole(place) as building:
        result = _build(wanted, context, building)
        content_hash = _hash(building / "table.parquet")
    context.workspace.add_dataset(
        DatasetRow(
            id=wanted.dataset,
            owner=context.owner,
            name=wanted.name.strip()[:120] or result.files[0],
            content_hash=content_hash,
            n_rows=result.n_rows,
            n_columns=result.n_columns,
            created=known.created if known else now(),
        )
    )
    second = wanted.join.upload if wanted.join else None
    for upload in [*wanted.uploads, *filter(None, [wanted.test_upload, second])]:
        context.workspace.delete_upload(upload, context.owner)


def clean(params: dict[str, Any], context: Work) -> None:
    """Look for duplicates in a data set and set the later ones aside."""
    wanted = CleanParams.model_validate(params)
    if context.workspace.dataset(checked_id(wanted.dataset), context.owner) is None:
        raise UnusableData(_("This data set is not there any more."))
    context.progress(say(_("Looking for rows that are the same or nearly so")), 0.1)
    found = cleaning.clean(context.workspace.dataset_folder(wanted.dataset), wanted.near, wanted.similarity)
    context.progress(
        say(_("Done")),
        1.0,
        say(
            _("Duplicates set aside: {exact} exact, {but_ids} but for ids, {near} near."),
            exact=found.exact,
            but_ids=found.but_ids,
            near=found.near,
        ),
    )


def _build(wanted: ReadParams, context: Work, building: Path) -> Reading:
    context.progress(say(_("Reading the file")), 0.0)
    files, tests = _sources(wanted, context, building / "source")
    before, joining = _before(wanted, context), wanted.source is not None and wanted.join is not None
    options = _options(wanted, before if wanted.source == wanted.dataset else None)
    earlier, known = making.kept(before) if before else [], _known(wanted, context)

    def joined(done: float) -> None:
        context.progress(say(_("Joining with the second file")), 0.5 + 0.1 * done)

    if before is not None and joining:
        result = making.as_it_stands(before, building)
    else:
        result = _read(wanted, context, building, making.for_the_table(options, earlier), files, tests)
        result = result.model_copy(update={"options": options})
    steps = _steps(wanted, context, building / "source" / making.FOLDER, earlier)
    masked = {column.name for column in known.columns if column.masked} if known else set()
    result = making.make(building, steps, result, options, joined, masked)
    found = result.size()
    context.progress(say(_("Understanding the columns")), 0.65, found)
    schema = columns.guess(building / "table.parquet", _target(wanted, context, building))
    _set_roles(schema, wanted.roles, known if joining or wanted.source == wanted.dataset else None)
    if joining and known is not None and schema.target == known.target:
        schema.task = known.task
    _keep_target_as(schema, known)
    context.progress(say(_("Describing the table")), 0.8)
    _keep_choices(schema, known)
    write_model(profile.describe(building / "table.parquet", schema), building / "report.json")
    write_model(schema, building / "schema.json")
    group_scores.measure(building)
    write_model(result, building / "reading.json")
    context.progress(say(_("Done")), 1.0, found)
    return result


def _read(
    wanted: ReadParams, context: Work, building: Path, options: ReadOptions, files: list[Path], tests: list[Path]
) -> Reading:
    """The table and its test file, read from their sources."""

    def share(done: float) -> None:
        context.progress(say(_("Reading the file")), 0.5 * done)

    result = reading.read_files(files, options.model_copy(update={"keep_strings": True}), building, share)
    if wanted.paste is not None or wanted.sample is not None:
        result = result.model_copy(update={"format": "paste" if wanted.paste is not None else "sample"})
    if tests:
        as_table = options.model_copy(update={"layouts": result.layouts, "refuse": True})
        reading.read_files(tests, as_table, building, name="test.parquet")
        n_test_rows = reading.check_same_columns(building, tests[0].name)
        result = result.model_copy(update={"n_test_rows": n_test_rows})
    return result


def _before(wanted: ReadParams, context: Work) -> Path | None:
    """The folder of the data set whose source is read again, or whose table is joined."""
    if wanted.source is None:
        return None
    if context.workspace.dataset(checked_id(wanted.source), context.owner) is None:
        raise UnusableData(_("This data set is not there any more."))
    return context.workspace.dataset_folder(wanted.source)


def _steps(wanted: ReadParams, context: Work, source: Path, earlier: list[making.Step]) -> list[making.Step]:
    """The joins to be made; their files are kept in ``source/join/``, those of earlier ones, too."""
    kept = [replace(step, file=_linked(step.file, source / str(n))) for n, step in enumerate(earlier, start=1)]
    if wanted.join is None:
        return kept
    file = _linked(_uploaded(wanted.join.upload, context), source / str(len(kept) + 1))
    new = making.Step(file, wanted.join.model_copy(update={"upload": ""}))
    return [new] if wanted.source is not None else [*kept, new]


def _known(wanted: ReadParams, context: Work) -> Schema | None:
    """What was decided of these columns before: in this data set, or in the one that gets more columns."""
    same = wanted.source if wanted.join is not None and wanted.source is not None else wanted.dataset
    return read_model(Schema, context.workspace.dataset_folder(same) / "schema.json")


def _keep_target_as(schema: Schema, before: Schema | None) -> None:
    """What was done to the target stays done where the same column, read as the same kind, is still predicted."""
    old = before.column(before.target) if before and before.target else None
    new = schema.column(schema.target) if schema.target else None
    if before is None or old is None or new is None or before.target_as == TargetAs():
        return
    if old.name == new.name and _kind(old) == _kind(new):
        schema.target_as, schema.task = before.target_as, before.task


def _keep_choices(schema: Schema, before: Schema | None) -> None:
    """Columns that were masked before a file was read again stay masked."""
    for column in schema.columns:
        old = before.column(column.name) if before else None
        if old is not None and old.personal is not None and column.personal is not None:
            column.personal.choice = old.personal.choice


def group(params: dict[str, Any], context: Work) -> None:
    """Measure what the columns offered as the group make of the scores, once the target is known."""
    wanted = GroupParams.model_validate(params)
    if context.workspace.dataset(checked_id(wanted.dataset), context.owner) is None:
        raise UnusableData(_("This data set is not there any more."))
    context.progress(say(_("Comparing scores for known and for new values")), 0.1)
    group_scores.measure(context.workspace.dataset_folder(wanted.dataset))
    context.progress(say(_("Done")), 1.0)


def _options(wanted: ReadParams, before: Path | None) -> ReadOptions:
    """What was said of the file; reading it again does not forget what was said of single columns."""
    options = ReadOptions.model_validate(wanted.options)
    last = read_model(Reading, before / "reading.json") if before else None
    if last is None or last.options is None or options.model_fields_set & {"kinds", "layouts"}:
        return options
    return options.model_copy(update={"kinds": last.options.kinds, "layouts": last.options.layouts})


def _set_roles(schema: Schema, roles: dict[str, Role], before: Schema | None) -> None:
    """Roles that are asked for, and those set by hand before, where the column is still read as the same kind."""
    for column in schema.columns:
        old = before.column(column.name) if before else None
        by_hand = old is not None and old.role not in {old.guessed, "target"} and old.guessed != "target"
        same = old is not None and _kind(old) == _kind(column)
        if column.role == "target":
            continue
        if column.name in roles:
            column.role = roles[column.name]
        elif old is not None and by_hand and same:
            column.role = old.role


def _kind(column: Column) -> str:
    return column.layout.kind if column.layout else ""


def _target(wanted: ReadParams, context: Work, building: Path) -> str | None:
    """The target asked for, the sample's, or the one this data set had before, if the column is there."""
    names = columns.names(building / "table.parquet")
    if wanted.target is not None and wanted.target not in names:
        raise UnusableData(
            _("There is no column “{column}” to predict."), _("The columns are: {names}."),
            column=wanted.target, names=names[:30],
        )  # fmt: skip
    before = _known(wanted, context)
    choices = [
        wanted.target,
        sample(wanted.sample).target if wanted.sample else None,
        before.target if before else None,
    ]
    return next((name for name in choices if name in names), None)


def _sources(wanted: ReadParams, context: Work, source: Path) -> tuple[list[Path], list[Path]]:
    """The files to read, kept in ``source/`` (the test file in ``source/test/``).  →  files, test files"""
    source.mkdir()
    if wanted.source is not None:
        return _kept(wanted.source, context, source)
    files: list[Path] = []
    if wanted.paste is not None:
        files.append(source / "pasted.csv")
        files[0].write_text(wanted.paste, encoding="utf-8", newline="")
    elif wanted.address is not None:
        files.append(_fetched(wanted.address, context, source))
    elif wanted.sample is not None:
        files.append(Path(shutil.copy2(sample(wanted.sample).path, source)))
    for upload in wanted.uploads:
        files.append(_linked(_uploaded(upload, context), source))
    tests = [_linked(_uploaded(wanted.test_upload, context), source / "test")] if wanted.test_upload else []
    return files, tests


def _fetched(address: str, context: Work, source: Path) -> Path:
    """The file at an address of the web."""

    def share(done: float | None) -> None:
        context.progress(say(_("Fetching the file")), None if done is None else 0.2 * done)

    host = urlsplit(address).hostname or ""  # the rest of the address may hold a key
    audit.record(context.workspace.home, "sent-out", context.owner, host, job=context.job)
    return download(address, source, upload_bytes(), share)


def _kept(dataset: str, context: Work, source: Path) -> tuple[list[Path], list[Path]]:
    """The source of a data set that is there already."""
    if context.workspace.dataset(checked_id(dataset), context.owner) is None:
        raise UnusableData(_("This data set is not there any more."))
    folder = context.workspace.dataset_folder(dataset)
    before = read_model(Reading, folder / "reading.json")
    names = before.files if before else []
    files = [_linked(folder / "source" / name, source) for name in names]
    kept_tests = sorted(path for path in (folder / "source" / "test").glob("*") if path.is_file())
    return files, [_linked(path, source / "test") for path in kept_tests]


def _uploaded(upload: str, context: Work) -> Path:
    """The one file of an upload."""
    return uploaded(context.workspace.upload(upload, context.owner))


def _linked(path: Path, folder: Path) -> Path:
    """The same bytes under a second name in `folder`, without copying them where the disk allows it."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / path.name
    number = 2
    while kept.exists():
        kept = folder / (path.stem + "_" + str(number) + path.suffix)
        number += 1
    try:
        os.link(path, kept)
    except OSError:  # another disk, or one that knows no links
        shutil.copy2(path, kept)
    return kept


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
