"""JSON and JSON lines: records with named values; what is nested in them is made flat."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.data.delimited.typed_writer import Sink
from core.data.encodings import detect as encodings
from core.data.formats import nested
from core.data.schema import ReadOptions, RejectedLine
from core.data.texts import tagged_text
from core.messages import Message, UnreadableFile, _, _n, clip, say

KEPT_LINES = 100
MOST_DIGITS = 400


@dataclass
class NoNumbers:
    """What becomes of NaN and Infinity, which JSON does not know: nothing. Counts them."""

    n: int = 0

    def __call__(self, word: str) -> None:
        self.n += 1

    def notes(self) -> list[Message]:
        text = _n(
            "{n} value in the file is NaN or Infinity; it became missing.",
            "{n} values in the file are NaN or Infinity; they became missing.",
        )
        return [say(text, n=self.n)] if self.n else []


@dataclass
class Records:
    """What came of reading records."""

    sink: Sink
    notes: list[Message]
    objects: list[str]  # columns that hold lists of objects
    encoding: str = ""
    rejected: list[RejectedLine] = field(default_factory=list)
    n_rejected: int = 0


def read_json(path: Path, options: ReadOptions, into: Path) -> Records:
    """Read a list of records, an object of columns, or the largest list inside an object into a typed Parquet file."""
    encoding = encodings.checked(path, options.encoding) if options.encoding else encodings.find(path)
    no_numbers = NoNumbers()
    try:
        with path.open(encoding=encoding) as file:
            whole = json.load(file, parse_int=_whole, parse_constant=no_numbers)
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            _("“{file}” is not valid JSON: line {line}, character {column}."),
            _("Check that place, or export the file again."),
            file=path.name,
            line=error.lineno,
            column=error.colno,
        ) from None
    except RecursionError:
        raise UnreadableFile(
            _("“{file}” has lists in lists, too deep to be read."), _("Export the part of it that is a table."),
            file=path.name,
        ) from None  # fmt: skip
    found = _records(whole, path)
    made = _write(found.records, options, path, into)
    made.encoding = encoding
    made.notes += no_numbers.notes()
    if found.place:
        made.notes.insert(0, say(_("The table was found in the file under “{place}”."), place=found.place))
    return made


def _whole(digits: str) -> int | str:
    """A whole number; one of more digits than any number has is a name."""
    return int(digits) if len(digits) <= MOST_DIGITS else digits


def read_jsonl(path: Path, options: ReadOptions, into: Path) -> Records:
    """Read one record per line into a typed Parquet file; lines that are not records are set aside."""
    encoding = encodings.checked(path, options.encoding) if options.encoding else encodings.find(path)
    rejected: list[RejectedLine] = []
    n_rejected = 0
    records: list[dict[str, Any]] = []
    no_numbers = NoNumbers()
    with path.open(encoding=encoding) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line.strip().removesuffix(","), parse_int=_whole, parse_constant=no_numbers)
            except (json.JSONDecodeError, RecursionError):
                record = None
            if isinstance(record, dict):
                records.append(tagged_text.flattened(record, number, path))
                continue
            n_rejected += 1
            if len(rejected) < KEPT_LINES:
                reason = say(_("It is not a JSON object."))
                rejected.append(RejectedLine(line=number, reason=reason, start=clip(line)))
    if n_rejected and (not options.skip_bad_lines or n_rejected > len(records)):
        raise UnreadableFile(
            _n(
                "{n} line of “{file}” is not a JSON object: line {line}, “{start}”.",
                "{n} lines of “{file}” are not JSON objects. The first is line {line}: “{start}”.",
            ),
            _("In JSON lines, every line is one object in braces."),
            n=n_rejected,
            file=path.name,
            line=rejected[0].line,
            start=rejected[0].start,
        )
    made = _write(records, options, path, into)
    made.encoding, made.rejected, made.n_rejected = encoding, rejected, n_rejected
    made.notes += no_numbers.notes()
    return made


def _records(whole: Any, path: Path) -> nested.Found:
    found = nested.find_records(whole)
    if found is None and isinstance(whole, dict) and whole and all(isinstance(one, list) for one in whole.values()):
        raise UnreadableFile(
            _("The columns in “{file}” have different lengths."),
            _("Every column needs one value per row."),
            file=path.name,
        )
    if found is None:
        raise UnreadableFile(
            _("“{file}” is JSON, but not a table."),
            _("Upload a list of objects, one per row, or an object with a list per column."),
            file=path.name,
        )
    return found


def _write(records: list[dict[str, Any]], options: ReadOptions, path: Path, into: Path) -> Records:
    flat = nested.flatten(records, options.objects, path)
    if not flat.rows or not flat.names:
        raise UnreadableFile(_("“{file}” has no rows."), _("Choose another file."), file=path.name)
    with Sink(flat.names, into, options, typed=True) as sink:
        sink.add_rows([_text(row.get(name)) for name in flat.names] for row in flat.rows)
        notes = sink.finish()
    return Records(sink, notes + flat.notes, flat.objects)


def _text(value: Any) -> str:
    return str(len(value)) if isinstance(value, list) else nested.scalar(value)
