"""The raw rows of a file, shown for a click on the header, without the cells of masked columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from core.data.personal.masked_reading import HIDDEN
from core.data.personal.masking import mask_cells, mask_text
from core.data.schema import Personal, Reading
from core.data.table_area.raw_rows import Preview
from core.data.table_area.rows import Row

Masked = tuple[Personal, Collection[str]]  # what is personal in a masked column, and its cells as the file has them


def masked_rows(shown: Preview, reading: Reading, masked: Sequence[Masked]) -> Preview:
    """The same rows with pseudonyms as they are in the table.

    What can be found in any cell is masked. A column of the file whose cells are mostly those of a column that is
    nothing but personal data is masked as a whole below the header, and so are the same words elsewhere; a line that
    could not be read is hidden, since it can't be told which part of it such a cell is.
    """
    if not masked:
        return shown
    key = masked[0][0].key
    whole = {cell.strip(): personal for personal, cells in masked if personal.alone for cell in cells if cell.strip()}
    unread = {line.line for line in reading.rejected} if whole else set()
    columns = _columns([row for row in shown.rows if row.line >= reading.first_row and row.line not in unread], whole)

    def cell_of(row: Row, place: int, cell: str) -> str:
        personal = whole.get(cell.strip()) or (columns.get(place) if row.line >= reading.first_row else None)
        return mask_cells([cell], personal)[0] if personal else mask_text(cell, key)

    def hidden(row: Row) -> Row:
        cells = [cell_of(row, place, cell) for place, cell in enumerate(row.cells)]
        return replace(row, cells=[HIDDEN for _cell in cells] if row.line in unread else cells)

    return Preview([hidden(row) for row in shown.first], [hidden(row) for row in shown.last])


def _columns(rows: Sequence[Row], whole: dict[str, Personal]) -> dict[int, Personal]:
    """Places in the rows where most filled cells are those of a masked column."""
    filled: Counter[int] = Counter()
    found: dict[int, list[Personal]] = {}
    for row in rows:
        for place, cell in enumerate(row.cells):
            filled[place] += bool(cell.strip())
            if personal := whole.get(cell.strip()):
                found.setdefault(place, []).append(personal)
    return {place: ones[0] for place, ones in found.items() if 2 * len(ones) > filled[place]}
