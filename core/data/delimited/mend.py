"""Rows that are long only by delimiters at their end, or short only by blank cells there: they can be read as meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from core.data.table_area.rows import MISSING, Row, Shape, is_value

_ENOUGH = 3


@dataclass
class Mender:
    """Makes rows as wide as the table where that is plain, and keeps those for which it isn't.

    >>> mender = Mender(width=3)
    >>> list(mender.rows([Row(2, 2, ["a", "1", "x", "", ""]), Row(3, 3, ["a", "1"])]))
    [['a', '1', 'x']]
    >>> mender.n_mended, [row.line for row in mender.rejected]
    (1, [3])
    """

    width: int
    short_too: bool = False
    most_kept: int = 100
    n_mended: int = 0
    n_rejected: int = 0
    rejected: list[Row] = field(default_factory=list)  # the first ones

    def rows(self, rows: Iterable[Row]) -> Iterator[list[str]]:
        for row in rows:
            if len(row.cells) == self.width:
                yield row.cells
            elif row.extent <= self.width and (self.short_too or len(row.cells) > self.width):
                self.n_mended += 1
                yield row.padded(self.width)
            else:
                self.n_rejected += 1
                if len(self.rejected) < self.most_kept:
                    self.rejected.append(row)


def leaves_out_blanks(rows: Sequence[Row], width: int) -> bool:
    """Whether whoever wrote the rows left out blank cells at their end.

    Some rows are short, no full row ends in a blank cell, and what the short ones hold suits the columns it stands in.
    A single short row is more likely cut off.
    """
    full = [row for row in rows if len(row.cells) == width]
    short = [row for row in rows if len(row.cells) < width and row.n_filled]
    if len(full) < _ENOUGH or len(short) < _ENOUGH or any(row.extent < width for row in full):
        return False
    columns = Shape(width, width).number_columns(full, 0.9)
    return bool(columns) and all(_suits(row, columns) for row in short)


def _suits(row: Row, columns: Sequence[int]) -> bool:
    cells = [row.cell(column) for column in columns if column < len(row.cells)]
    values = [cell for cell in cells if cell not in MISSING]
    return bool(values) and all(map(is_value, values)) and not row.is_sentence
