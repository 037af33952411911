"""Delimited text: rows stream from the file to a `Sink`; lines of the wrong width are set aside with their numbers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pyarrow as pa

from core.data.delimited import direct_types, mend, one_pass, sniff, span, wrapped
from core.data.delimited.one_pass import Taken
from core.data.delimited.parser import EdgeFilled, Parser, Skipped
from core.data.delimited.source import Source, locate, no_rows
from core.data.delimited.typed_writer import Sink
from core.data.encodings import detect as encodings
from core.data.schema import ReadOptions, RejectedLine
from core.data.table_area.rows import Row
from core.messages import Message, UnreadableFile, _, _n, clip, say

KEPT_LINES = 100
Progress = Callable[[float], None]
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
    header_rows: list[int]
    first_row: int
    last_row: int


def read(path: Path, options: ReadOptions, into: Path, progress: Progress = lambda share: None) -> Delimited:
    """Read a delimited file into a typed Parquet file.

    Raises
    ------
    UnreadableFile
        It is not a table.
    """
    if options.encoding:
        return _read_as(path, encodings.checked(path, options.encoding), options, into, progress)
    if path.stat().st_size >= direct_types.MIN_BYTES and (likely := encodings.likely(path)):
        try:
            return _read_as(path, likely, options, into, progress, checked=False)
        except _OtherLetters:
            pass
    return _read_as(path, encodings.find(path), options, into, progress)


class _OtherLetters(Exception):
    """Further down, the file is not in the encoding that its beginning is in."""


def _read_as(
    path: Path, encoding: str, options: ReadOptions, into: Path, progress: Progress, checked: bool = True
) -> Delimited:
    text, whole = encodings.sample_text(path, encoding)
    if not text.strip():
        raise UnreadableFile(
            _("“{file}” is empty."), _("Choose a file with a header and at least one row."), file=path.name
        )
    _check_options(options)
    if options.quote is None and wrapped.is_wrapped(text, whole):
        with tempfile.TemporaryDirectory(dir=into.parent) as folder:
            plain = wrapped.unwrapped(path, encoding, Path(folder))
            found = _read_as(plain, "utf-8", options.model_copy(update={"encoding": "utf-8"}), into, progress)
        return replace(found, encoding=encoding, notes=[wrapped.note(), *found.notes])
    dialect = sniff.sniff(text, whole, options, file_name=path.name)
    source = locate(path, encoding, dialect, (text, whole), options, checked)
    if dialect.quote and options.quote is None:
        return _read_or_without_quotes(source, (text, whole), options, into, progress)
    return _read(source, options, into, progress)


def _read_or_without_quotes(
    source: Source, sample: tuple[str, bool], options: ReadOptions, into: Path, progress: Progress
) -> Delimited:
    """Where a quote is never closed, the quotes are ordinary characters if that makes every line fit."""
    try:
        return _read(source, options, into, progress)
    except UnreadableFile as error:
        if error.message.id != _UNCLOSED:
            raise
        dialect = replace(source.dialect, quote="", escape="")
        try:
            plain = locate(source.path, source.encoding, dialect, sample, options, source.checked)
            found = _read(plain, options, into, progress)
        except UnreadableFile:
            raise error from None
        if found.n_rejected:
            raise
        return found


def _read(source: Source, options: ReadOptions, into: Path, progress: Progress) -> Delimited:
    try:
        taken = _taken(source, options, into, progress)
    except EdgeFilled:  # further down, a column at the edge holds something, so it belongs to the table
        source = replace(source, area=replace(source.area, columns=list(range(source.area.width))))
        taken = _taken(source, options, into, progress)
    rejected = taken.rejected
    if taken.n_skipped and not rejected:
        rejected = _rejected_lines(source)
    _check_outcome(source, taken, rejected, options)
    notes = [*source.area.notes, *taken.notes]
    if not source.dialect.header:
        notes.insert(0, say(_("The first line is taken as a row, not as a header; columns are numbered.")))
    return Delimited(
        source.encoding, source.dialect, taken.n_rows, taken.names, rejected, taken.n_skipped, notes,
        source.area.header_rows, source.area.first.line, source.last_row,
    )  # fmt: skip


def _taken(source: Source, options: ReadOptions, into: Path, progress: Progress) -> Taken:
    """The rows in a table, by the fastest way that reads them all."""
    taken = None
    if source.path.stat().st_size >= direct_types.MIN_BYTES and not (
        source.short_too or options.kinds or options.layouts
    ):
        taken = one_pass.read(source, into, progress)
        if not source.checked and (not taken or taken.n_skipped) and encodings.find(source.path) != source.encoding:
            raise _OtherLetters
        if taken:
            _check_last_quote(source, taken.last_skipped)
            _check_last_quote(source, taken.last)
    if not taken and not source.short_too:
        taken = _slow(source, options, into, progress)
    if not taken or taken.n_long:
        taken = _mended(source, options, into, progress)
    return taken


def _slow(source: Source, options: ReadOptions, into: Path, progress: Progress) -> Taken:
    """All as strings first; what they are is decided over whole columns."""
    with Sink(source.names, into, options, delimiter=source.dialect.delimiter) as sink:
        skipped, lasts = _stream(source, sink, progress)
        for last in lasts:
            _check_last_quote(source, last)
        notes = sink.finish(lambda share: progress(0.7 + 0.3 * share)) if sink.n_rows else []
    return Taken(sink.n_rows, skipped.n, sink.names, notes, n_long=skipped.n_long)


def _mended(source: Source, options: ReadOptions, into: Path, progress: Progress) -> Taken:
    """Row by row, where some are long or short by nothing but blank cells."""
    mender = mend.Mender(source.area.width, source.short_too, KEPT_LINES)
    with Sink(source.names, into, options, delimiter=source.dialect.delimiter) as sink:
        columns = source.area.columns
        kept = len(columns) < source.area.width
        rows = mender.rows(source.rows())
        sink.add_rows(_at(row, columns) if kept else row for row in rows)
        notes = sink.finish(lambda share: progress(0.7 + 0.3 * share)) if sink.n_rows else []
    if mender.n_mended:
        text = _n(
            "{n} row was long only by delimiters at its end, or short only by blank cells there, and was read.",
            "{n} rows were long only by delimiters at their end, or short only by blank cells there, and were read.",
        )
        notes.insert(0, say(text, n=mender.n_mended))
    rejected = [_rejected(row, source) for row in mender.rejected]
    return Taken(sink.n_rows, mender.n_rejected, sink.names, notes, rejected=rejected)


def _at(row: list[str], columns: list[int]) -> list[str]:
    """The cells of the columns that belong to the table.

    Raises
    ------
    EdgeFilled
    """
    if any(cell.strip() for column, cell in enumerate(row) if not columns[0] <= column <= columns[-1]):
        raise EdgeFilled
    return [row[column] for column in columns]


def _stream(source: Source, sink: Sink, progress: Progress) -> tuple[Skipped, list[str]]:
    """Send the rows that fit to the sink.  →  those that don't, and the last pieces of text met"""
    skipped, last_taken = Skipped(source.dialect.delimiter), ""
    total = source.path.stat().st_size
    for block_bytes in (_BLOCK, _LARGE_BLOCK):
        begun = sink.n_rows
        try:
            for batch in Parser(source, sink.names).stream(block_bytes, skipped):
                sink.add(batch.columns)
                last_taken = batch.columns[-1][-1].as_py() if batch.num_rows else last_taken
                progress(min(0.7, 0.7 * sink.n_rows * max(batch.nbytes, 1) / max(batch.num_rows, 1) / total))
            return skipped, [skipped.last, last_taken]
        except pa.ArrowInvalid as error:
            if "straddling" in str(error) and sink.n_rows == begun == 0 and block_bytes < min(_LARGE_BLOCK, total):
                skipped = Skipped(source.dialect.delimiter)
                continue
            raise _explained(error, source) from None
    return skipped, [skipped.last, last_taken]


_UNCLOSED = _("In “{file}” a quote is opened and never closed.")


def _unclosed(path: Path) -> UnreadableFile:
    return UnreadableFile(
        _UNCLOSED, _("Close the quote in the file, or choose “no quotes” in the reading options."), file=path.name
    )


def _explained(error: pa.ArrowInvalid, source: Source) -> UnreadableFile:
    """A parser's complaint in words for people."""
    said, path, dialect = str(error), source.path, source.dialect
    if dialect.quote and ("straddling" in said or "out of sync" in said or "truncated" in said.lower()):
        return _unclosed(path)
    if "straddling" in said:
        return UnreadableFile(
            _("“{file}” has a line that is far too long to be a row of a table."),
            _("Check that lines end with line breaks, and choose the delimiter yourself."),
            file=path.name,
        )
    return UnreadableFile(
        _n(
            "“{file}” could not be read as a table of {n} column ({said}).",
            "“{file}” could not be read as a table of {n} columns ({said}).",
        ),
        _("Choose the encoding, the delimiter and the quotes in the reading options."),
        file=path.name,
        n=source.area.width,
        said=clip(said, 120),
    )


def _check_last_quote(source: Source, last: str) -> None:
    """An unclosed quote swallows the rest of the file into the last value without a complaint from the parser."""
    if not source.dialect.quote or "\n" not in last.rstrip():
        return
    letters = span.unmarked(source.path, source.encoding)
    tail = source.span.last_bytes(512).decode(letters, errors="ignore").rstrip()
    if not tail.endswith(source.dialect.quote) and tail.endswith(last.rstrip()[-20:]):
        raise _unclosed(source.path)


def _rejected_lines(source: Source) -> list[RejectedLine]:
    """Go through the file once more, slowly, to say on which lines the first rejected rows begin."""
    bad = (row for row in source.rows() if len(row.cells) != source.area.width)
    return [_rejected(row, source) for row in islice(bad, KEPT_LINES)]


def _rejected(row: Row, source: Source) -> RejectedLine:
    reason = say(
        _n("It has {found} value instead of {expected}.", "It has {found} values instead of {expected}.", "found"),
        found=len(row.cells),
        expected=source.area.width,
    )
    start = clip((source.dialect.delimiter or " ").join(row.cells), 60)
    return RejectedLine(line=row.line, reason=reason, start=start)


def _check_options(options: ReadOptions) -> None:
    for name, value in ((say(_("The delimiter")), options.delimiter), (say(_("The quote")), options.quote)):
        if value and (len(value) != 1 or not value.isascii() or value in "\r\n"):
            raise UnreadableFile(_("{name} must be a single character."), name=name)
    if options.delimiter and options.delimiter == options.quote:
        raise UnreadableFile(_("The delimiter and the quote must be different characters."))


def _check_outcome(source: Source, taken: Taken, rejected: list[RejectedLine], options: ReadOptions) -> None:
    if rejected and (not options.skip_bad_lines or taken.n_skipped > taken.n_rows):
        raise UnreadableFile(
            _n(
                "{n} line of “{file}” has more or fewer values than the header ({expected}): line {line}, “{start}”.",
                "{n} lines of “{file}” have more or fewer values than the header ({expected}). The first is line "
                "{line}: “{start}”.",
            ),
            _("A text with the delimiter in it must be quoted. Check the delimiter, or remove lines above the header."),
            n=taken.n_skipped,
            file=source.path.name,
            expected=source.area.width,
            line=rejected[0].line,
            start=rejected[0].start,
        )
    if taken.n_rows == 0:
        raise no_rows(source.path)
