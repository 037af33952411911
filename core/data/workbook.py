"""Excel and OpenDocument sheets, by calamine: stored values only, formulas are never run."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import python_calamine as calamine

from core.data import formats, sniff
from core.data.schema import ReadOptions
from core.data.sink import Sink
from core.messages import Message, UnreadableFile, _, say


@dataclass(frozen=True)
class Workbook:
    """What came of reading a sheet."""

    sheet: str
    sheets: list[str]
    header: bool
    n_rows: int
    names: list[str]
    notes: list[Message]


def read(path: Path, options: ReadOptions, into: Path) -> Workbook:
    """Read one sheet into a typed Parquet file: the one asked for, else the first that is not empty.

    Raises
    ------
    UnreadableFile
        Damaged, locked by a password, too large when unpacked, or without rows.
    """
    with path.open("rb") as file:
        packed = file.read(2) == b"PK"
    if packed:
        formats.check_unpacked(path)
    try:
        book = calamine.load_workbook(str(path))
        sheets = list(book.sheet_names)
        sheet, rows = _chosen(book, sheets, options, path)
    except calamine.PasswordError:
        raise UnreadableFile(
            _("“{file}” is locked by a password."), _("Save it without a password and upload that."), file=path.name
        ) from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(
            _("“{file}” could not be opened as a spreadsheet; it is damaged or of an unknown kind."),
            _("Save the sheet as CSV and upload that."),
            file=path.name,
        ) from error
    texts = [[_text(cell) for cell in row] for row in _trimmed(rows)]
    header = options.header if options.header is not None else sniff.has_header(texts[:1000])
    names, body = (texts[0], texts[1:]) if header else ([""] * len(texts[0]), texts)
    if not body:
        raise UnreadableFile(
            _("“{file}” has a header but no rows."), _("Add at least one row below the header."), file=path.name
        )
    with Sink(names, into, options, typed=True) as sink:
        sink.add_rows(list(row) for row in body)
        notes = sink.finish()
    if len(sheets) > 1:
        notes.append(say(_("Of {n} sheets, “{sheet}” was read."), n=len(sheets), sheet=sheet))
    return Workbook(sheet, sheets, header, sink.n_rows, sink.names, notes)


def _chosen(
    book: calamine.CalamineWorkbook, sheets: list[str], options: ReadOptions, path: Path
) -> tuple[str, list[list[object]]]:
    if options.sheet is not None:
        if options.sheet not in sheets:
            raise UnreadableFile(
                _("“{file}” has no sheet called “{sheet}”."),
                _("It has: {sheets}."),
                file=path.name,
                sheet=options.sheet,
                sheets=sheets[:20],
            )
        sheets = [options.sheet]
    for name in sheets:
        rows: list[list[object]] = [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=True)]
        if any(_text(cell) for row in rows for cell in row):
            return name, rows
    raise UnreadableFile(
        _("“{file}” has no cells that are filled."), _("Choose another sheet or file."), file=path.name
    )


def _trimmed(rows: list[list[object]]) -> list[list[object]]:
    """Without rows and columns that are blank throughout."""
    rows = [row for row in rows if any(_text(cell) for cell in row)]
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    filled = [place for place in range(width) if any(_text(row[place]) for row in rows)]
    return [[row[place] for place in filled] for row in rows]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ") if cell.time() != datetime.time() else cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell)
