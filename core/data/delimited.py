"""Delimited text: rows stream from the file to a `Sink`; lines of the wrong width are set aside with their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc_csv

from core.data import encoding as encodings
from core.data import fast, sniff
from core.data.schema import ReadOptions, RejectedLine
from core.data.sink import Sink, tidy_names
from core.data.values.words import NOTHING
from core.messages import Message, UnreadableFile, _, _n, clip, say

KEPT_LINES = 100
Progress = Callable[[float], None]
_BLOCK = 4 << 20
_SMALL_BLOCK = 1 << 19  # the parser reads some thirty blocks ahead, so this decides the memory it takes
_LARGE_BLOCK = 128 << 20


@dataclass(frozen=True)
class Source:
    """A file with its letters and layout."""

    path: Path
    encoding: str
    dialect: sniff.Dialect
    first: list[str]  # the cells of the first row
    checked: bool  # whether all of it is known to be valid in that encoding


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


def read(path: Path, options: ReadOptions, into: Path, progress: Progress = lambda share: None) -> Delimited:
    """Read a delimited file into a typed Parquet file.

    Raises
    ------
    UnreadableFile
        It is not a table.
    """
    if options.encoding:
        return _read_as(path, encodings.checked(path, options.encoding), options, into, progress)
    if path.stat().st_size >= fast.MIN_BYTES and (likely := encodings.likely(path)):
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
    dialect = sniff.sniff(text, whole, options, file_name=path.name)
    if whole and dialect.header and len(sniff.sample_rows(text, dialect, 2)) < 2:
        raise _no_rows(path)
    source = Source(path, encoding, dialect, _first_row(text, dialect), checked)
    if dialect.quote and options.quote is None:
        return _read_or_without_quotes(source, text, options, into, progress)
    return _read(source, options, into, progress)


def _first_row(text: str, dialect: sniff.Dialect) -> list[str]:
    return next(iter(sniff.sample_rows(text, dialect, 1)), [])


def _read_or_without_quotes(
    source: Source, text: str, options: ReadOptions, into: Path, progress: Progress
) -> Delimited:
    """Where a quote is never closed, the quotes are ordinary characters if that makes every line fit."""
    try:
        return _read(source, options, into, progress)
    except UnreadableFile as error:
        if error.message.id != _UNCLOSED:
            raise
        dialect = replace(source.dialect, quote="", escape="")
        try:
            found = _read(replace(source, dialect=dialect, first=_first_row(text, dialect)), options, into, progress)
        except UnreadableFile:
            raise error from None
        if found.n_rejected:
            raise
        return found


def _read(source: Source, options: ReadOptions, into: Path, progress: Progress) -> Delimited:
    names = source.first if source.dialect.header else ["" for _cell in source.first]
    taken = None
    if source.path.stat().st_size >= fast.MIN_BYTES and not (options.kinds or options.layouts):
        taken = _fast(source, names, into, progress)
        if not source.checked and (not taken or taken.n_skipped) and encodings.find(source.path) != source.encoding:
            raise _OtherLetters
        if taken:
            _check_last_quote(source, taken.last)
    taken = taken or _slow(source, names, options, into, progress)
    rejected = _rejected_lines(source) if taken.n_skipped else []
    _check_outcome(source, taken, rejected, options)
    notes = taken.notes
    if not source.dialect.header:
        notes.insert(0, say(_("The first line is taken as a row, not as a header; columns are numbered.")))
    return Delimited(source.encoding, source.dialect, taken.n_rows, taken.names, rejected, taken.n_skipped, notes)


@dataclass(frozen=True)
class Taken:
    """What went into the table."""

    n_rows: int
    n_skipped: int
    names: list[str]
    notes: list[Message]
    last: str = ""  # the last value, where it is a text


def _slow(source: Source, names: list[str], options: ReadOptions, into: Path, progress: Progress) -> Taken:
    """All as strings first; what they are is decided over whole columns."""
    with Sink(names, into, options, delimiter=source.dialect.delimiter) as sink:
        n_skipped, lasts = _stream(source, sink, progress)
        for last in lasts:
            _check_last_quote(source, last)
        notes = sink.finish(lambda share: progress(0.7 + 0.3 * share)) if sink.n_rows else []
    return Taken(sink.n_rows, n_skipped, sink.names, notes)


def _fast(source: Source, raw_names: list[str], into: Path, progress: Progress) -> Taken | None:
    """One pass with the types of the first rows; None where that does not work out."""
    names, notes = tidy_names(raw_names)
    n_rows = n_skipped = 0
    last = None

    def skip(row: pc_csv.InvalidRow) -> str:
        nonlocal n_skipped
        n_skipped += 1
        return "skip"

    try:
        first = _first_rows(source, names)
        layouts = fast.plain_layouts(first)
        kinds, schema = fast.direct_types(first, layouts), fast.table_schema(first, layouts)
        total_rows = source.path.stat().st_size / max(first.nbytes, 1) * first.num_rows
        with fast.Writer(into, schema, fast.repeating(first, kinds)) as writer:
            del first
            for batch in _batches(source, names, _SMALL_BLOCK, skip, kinds):
                writer.write(batch)
                n_rows += batch.num_rows
                last = batch.columns[-1][-1].as_py() if batch.num_rows else last
                progress(min(0.95, n_rows / total_rows))
    except (pa.ArrowInvalid, fast.Changed):
        return None
    return Taken(n_rows, n_skipped, names, notes, last if isinstance(last, str) else "")


def _first_rows(source: Source, names: list[str]) -> pa.RecordBatch:
    blocks = _batches(source, names, _SMALL_BLOCK, lambda row: "skip")
    return pa.concat_batches(islice(blocks, max(1, _BLOCK // _SMALL_BLOCK)))


def _stream(source: Source, sink: Sink, progress: Progress) -> tuple[int, list[str]]:
    """Send the rows that fit to the sink.  →  number of those that don't, and the last pieces of text met"""
    skipped, last_skipped, last_taken = 0, "", ""

    def skip(row: pc_csv.InvalidRow) -> str:
        nonlocal skipped, last_skipped
        skipped += 1
        last_skipped = row.text
        return "skip"

    total = source.path.stat().st_size
    for block_bytes in (_BLOCK, _LARGE_BLOCK):
        begun = sink.n_rows
        try:
            for batch in _batches(source, sink.names, block_bytes, skip):
                sink.add(batch.columns)
                last_taken = batch.columns[-1][-1].as_py() if batch.num_rows else last_taken
                progress(min(0.7, 0.7 * sink.n_rows * max(batch.nbytes, 1) / max(batch.num_rows, 1) / total))
            return skipped, [last_skipped, last_taken]
        except pa.ArrowInvalid as error:
            if "straddling" in str(error) and sink.n_rows == begun == 0 and block_bytes < min(_LARGE_BLOCK, total):
                skipped = 0
                continue
            raise _explained(error, source) from None
    return skipped, [last_skipped, last_taken]


def _batches(
    source: Source,
    names: list[str],
    block_bytes: int,
    skip: Callable[[pc_csv.InvalidRow], str],
    types: dict[str, pa.DataType] | None = None,
) -> Iterator[pa.RecordBatch]:
    dialect, encoding = source.dialect, source.encoding
    reader = pc_csv.open_csv(
        pa.OSFile(str(source.path)),  # by its path alone, `a.csv.gz` would be unpacked whatever it is
        read_options=pc_csv.ReadOptions(
            column_names=names,
            skip_rows_after_names=int(dialect.header),
            block_size=block_bytes,
            use_threads=False,  # the other thread writes
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
            column_types=types or {name: pa.string() for name in names},
            null_values=sorted(NOTHING),
            strings_can_be_null=types is not None,
            check_utf8=True,
        ),
    )
    with reader:
        yield from reader


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
        n=len(source.first),
        said=clip(said, 120),
    )


def _check_last_quote(source: Source, last: str) -> None:
    """An unclosed quote swallows the rest of the file into the last value without a complaint from the parser."""
    path = source.path
    if not source.dialect.quote or "\n" not in last.rstrip():
        return
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 512), 2)
        tail = file.read().decode(_without_mark(source.encoding), errors="ignore").rstrip()
    if not tail.endswith(source.dialect.quote) and tail.endswith(last.rstrip()[-20:]):
        raise _unclosed(path)


def _without_mark(encoding: str) -> str:
    return {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(encoding, encoding)


def _rejected_lines(source: Source) -> list[RejectedLine]:
    """Go through the file once more, slowly, to say on which lines the first rejected rows begin."""
    rejected: list[RejectedLine] = []
    with source.path.open(encoding=source.encoding, newline="") as file:
        reader = source.dialect.rows(file)
        line = 1
        for row in reader:
            if row and len(row) != len(source.first):
                rejected.append(_rejected(line, row, source))
                if len(rejected) >= KEPT_LINES:
                    break
            line = reader.line_num + 1
    return rejected


def _rejected(line: int, row: list[str], source: Source) -> RejectedLine:
    reason = say(
        _n("It has {found} value instead of {expected}.", "It has {found} values instead of {expected}.", "found"),
        found=len(row),
        expected=len(source.first),
    )
    return RejectedLine(line=line, reason=reason, start=clip((source.dialect.delimiter or " ").join(row), 60))


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
            expected=len(source.first),
            line=rejected[0].line,
            start=rejected[0].start,
        )
    if taken.n_rows == 0:
        raise _no_rows(source.path)


def _no_rows(path: Path) -> UnreadableFile:
    return UnreadableFile(
        _("“{file}” has a header but no rows."), _("Add at least one row below the header."), file=path.name
    )
