"""Which rows name the columns: one, several that belong together, or one above rows that only explain it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.data.delimited import sniff
from core.data.table_area.rows import MISSING, Row, Shape, is_value, share_of_values
from core.messages import Message, _, say

Merged = tuple[int, int, int]  # row from 1, first and last column from 0
MOST = 4  # rows that name columns together
FEWEST_FULL = 2  # columns that are blank in a row of names, and full in all rows of data
FEWEST_BELOW = 5  # rows of data that show it
_IMPORT_ID = re.compile(r"^\{\s*\"ImportId\"")
_PERIOD = re.compile(r"^((19|20)\d\d|[QHST][1-4]|\d{1,2})$", re.IGNORECASE)
_RULE = re.compile(r"^:?-{2,}:?$")
JOINT = " / "


def find(
    rows: Sequence[Row], top: int, shape: Shape, merged: Sequence[Merged], wanted: bool | None
) -> tuple[list[int], int, list[Row]]:
    """The places of the rows that name the columns, that of the first row of data, and rows between that are neither.

    Parameters
    ----------
    top : int
        Where the table begins, titles left out.
    wanted : bool or None
        Whether there is a header, where the user said so.
    """
    if wanted is False:
        return [], top, []
    if explained := _explained(rows, top):
        return [top], explained + 1, list(rows[top + 1 : explained + 1])
    header = _grouped(rows, top, shape, merged)
    if len(header) == 1 and wanted is None and not _names(rows, header[0], shape):
        return [], top, []
    start = header[-1] + 1
    if start < len(rows) - 1 and _is_rule(rows[start]):
        start += 1
    while start < len(rows) - 2 and start - header[-1] < 3 and _explains(rows, start, shape):
        start += 1
    return header, start, list(rows[header[-1] + 1 : start])


def _is_rule(row: Row) -> bool:
    """The line below the names of a table in Markdown: |---|---:|."""
    return bool(row.filled) and all(map(_RULE.match, row.filled))


def _names(rows: Sequence[Row], place: int, shape: Shape) -> bool:
    width = len(rows[place].cells)
    body = rows[place + 1 : place + 1001]
    if width != shape.width:
        body = [Row(row.line, row.end, row.padded(width)) for row in body if shape.fits(row)]
    return sniff.has_header([rows[place].cells, *(row.cells for row in body)])


def _explained(rows: Sequence[Row], top: int) -> int:
    """The row of import ids that Qualtrics writes below names and questions; 0 if there is none."""
    for place in range(top + 1, min(top + 4, len(rows) - 1)):
        filled = rows[place].filled
        if filled and sum(bool(_IMPORT_ID.match(cell)) for cell in filled) > len(filled) / 2:
            return place
    return 0


def _explains(rows: Sequence[Row], place: int, shape: Shape) -> bool:
    """A row of units or labels below the names: words in every one of several columns of numbers."""
    row = rows[place]
    if not shape.fits(row) or any(is_value(cell) for cell in row.filled):
        return False
    columns = shape.number_columns(rows[place + 1 :], 0.95)
    cells = [row.cell(column) for column in columns]
    worded = [cell for cell in cells if cell and cell not in MISSING]
    return len(columns) >= 2 and len(worded) == len(cells) and len(set(worded)) > 1


def _grouped(rows: Sequence[Row], top: int, shape: Shape, merged: Sequence[Merged]) -> list[int]:
    """The header with rows above it that stand over several of its columns at once."""
    header = [top]
    while header[0] > 0 and len(header) < MOST and _is_over(rows, header[0] - 1, shape, merged):
        header.insert(0, header[0] - 1)
    while header[-1] + 2 < len(rows) and len(header) < MOST and _is_over(rows, header[-1], shape, merged):
        header.append(header[-1] + 1)
    return header


def _is_over(rows: Sequence[Row], place: int, shape: Shape, merged: Sequence[Merged]) -> bool:
    upper, lower, body = rows[place], rows[place + 1], rows[place + 2 :]
    if lower.line > upper.end + 1 or not (shape.fits(upper) and shape.fits(lower)) or not upper.n_filled:
        return False
    if any(is_value(cell) and not _PERIOD.match(cell) for cell in [*upper.filled, *lower.filled]):
        return False
    if _spans(upper, shape, merged):
        return True
    gaps = [column for column in range(shape.width) if not upper.cell(column) and lower.cell(column)]
    over = [column for column in range(shape.width) if upper.cell(column) and not lower.cell(column)]
    words = [cell for cell in lower.filled if not is_value(cell)]
    if gaps and _completes(upper, lower, body, shape):
        return True
    if not gaps or not words or not names_another_kind(lower, body, shape):
        return False
    repeated = len(set(lower.filled)) < lower.n_filled
    return (bool(over) and upper.n_filled > 1) or (repeated and upper.n_filled > 1)


def _completes(upper: Row, lower: Row, body: Sequence[Row], shape: Shape) -> bool:
    """Whether the second row is blank where all rows of data hold something, and names what the first leaves open.

    As in files of surveys: the answers below the questions, and nothing below what names a respondent. A row with gaps
    is data where the first name is blank, as that of row names is, or where its word comes back as a value below a name
    of one column alone; an answer that may be ticked comes back below its question.
    """
    rows = [other for other in body[:1000] if shape.fits(other)]
    both = [column for column in range(shape.width) if upper.cell(column) and lower.cell(column)]
    alone = [column for column in both if column + 1 == shape.width or upper.cell(column + 1)]
    if not upper.cell(0) or any(lower.cell(column) == row.cell(column) for column in alone for row in rows):
        return False
    named = all(upper.cell(column) or lower.cell(column) for column in range(shape.width))
    left_blank = [column for column in range(shape.width) if not lower.cell(column)]
    full = [column for column in left_blank if all(row.cell(column) for row in rows)]
    return named and len(rows) >= FEWEST_BELOW and len(full) >= FEWEST_FULL


def _spans(row: Row, shape: Shape, merged: Sequence[Merged]) -> bool:
    return any(line == row.line and first < last and last - first + 1 < shape.fill for line, first, last in merged)


def names_another_kind(row: Row, body: Sequence[Row], shape: Shape) -> bool:
    """Whether words stand where the rows below have values."""
    rows = [other for other in body[:1000] if shape.fits(other)]
    return any(
        row.cell(column) and not is_value(row.cell(column)) and share_of_values(r.cell(column) for r in rows) >= 0.8
        for column in range(shape.width)
    )


def names(
    header: Sequence[Row], body: Sequence[Row], shape: Shape, merged: Sequence[Merged] = ()
) -> tuple[int, list[str]]:
    """How wide the table is, and what its columns are called.

    A header that lacks or has blank cells at its end, and nothing else, is made as wide as the rows. One that lacks
    just a name for the names of rows, as R writes it, gets a blank one.
    """
    if not header:
        width = len(body[0].cells)
        return width, [""] * width
    widest = max(len(row.cells) for row in header)
    width = widest
    if len(header) == 1 and names_rows(header[0], body):
        return widest + 1, ["", *header[0].cells]
    if widest < shape.width and not any(any(row.cells[widest:]) for row in body if shape.fits(row)):
        width = shape.width
    if widest > shape.width >= max(row.extent for row in header) > 0:
        width = shape.width
    parts = [row.padded(width) for row in header]
    if len(parts) > 1:
        upper = [_over_columns(row, width, merged) for row in header[:-1]]
        parts = [*upper, parts[-1]]
    return width, [_joined(column) for column in zip(*parts, strict=True)]


def names_rows(header: Row, body: Sequence[Row]) -> bool:
    """Whether every row begins with a name of its own, for which the header has no name."""
    width = len(header.cells) + 1
    if len(body) < 3 or not all(header.cells) or any(len(row.cells) != width for row in body):
        return False
    if not any(row.cell(width - 1) for row in body):
        return False
    firsts = [row.cell(0) for row in body]
    if firsts[0] in ("0", "1") and all(cell.isdecimal() for cell in firsts):
        return [int(cell) for cell in firsts] == list(range(int(firsts[0]), int(firsts[0]) + len(firsts)))
    prose = any(row.cells[1][:1] == " " or len(row.cell(0).split()) > 3 for row in body)  # cut at its commas
    return not prose and "" not in firsts and len(set(firsts)) == len(firsts)


def _over_columns(row: Row, width: int, merged: Sequence[Merged]) -> list[str]:
    """A word that stands over several columns, once for each: as cells are joined, else up to the next word.

    >>> _over_columns(Row(1, 1, ["", "2023", "", "2024", ""]), 5, [])
    ['', '2023', '2023', '2024', '2024']
    >>> _over_columns(Row(1, 1, ["", "2023", "", ""]), 4, [(1, 1, 2)])
    ['', '2023', '2023', '']
    """
    cells = row.padded(width)
    joined = {column: first for line, first, last in merged if line == row.line for column in range(first, last + 1)}
    if joined:
        return [cells[joined.get(column, column)] for column in range(width)]
    filled, word = [], ""
    for cell in cells:
        word = cell if cell.strip() else word
        filled.append(word)
    return filled


def _joined(parts: Sequence[str]) -> str:
    tidy = [" ".join(part.split()) for part in parts]
    return JOINT.join(dict.fromkeys(part for part in tidy if part)) if len(tidy) > 1 else parts[0]


def notes(header: Sequence[Row], found: Sequence[str]) -> list[Message]:
    """That several rows name the columns, or that one lacks a name."""
    if len(header) == 1 and found == ["", *header[0].cells]:
        return [say(_("The header lacks a name for the first column, which holds names of rows."))]
    if len(header) < 2:
        return []
    example = next((name for name in found if JOINT in name), found[0])
    text = _("Rows {rows} name the columns together, as in “{name}”.")
    return [say(text, rows=[row.line for row in header], name=example)]
