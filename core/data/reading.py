"""Reading files into a data set's table: finds out what each file is, and says afterwards how it was read."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.data import delimited, encoding, formats, plain, records, sniff, tagged, workbook
from core.data.schema import Reading, ReadOptions
from core.data.values.stored import layouts_of
from core.messages import Message, UnreadableFile, _

Progress = Callable[[float], None]


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


def _one(path: Path, kind: formats.Format, options: ReadOptions, into: Path, progress: Progress) -> Reading:
    if kind == "text" and options.delimiter is None and _is_lines(path):
        return _texts([path], options, into)
    if kind == "excel":
        book = workbook.read(path, options, into)
        return _reading("excel", book.n_rows, book.names, book.notes).model_copy(
            update={
                "sheet": book.sheet,
                "sheets": book.sheets,
                "header": bool(book.header_rows),
                "header_rows": book.header_rows,
                "first_row": book.first_row,
                "last_row": book.last_row,
            }
        )
    if kind == "json":
        sink, notes, letters = records.read_json(path, options, into)
        return _reading("json", sink.n_rows, sink.names, notes, letters)
    if kind == "jsonl":
        sink, notes, letters, rejected, n_rejected = records.read_jsonl(path, options, into)
        return _reading("jsonl", sink.n_rows, sink.names, notes, letters).model_copy(
            update={"rejected": rejected, "n_rejected": n_rejected}
        )
    if kind == "parquet":
        n_rows, names, notes = records.read_parquet(path, into, progress)
        return _reading("parquet", n_rows, names, notes)
    return _tagged(path, options, into) if kind == "tagged" else _delimited(path, options, into, progress)


def _tagged(path: Path, options: ReadOptions, into: Path) -> Reading:
    sink, notes, letters = tagged.read_tagged(path, options, into)
    return _reading("tagged", sink.n_rows, sink.names, notes, letters)


def _delimited(path: Path, options: ReadOptions, into: Path, progress: Progress) -> Reading:
    table = delimited.read(path, options, into, progress)
    return _reading("csv", table.n_rows, table.names, table.notes, table.encoding).model_copy(
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
    sink, notes, letters = plain.read(paths, options, into)
    return _reading("text", sink.n_rows, sink.names, notes, letters).model_copy(update={"header": False})


def _reading(kind: formats.Format, n_rows: int, names: list[str], notes: list[Message], letters: str = "") -> Reading:
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
