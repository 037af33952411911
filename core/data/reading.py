"""Reading files into a data set's table: finds out what each file is, and says afterwards how it was read."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.data.delimited import one_column, reader, sniff
from core.data.encodings import detect as encoding
from core.data.formats import arrow_files, database, packed, records, statistical, workbook
from core.data.formats import detect as formats
from core.data.retyped import retype
from core.data.schema import Reading, ReadOptions
from core.data.texts import plain_text, tagged_text
from core.data.values.stored import layouts_of
from core.messages import Message, UnreadableFile, _, say

Progress = Callable[[float], None]
DEEPEST_PACKED = 2  # a packed table in a packed archive, as some repositories have them
WITH_TYPES = frozenset({"parquet", "arrow", "spss", "stata", "sas"})  # files whose columns have types of their own


def read_files(
    paths: list[Path], options: ReadOptions, into: Path, progress: Progress | None = None, name: str = "table.parquet"
) -> Reading:
    """Read one table, or several plain text files of which each is a class, into ``<into>/table.parquet``.

    Parameters
    ----------
    progress : callable (share) → None
        Hears how far it is, 0 to 1.
    name : str
        The file to write, ``test.parquet`` for a separate test file.

    Raises
    ------
    UnreadableFile
        One sentence that says why, and what to do.
    """
    begun = time.perf_counter()
    if not paths:
        raise UnreadableFile(_("No file was chosen."), _("Choose a file, paste a table, or try a sample."))
    into.mkdir(parents=True, exist_ok=True)
    found = {formats.recognise(path) for path in paths}
    if len(paths) > 1:
        if found - {"text"} and not all(_is_lines(path) for path in paths):
            raise UnreadableFile(
                _("Several files at once must be plain text files, one for each class; these are tables."),
                _("Upload one table at a time; a second one can be the test file."),
            )
        reading = _texts(paths, options, into / name)
    else:
        reading = _one(paths[0], found.pop(), options, into / name, progress or (lambda share: None))
        reading = _with_types(reading, into / name, options)
    return reading.model_copy(
        update={
            "files": [path.name for path in paths],
            "bytes": sum(path.stat().st_size for path in paths),
            "seconds": time.perf_counter() - begun,
            "layouts": layouts_of(into / name),
        }
    )


def check_same_columns(folder: Path, test_name: str) -> int:
    """That the test file has the table's columns; its columns are put in the same order and types.  →  its rows

    Raises
    ------
    UnreadableFile
        It lacks some, or holds words where the table holds numbers.
    """
    schema = pq.read_schema(folder / "table.parquet")
    table = pq.read_table(folder / "test.parquet")
    missing = [name for name in schema.names if name not in table.column_names]
    if missing:
        raise UnreadableFile(
            _("The test file “{file}” lacks these columns of the table: {columns}."),
            _("It must have the same columns as the table, the target included."),
            file=test_name,
            columns=missing[:10],
        )
    columns = []
    for field in schema:
        column = table[field.name]
        try:
            columns.append(column if column.type == field.type else column.cast(field.type))
        except (ValueError, TypeError, NotImplementedError):
            if _is_number(column.type) and _is_number(field.type):  # 3.5 where the table happens to have whole numbers
                columns.append(column)
                continue
            raise UnreadableFile(
                _("Column “{column}” of the test file “{file}” has another kind of values than in the table."),
                _("Check that column in both files."),
                column=field.name,
                file=test_name,
            ) from None
    pq.write_table(table.from_arrays(columns, names=schema.names), folder / "test.parquet", compression="zstd")
    return int(table.num_rows)


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind)


def _one(
    path: Path, kind: formats.Format, options: ReadOptions, into: Path, progress: Progress, depth: int = 0
) -> Reading:
    if kind == "packed":
        return _packed(path, options, into, progress, depth)
    if kind == "text" and options.documents is None and (options.delimiter is not None or not _is_lines(path)):
        kind = "csv"
    reading = READERS[kind](path, kind, options, into, progress)
    return _with_width(reading, path) if kind in ("csv", "text") and reading.n_columns == 1 else reading


def _with_width(reading: Reading, path: Path) -> Reading:
    """A reading of one column that also says so where the lines are a table of columns of fixed width."""
    if not one_column.is_fixed_width(encoding.sample_text(path, reading.encoding, 1 << 16)[0]):
        return reading
    text = _("Its lines look like columns with blanks between them, and were read as one column.")
    todo = _("Open the file in a spreadsheet program, which can part them, and save it as CSV or .xlsx.")
    return reading.model_copy(update={"notes": [*reading.notes, say(text), say(todo)]})


def _with_types(reading: Reading, path: Path, options: ReadOptions) -> Reading:
    """Where the columns came with types of their own: those of which something else is said, read so."""
    if reading.format not in WITH_TYPES:
        return reading
    notes = retype(path, options)
    return reading.model_copy(update={"notes": reading.notes + notes, "n_columns": len(pq.read_schema(path).names)})


def _packed(path: Path, options: ReadOptions, into: Path, progress: Progress, depth: int) -> Reading:
    """The table inside a packed file; of several the one that `options.sheet` names, else the largest."""
    folder = into.with_name(f"{into.name}.unpacked{depth}")
    with packed.unpacked(path, options.sheet, folder) as inside:
        if len(inside.paths) > 1:
            return _texts(inside.paths, options, into)
        table = inside.paths[0]
        kind = formats.recognise(table)
        if kind == "packed" and depth >= DEEPEST_PACKED:
            raise UnreadableFile(
                _("“{file}” holds packed files in packed files."), _("Unpack it and upload the table inside."),
                file=path.name,
            )  # fmt: skip
        sheet = (options.sheet or "").removeprefix(inside.name).removeprefix("/") if inside.name else options.sheet
        reading = _one(table, kind, options.model_copy(update={"sheet": sheet or None}), into, progress, depth + 1)
    return _among(reading, inside) if inside.name else reading


def _among(reading: Reading, inside: packed.Unpacked) -> Reading:
    """A reading that also says which other tables the archive has; a sheet in it is called `file.xlsx/sheet`."""
    note = say(
        _("Of the tables in the archive, “{table}” was read; there are also {others}."),
        table=inside.name,
        others=[name for name in inside.names if name != inside.name][:20],
    )
    sheets = [f"{inside.name}/{sheet}" for sheet in reading.sheets] if len(reading.sheets) > 1 else [inside.name]
    sheet = f"{inside.name}/{reading.sheet}" if len(reading.sheets) > 1 else inside.name
    every = [one for name in inside.names for one in (sheets if name == inside.name else [name])]
    return reading.model_copy(update={"sheet": sheet, "sheets": every, "notes": [*reading.notes, note]})


def _excel(path: Path, kind: formats.Table, options: ReadOptions, into: Path, progress: Progress) -> Reading:
    book = workbook.read(path, options, into)
    return _reading(kind, book.n_rows, book.names, book.notes).model_copy(
        update={
            "sheet": book.sheet,
            "sheets": book.sheets,
            "header": bool(book.header_rows),
            "header_rows": book.header_rows,
            "first_row": book.first_row,
            "last_row": book.last_row,
        }
    )


def _records(path: Path, kind: formats.Table, options: ReadOptions, into: Path, progress: Progress) -> Reading:
    made = (records.read_json if kind == "json" else records.read_jsonl)(path, options, into)
    return _reading(kind, made.sink.n_rows, made.sink.names, made.notes, made.encoding).model_copy(
        update={
            "rejected": made.rejected,
            "n_rejected": made.n_rejected,
            "objects": made.objects,
            "exploded": bool(made.objects) and options.objects == "explode",
        }
    )


def _arrow(path: Path, kind: formats.Table, options: ReadOptions, into: Path, progress: Progress) -> Reading:
    copy = arrow_files.read_parquet if kind == "parquet" else arrow_files.read_arrow
    return _reading(kind, *copy(path, into, progress))


def _statistical(path: Path, kind: formats.Table, options: ReadOptions, into: Path, progress: Progress) -> Reading:
    table = statistical.read(path, kind, options, into)
    return _reading(kind, table.n_rows, table.names, table.notes)


def _sqlite(path: Path, kind: formats.Table, options: ReadOptions, into: Path, progress: Progress) -> Reading:
    base = database.read(path, options, into, progress)
    return _reading(kind, base.n_rows, base.names, base.notes).model_copy(
        update={"sheet": base.table, "sheets": base.tables}
    )


def _tagged(path: Path, kind: formats.Table, options: ReadOptions, into: Path, progress: Progress) -> Reading:
    sink, notes, letters = tagged_text.read_tagged(path, options, into)
    return _reading(kind, sink.n_rows, sink.names, notes, letters)


def _delimited(path: Path, kind: formats.Table, options: ReadOptions, into: Path, progress: Progress) -> Reading:
    table = reader.read(path, options, into, progress)
    return _reading(kind, table.n_rows, table.names, table.notes, table.encoding).model_copy(
        update={
            "delimiter": table.dialect.delimiter,
            "quote": table.dialect.quote,
            "header": table.dialect.header,
            "header_rows": table.header_rows,
            "first_row": table.first_row,
            "last_row": table.last_row,
            "rejected": table.rejected,
            "n_rejected": table.n_rejected,
        }
    )


def _texts(paths: list[Path], options: ReadOptions, into: Path) -> Reading:
    texts = plain_text.read(paths, options, into)
    return _reading("text", texts.sink.n_rows, texts.sink.names, texts.notes, texts.encoding).model_copy(
        update={"header": False, "documents": texts.documents, "document_counts": texts.counts}
    )


def _text(path: Path, kind: formats.Table, options: ReadOptions, into: Path, progress: Progress) -> Reading:
    return _texts([path], options, into)


def _reading(kind: formats.Table, n_rows: int, names: list[str], notes: list[Message], letters: str = "") -> Reading:
    return Reading(
        files=[],
        format=kind,
        encoding=letters,
        n_rows=n_rows,
        n_columns=len(names),
        notes=notes,
        bytes=0,
        seconds=0.0,
    )


def _is_lines(path: Path) -> bool:
    """Whether a text file is lines of prose rather than a table."""
    if formats.recognise(path) not in ("text", "csv"):
        return False
    letters = encoding.find(path)
    text, whole = encoding.sample_text(path, letters, 1 << 18)
    dialect = sniff.sniff(text, whole, ReadOptions(), file_name=path.name)
    rows = sniff.sample_rows(text, replace(dialect, quote=""))
    widths = [len(row) for row in rows]
    if sniff.is_table(rows, dialect.delimiter):
        return False
    return not dialect.delimiter or min(widths, default=1) < 2 or len(set(widths)) > 2


READERS: dict[formats.Table, Callable[[Path, formats.Table, ReadOptions, Path, Progress], Reading]] = {
    "csv": _delimited,
    "excel": _excel,
    "json": _records,
    "jsonl": _records,
    "parquet": _arrow,
    "arrow": _arrow,
    "spss": _statistical,
    "stata": _statistical,
    "sas": _statistical,
    "sqlite": _sqlite,
    "tagged": _tagged,
    "text": _text,
}
