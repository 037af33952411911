"""A label that stands once for the rows below it, as in a sheet made to be looked at: each of them gets it."""

from __future__ import annotations

from collections.abc import Sequence

from core.data.table_area.find import Area
from core.data.table_area.rows import Row, is_value
from core.messages import Message, _n, say

Block = tuple[int, int, int]  # first and last row from 1, column from 0
_GAPS = 0.5  # share of blank cells from which a first column is labels of groups
_FULL = 0.8  # share of filled cells in what stands beside it

FILLED = _n(
    "In “{column}” a value stands once for several rows: {n} blank cell was filled with the value above it.",
    "In “{column}” a value stands once for several rows: {n} blank cells were filled with the value above them.",
)


def fill(body: Sequence[Row], area: Area, joined: Sequence[Block]) -> list[Message]:
    """Fill cells that were joined over rows, and blank cells below the labels of a report.  →  what was done

    A first column counts as labels if the table has titles or several header rows, its first cell is filled, at least
    half of the others are blank, and the columns beside it are not.
    """
    blocks = [block for block in joined if block[2] in area.columns]
    if area.columns and _are_labels(body, area):
        blocks += _below_labels(body, area.columns[0])
    by_line = {row.line: row for row in body}
    counted: dict[int, int] = {}
    for first, last, column in blocks:
        value = by_line[first].cells[column] if first in by_line else ""
        for line in range(first + 1, last + 1):
            if value.strip() and line in by_line and not by_line[line].cell(column):
                by_line[line].cells[column] = value
                counted[column] = counted.get(column, 0) + 1
    return [say(FILLED, column=area.names[column], n=n) for column, n in counted.items()]


def _are_labels(body: Sequence[Row], area: Area) -> bool:
    if not (area.above or len(area.header) > 1) or len(area.columns) < 3 or len(body) < 4:
        return False
    label, *others = area.columns
    labels = [row.cell(label) for row in body]
    filled = [cell for cell in labels if cell]
    beside = sum(bool(row.cell(column)) for row in body for column in others) / (len(body) * len(others))
    return (
        bool(labels[0])
        and len(set(filled)) > 1
        and len(filled) <= _GAPS * len(labels)
        and not any(map(is_value, filled))
        and beside >= _FULL
    )


def _below_labels(body: Sequence[Row], column: int) -> list[Block]:
    starts = [place for place, row in enumerate(body) if row.cell(column)]
    ends = [*starts[1:], len(body)]
    return [(body[start].line, body[end - 1].line, column) for start, end in zip(starts, ends, strict=True)]
