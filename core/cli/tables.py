"""Tables on the command line: what a training command reads, in a folder of the form the engine works on."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from core.cli.terminal import Terminal
from core.data import jobs as data_jobs
from core.data import overrides
from core.data.duplicates import cleaning
from core.data.join import making
from core.data.personal import scan
from core.data.reading import check_same_columns, read_files
from core.data.roles import columns
from core.data.schema import Reading, ReadOptions, Schema, read_model
from core.job_params import ReadParams
from core.jobs.context import Context
from core.jobs.housekeeping import delete_dataset
from core.messages import UnknownChoice, UnreadableFile, UnusableData, _, _n, say
from core.plan import Plan
from core.workspace import new_id

ALIKE = 0.9  # near duplicates, unless another number is said


@dataclass(frozen=True)
class Table:
    """A table that was read, in a folder like that of a data set."""

    folder: Path
    schema: Schema
    reading: Reading
    dataset: str = ""  # its id, if the page lists it

    def content_hash(self) -> str:
        """The fingerprint that results carry."""
        with (self.folder / "table.parquet").open("rb") as file:
            return file_digest(file, "sha256").hexdigest()


def check_files(paths: list[Path]) -> None:
    """That there are such files.

    Raises
    ------
    UnreadableFile
    """
    for path in paths:
        if not path.is_file():
            raise UnreadableFile(_("There is no file “{file}”."), _("Check its name and folder."), file=str(path))


@contextmanager
def read_beside(
    paths: list[Path],
    test: Path | None,
    target: str | None,
    terminal: Terminal,
    options: ReadOptions | None = None,
    joins: Sequence[making.Step] = (),
) -> Iterator[Table]:
    """Read a table into a folder that is gone afterwards; the source is not copied."""
    with tempfile.TemporaryDirectory(prefix="amalgam-") as place:
        folder = Path(place)
        stage = say(_("Reading the file"))
        reading = read_files(paths, options or ReadOptions(), folder, lambda share: terminal.progress(stage, 0.0, None))
        if test is not None:
            read_files([test], ReadOptions(layouts=reading.layouts, refuse=True), folder, name="test.parquet")
            check_same_columns(folder, test.name)
        reading = making.make(folder, list(joins), reading, ReadOptions())
        tell(reading, terminal)
        yield Table(folder, columns.guess(folder / "table.parquet", target), reading)


def register(
    paths: list[Path],
    test: Path | None,
    target: str,
    context: Context,
    terminal: Terminal,
    options: ReadOptions,
    joins: Sequence[making.Step] = (),
) -> Table:
    """Read a table into the workspace, where the page lists it; the sources are copied."""
    dataset, uploads = new_id(), [_uploaded(path, context) for path in paths]
    test_upload = _uploaded(test, context) if test else None
    params = ReadParams(
        dataset=dataset,
        name=paths[0].name,
        uploads=uploads,
        test_upload=test_upload,
        target=None if joins else target,  # it may come with a second file
        options=options.model_dump(mode="json", exclude_defaults=True),
    )
    try:
        data_jobs.read(params.model_dump(), context)
        for number, step in enumerate(joins, start=1):
            asked = step.asked.model_copy(update={"upload": _uploaded(step.file, context)})
            uploads.append(asked.upload)
            wanted = ReadParams(dataset=dataset, name=paths[0].name, source=dataset, join=asked)
            wanted = wanted.model_copy(update={"target": target if number == len(joins) else None})
            data_jobs.read(wanted.model_dump(), context)
    except BaseException:
        delete_dataset(context.workspace, dataset, context.owner)  # of which a part was read
        raise
    finally:
        for upload in filter(None, [*uploads, test_upload]):
            context.workspace.delete_upload(upload, context.owner)
    folder = context.workspace.dataset_folder(dataset)
    schema, reading = read_model(Schema, folder / "schema.json"), read_model(Reading, folder / "reading.json")
    if schema is None or reading is None:
        raise UnusableData(_("This data set is not there any more."))
    tell(reading, terminal)
    return Table(folder, schema, reading, dataset)


def set_aside(table: Table, plan: Plan, options: argparse.Namespace, terminal: Terminal) -> None:
    """Set duplicates aside as the Data page does, by the roles that it would show."""
    if options.set_aside is None:
        return
    columns = [
        column.model_copy(update={"role": plan.roles.get(column.name, column.role)})
        if column.role != "target"
        else column
        for column in table.schema.columns
    ]
    schema = table.schema.model_copy(update={"columns": columns})
    similarity = ALIKE if options.alike is None else options.alike
    found = cleaning.clean(table.folder, options.set_aside == "near", similarity, schema)
    text = _("Set aside: {exact} exact duplicates, {but_ids} equal but for ids, {near} near ones.")
    terminal.note(say(text, exact=found.exact, but_ids=found.but_ids, near=found.near))


def mask(table: Table, plan: Plan, terminal: Terminal) -> None:
    """Say which columns that take part hold personal data; a listed table is masked as the run is."""
    for column in table.schema.columns:
        takes_part = column.role not in {"id", "ignored", "target"} or column.name in plan.keep
        if column.personal is None or column.name in plan.drop or not takes_part:
            continue
        if column.name not in plan.mask:
            found = scan.sentence(column.name, column.personal)
            text = _("{found} It is read as it stands; --mask puts pseudonyms in its place.")
            terminal.note(say(text, found=found))
        elif table.dataset:
            overrides.decide(table.folder, column.name, "mask")


def check_set_aside(options: argparse.Namespace) -> None:
    """That what is asked of duplicates can be done.

    Raises
    ------
    UnknownChoice
    """
    if options.alike is None:
        return
    if options.set_aside != "near":
        raise UnknownChoice(_("“--alike” is for near duplicates."), _("Add --set-aside near."))
    if not 0.5 <= options.alike <= 1.0:
        raise UnknownChoice(_("“--alike” is a number from 0.5 to 1."))


def tell(reading: Reading, terminal: Terminal) -> None:
    """What was read, and what was not."""
    terminal.note(reading.size())
    if reading.n_rejected:
        terminal.note(
            say(
                _n("{n} line could not be read and was left out.", "{n} lines could not be read and were left out."),
                n=reading.n_rejected,
            )
        )


def _uploaded(path: Path, context: Context) -> str:
    upload = new_id()
    folder = context.workspace.upload_folder(upload)
    folder.mkdir(parents=True)
    context.workspace.add_upload(upload, context.owner)
    shutil.copy2(path, folder / path.name)
    return upload
