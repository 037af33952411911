"""Delimited text: rows stream from the file to a `Sink`; lines of the wrong width are set aside with their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc_csv

from core.data import encoding as encodings
from core.data import sniff
from core.data.schema import ReadOptions, RejectedLine
from core.data.sink import Sink
from core.messages import Message, UnreadableFile, _, clip, say

KEPT_LINES = 100
_BLOCK = 4 << 20
_LARGE_BLOCK = 128 << 20


@dataclass(frozen=True)
class Delimited:
    """What came of reading a delimited file."""

    encoding: str
    dialect: sniff.Dialect
    n_rows: int
    names: list[str]
    rejected: list[RejectedLine]
    n_rejected: int
    notes: list[Message]


def read(
    path: Path, options: ReadOptions, into: Path, progress: Callable[[float], None] = lambda share: None
) -> Delimited:
    """Read a delimited file into a typed Parquet file.

    Raises
    ------
    UnreadableFile
        It is not a table.
    """
    encoding = encodings.checked(path, options.encoding) if options.encoding else encodings.find(path)
    text, whole = encodings.sample_text(path, encoding)
    if not text.strip():
        raise UnreadableFile(
            _("“{file}” is empty."), _("Choose a file with a header and at least one row."), file=path.name
        )
    _check_options(options)
    dialect = sniff.sniff(text, whole, options, file_name=path.name)
    if dialect.quote and options.quote is None:
        return _read_or_without_quotes(path, encoding, dialect, text, options, into, progress)
    return _read(path, encoding, dialect, text, options, into, progress)


def _read_or_without_quotes(
    path: Path,
    encoding: str,
    dialect: sniff.Dialect,
    text: str,
    options: ReadOptions,
    into: Path,
    progress: Callable[[float], None],
) -> Delimited:
    """Where a quote is never closed, the quotes are ordinary characters if that makes every line fit."""
    try:
        return _read(path, encoding, dialect, text, options, into, progress)
    except UnreadableFile as error:
        if error.message.id != _UNCLOSED:
            raise
        try:
            found = _read(path, encoding, replace(dialect, quote="", escape=""), text, options, into, progress)
        except UnreadableFile:
            raise error from None
        if found.n_rejected:
            raise
        return found


def _read(
    path: Path,
    encoding: str,
    dialect: sniff.Dialect,
    text: str,
    options: ReadOptions,
    into: Path,
    progress: Callable[[float], None],
) -> Delimited:
    first = next(iter(sniff.sample_rows(text, dialect, 1)), [])
    names = first if dialect.header else ["" for _cell in first]
    with Sink(names, into) as sink:
        n_skipped, lasts = _stream(path, encoding, dialect, sink, progress)
        for last in lasts if dialect.quote else ():
            _check_last_quote(path, encoding, dialect, last)
        rejected, n_rejected = _rejected_lines(path, encoding, dialect, len(names)) if n_skipped else ([], 0)
        _check_outcome(path, sink.n_rows, n_rejected, rejected, options, len(names))
        notes = sink.finish(lambda share: progress(0.7 + 0.3 * share))
    if not dialect.header:
        notes.insert(0, say(_("The first line is taken as a row, not as a header; columns are numbered.")))
    return Delimited(encoding, dialect, sink.n_rows, sink.names, rejected, n_rejected, notes)


def _stream(
    path: Path, encoding: str, dialect: sniff.Dialect, sink: Sink, progress: Callable[[float], None]
) -> tuple[int, list[str]]:
    """Send the rows that fit to the sink.  →  number of those that don't, and the last pieces of text met"""
    skipped, last_skipped, last_taken = 0, "", ""

    def skip(row: pc_csv.InvalidRow) -> str:
        nonlocal skipped, last_skipped
        skipped += 1
        last_skipped = row.text
        return "skip"

    total, n_columns = path.stat().st_size, len(sink.names)
    for block_bytes in (_BLOCK, _LARGE_BLOCK):
        begun = sink.n_rows
        try:
            for batch in _batches(path, encoding, dialect, sink.names, block_bytes, skip):
                sink.add(batch.columns)
                last_taken = batch.columns[-1][-1].as_py() if batch.num_rows else last_taken
                progress(min(0.7, 0.7 * sink.n_rows * max(batch.nbytes, 1) / max(batch.num_rows, 1) / total))
            return skipped, [last_skipped, last_taken]
        except pa.ArrowInvalid as error:
            if "straddling" in str(error) and sink.n_rows == begun == 0 and block_bytes < min(_LARGE_BLOCK, total):
                skipped = 0
                continue
            raise _explained(error, path, dialect, n_columns) from None
    return skipped, [last_skipped, last_taken]


def _batches(
    path: Path,
    encoding: str,
    dialect: sniff.Dialect,
    names: list[str],
    block_bytes: int,
    skip: Callable[[pc_csv.InvalidRow], str],
) -> Iterator[pa.RecordBatch]:
    reader = pc_csv.open_csv(
        str(path),
        read_options=pc_csv.ReadOptions(
            column_names=names,
            skip_rows_after_names=int(dialect.header),
            block_size=block_bytes,
            encoding="utf8" if encoding in ("utf-8", "utf-8-sig", "ascii") else encoding,
        ),
        parse_options=pc_csv.ParseOptions(
            delimiter=dialect.delimiter or "\x1f",
            quote_char=dialect.quote or False,
            double_quote=bool(dialect.quote),
            escape_char=dialect.escape or False,
            newlines_in_values=bool(dialect.quote),
            ignore_empty_lines=True,
            invalid_row_handler=skip,
        ),
        convert_options=pc_csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, strings_can_be_null=False, check_utf8=True
        ),
    )
    with reader:
        yield from reader


_UNCLOSED = _("In “{file}” a quote is opened and never closed.")


def _unclosed(path: Path) -> UnreadableFile:
    return UnreadableFile(
        _UNCLOSED, _("Close the quote in the file, or choose “no quotes” in the reading options."), file=path.name
    )


def _explained(error: pa.ArrowInvalid, path: Path, dialect: sniff.Dialect, n_columns: int) -> UnreadableFile:
    """A parser's complaint in words for people."""
    said = str(error)
    if dialect.quote and ("straddling" in said or "out of sync" in said or "truncated" in said.lower()):
        return _unclosed(path)
    if "straddling" in said:
        return UnreadableFile(
            _("“{file}” has a line that is far too long to be a row of a table."),
            _("Check that lines end with line breaks, and choose the delimiter yourself."),
            file=path.name,
        )
    return UnreadableFile(
        _("“{file}” could not be read as a table of {n} columns: {said}"),
        _("Choose the encoding, the delimiter and the quotes in the reading options."),
        file=path.name,
        n=n_columns,
        said=clip(said, 120),
    )


def _check_last_quote(path: Path, encoding: str, dialect: sniff.Dialect, last: str) -> None:
    """An unclosed quote swallows the rest of the file into the last value without a complaint from the parser."""
    if "\n" not in last.rstrip():
        return
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 512), 2)
        tail = file.read().decode(_without_mark(encoding), errors="ignore").rstrip()
    if not tail.endswith(dialect.quote) and tail.endswith(last.rstrip()[-20:]):
        raise _unclosed(path)


def _without_mark(encoding: str) -> str:
    return {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(encoding, encoding)


def _rejected_lines(
    path: Path, encoding: str, dialect: sniff.Dialect, n_columns: int
) -> tuple[list[RejectedLine], int]:
    """Go through the file once more, slowly, to say on which lines the rejected rows begin."""
    rejected: list[RejectedLine] = []
    count = 0
    with path.open(encoding=encoding, newline="") as file:
        reader = dialect.rows(file)
        line = 1
        for row in reader:
            if row and len(row) != n_columns:
                count += 1
                if len(rejected) < KEPT_LINES:
                    rejected.append(_rejected(line, row, n_columns, dialect))
            line = reader.line_num + 1
    return rejected, count


def _rejected(line: int, row: list[str], n_columns: int, dialect: sniff.Dialect) -> RejectedLine:
    reason = say(_("It has {found} values where {expected} are expected."), found=len(row), expected=n_columns)
    return RejectedLine(line=line, reason=reason, start=clip((dialect.delimiter or " ").join(row), 60))


def _check_options(options: ReadOptions) -> None:
    for name, value in ((say(_("The delimiter")), options.delimiter), (say(_("The quote")), options.quote)):
        if value and (len(value) != 1 or not value.isascii() or value in "\r\n"):
            raise UnreadableFile(_("{name} must be a single character."), name=name)
    if options.delimiter and options.delimiter == options.quote:
        raise UnreadableFile(_("The delimiter and the quote must be different characters."))


def _check_outcome(
    path: Path, n_rows: int, n_rejected: int, rejected: list[RejectedLine], options: ReadOptions, n_columns: int
) -> None:
    if n_rejected and (not options.skip_bad_lines or n_rejected > n_rows):
        worst = rejected[0]
        raise UnreadableFile(
            _("{n} lines of “{file}” do not have {expected} values. The first is line {line}: “{start}”."),
            _(
                "If a text contains the delimiter, it must be quoted. Check the delimiter, or remove lines above the header."
            ),
            n=n_rejected,
            file=path.name,
            expected=n_columns,
            line=worst.line,
            start=worst.start,
        )
    if n_rows == 0:
        raise UnreadableFile(
            _("“{file}” has a header but no rows."), _("Add at least one row below the header."), file=path.name
        )
