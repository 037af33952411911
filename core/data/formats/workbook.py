"""Excel and OpenDocument sheets, by calamine: stored values only, formulas are never run."""

from __future__ import annotations

import datetime
import zipfile
from dataclasses import dataclass
from pathlib import Path

import python_calamine as calamine

from core.data.delimited.typed_writer import Sink
from core.data.formats import detect, formulas, hidden
from core.data.schema import ReadOptions
from core.data.table_area import fill_down
from core.data.table_area import find as areas
from core.data.table_area.find import Area
from core.data.table_area.headers import Merged
from core.data.table_area.rows import Row
from core.data.texts import web_page
from core.data.texts.web_page import Joined
from core.messages import Message, UnreadableFile, _, say


@dataclass(frozen=True)
class Workbook:
    """What came of reading a sheet."""

    sheet: str
    sheets: list[str]
    header_rows: list[int]
    first_row: int
    last_row: int
    n_rows: int
    names: list[str]
    notes: list[Message]


def read(path: Path, options: ReadOptions, into: Path) -> Workbook:
    """Read one sheet into a typed Parquet file: the one asked for, else the first that is neither hidden nor empty.

    Raises
    ------
    UnreadableFile
        Damaged, locked by a password, too large when unpacked, or without rows.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK"):
        detect.check_unpacked(path)
    is_page = detect.is_web_page(head)
    sheets, sheet, rows, joined = (_of_page if is_page else _of_book)(path, options)
    columns = _filled_columns(rows)
    kept = [Row(row.line, row.end, [row.cells[column] for column in columns]) for row in rows]
    area = _area(kept, options, _over_columns(joined, columns), path)
    body = [row for row in kept if area.first.line <= row.line <= area.last.line and row.n_filled]
    names = [area.names[column] for column in area.columns]
    filled = fill_down.fill(body, area, _over_rows(joined, columns))
    with Sink(names, into, options, typed=not is_page) as sink:
        sink.add_rows([row.cells[column] for column in area.columns] for row in body)
        notes = [*area.notes, *filled, *sink.finish()]
    notes += [*hidden.note(path, sheet, area.first.line, area.last.line), *formulas.note(path, sheet)]
    if len(sheets) > 1:
        notes.append(say(_("Of {n} sheets, “{sheet}” was read."), n=len(sheets), sheet=sheet))
    return Workbook(
        sheet, sheets, area.header_rows, area.first.line, area.last.line, sink.n_rows, sink.names, notes
    )  # fmt: skip


def _of_book(path: Path, options: ReadOptions) -> tuple[list[str], str, list[Row], list[Joined]]:
    """The names of the sheets, that of the one that is read, its rows, and which of its cells were made one."""
    try:
        book = calamine.load_workbook(str(path))
        sheets = list(book.sheet_names)
        return sheets, *_chosen(book, sheets, options, path)
    except calamine.PasswordError:
        raise UnreadableFile(
            _("“{file}” is locked by a password."), _("Save it without a password and upload that."), file=path.name
        ) from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise _damaged(path) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # calamine's own fault in a file it did not expect
            raise
        raise _damaged(path) from error


def _of_page(path: Path, options: ReadOptions) -> tuple[list[str], str, list[Row], list[Joined]]:
    """The same of a web page that was given the name of a sheet: the table asked for, else the largest."""
    found: dict[str, web_page.Found] = {}
    for number, table in enumerate(web_page.tables(path), start=1):
        name = table.name or str(number)
        found[name if name not in found else f"{name} ({number})"] = table
    if not found:
        raise detect.web_page_without_table(path.suffix.lower())
    _check_sheet(list(found), options, path)
    name = options.sheet if options.sheet is not None else max(found, key=lambda one: found[one].n_filled)
    rows = [Row(line, line, cells) for line, cells in enumerate(found[name].cells(), start=1)]
    return list(found), name, rows, found[name].joined


def _damaged(path: Path) -> UnreadableFile:
    return UnreadableFile(
        _("“{file}” could not be opened as a spreadsheet; it is damaged or of an unknown kind."),
        _("Save the sheet as CSV and upload that."),
        file=path.name,
    )


def _area(rows: list[Row], options: ReadOptions, merged: list[Merged], path: Path) -> Area:
    try:
        return areas.find([row for row in rows if row.n_filled], options, merged=merged)
    except areas.NoRows:
        raise UnreadableFile(
            _("“{file}” has a header but no rows."), _("Add at least one row below the header."), file=path.name
        ) from None


def _chosen(
    book: calamine.CalamineWorkbook, sheets: list[str], options: ReadOptions, path: Path
) -> tuple[str, list[Row], list[Joined]]:
    _check_sheet(sheets, options, path)
    sheets = sheets if options.sheet is None else [options.sheet]
    unseen = {sheet.name for sheet in book.sheets_metadata if sheet.visible != calamine.SheetVisibleEnum.Visible}
    for name in sorted(sheets, key=unseen.__contains__):
        _check_extent(path, name)
        sheet = book.get_sheet_by_name(name)
        rows = sheet_rows(sheet)
        if any(row.n_filled for row in rows):
            return name, rows, _joined(sheet)
    raise UnreadableFile(
        _("“{file}” has no cells that are filled."), _("Choose another sheet or file."), file=path.name
    )


def _check_sheet(sheets: list[str], options: ReadOptions, path: Path) -> None:
    if options.sheet is not None and options.sheet not in sheets:
        raise UnreadableFile(
            _("“{file}” has no sheet called “{sheet}”."),
            _("It has: {sheets}."),
            file=path.name,
            sheet=options.sheet,
            sheets=sheets[:20],
        )


def _check_extent(path: Path, sheet: str) -> None:
    """`detect.check_extent`, where the file is one of packed XML."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        part = hidden.sheet_part(archive, sheet)
        known = part in archive.namelist()
    detect.check_extent(path, sheet, part if known else "")


def sheet_rows(sheet: calamine.CalamineSheet) -> list[Row]:
    """All rows of a sheet as texts, of one width, with the numbers that the sheet shows beside them."""
    begin = (sheet.start or (0, 0))[0] + 1
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]
    width = max((len(row) for row in rows), default=0)
    return [Row(line, line, row + [""] * (width - len(row))) for line, row in enumerate(rows, start=begin)]


def _joined(sheet: calamine.CalamineSheet) -> list[Joined]:
    """Cells that were made one: rows as the sheet counts them, columns from the first that is not blank."""
    left = (sheet.start or (0, 0))[1]
    ranges = sheet.merged_cell_ranges or []
    return [(first[0] + 1, last[0] + 1, first[1] - left, last[1] - left) for first, last in ranges]


def _over_columns(joined: list[Joined], columns: list[int]) -> list[Merged]:
    """Those that reach over several columns, among the columns that are kept."""
    found = []
    for line, _last, first, last in joined:
        places = [place for place, column in enumerate(columns) if first <= column <= last]
        if len(places) > 1:
            found.append((line, places[0], places[-1]))
    return found


def _over_rows(joined: list[Joined], columns: list[int]) -> list[fill_down.Block]:
    """Those that reach over several rows of one column, likewise."""
    return [
        (begin, end, columns.index(first))
        for begin, end, first, last in joined
        if begin < end and first == last and first in columns
    ]


def _filled_columns(rows: list[Row]) -> list[int]:
    """Those that are not blank throughout."""
    return [column for column in range(len(rows[0].cells)) if any(row.cell(column) for row in rows)]


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
