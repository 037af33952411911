"""Rows of a file or sheet as they stand there, and the shape that most of them have. What `area` reasons about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_KEY = re.compile(r"[:：=]\s*$")
_COMMENT = re.compile(r"^\s*(#|//|%%|--)")
_DATE = re.compile(r"\d[-/:年月]\d|\d\.\d{1,2}\.\d|\d-[A-Za-z]{3}")
_LOOKED_AT = 2000
MISSING = frozenset(
    ("", "NA", "N/A", "#N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "none", "?", "-", "–", "--", ".", "无")
)


@dataclass(frozen=True)
class Row:
    """A row with its place: the first and the last physical line of a text file, or the row of a sheet; from 1."""

    line: int
    end: int
    cells: list[str]

    @cached_property
    def filled(self) -> list[str]:
        return [text for cell in self.cells if (text := cell.strip())]

    @property
    def n_filled(self) -> int:
        return len(self.filled)

    @cached_property
    def extent(self) -> int:
        """How far to the right it is filled."""
        return max((place for place, cell in enumerate(self.cells, start=1) if cell.strip()), default=0)

    @property
    def text(self) -> str:
        return " ".join(self.filled)

    def cell(self, place: int) -> str:
        return self.cells[place].strip() if place < len(self.cells) else ""

    def padded(self, width: int) -> list[str]:
        return [*self.cells[:width], *[""] * (width - len(self.cells))]

    @property
    def is_comment(self) -> bool:
        return bool(self.filled and _COMMENT.match(self.filled[0]))

    @property
    def is_pair(self) -> bool:
        """“Account: | DE00 …”: a key that says so, and perhaps its value."""
        return 1 <= self.n_filled <= 2 and bool(_KEY.search(self.filled[0]))

    @property
    def is_sentence(self) -> bool:
        """Text that was cut where it has a comma, rather than cells."""
        return any(cell[:1] == " " and _LETTER.search(cell) for cell in self.cells[1:]) and len(self.text.split()) > 4


@dataclass(frozen=True)
class Shape:
    """What most rows look like; rows with more cells count for more, so that a long preamble can't outvote a table."""

    width: int  # cells in a row, blank ones at the end included
    fill: int  # cells that are filled

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Shape:
        """
        >>> Shape.of([Row(1, 1, ["Report"]), Row(2, 2, ["a", "b", "", ""]), Row(3, 3, ["1", "2", "3", ""])])
        Shape(width=4, fill=3)
        """
        looked = rows[:_LOOKED_AT]
        widths: Counter[int] = Counter()
        for row in looked:
            widths[len(row.cells)] += max(row.n_filled, 1)
        fills = sorted(row.n_filled for row in looked)
        half, passed = sum(fills) / 2, 0
        fill = 0
        for fill in fills:
            passed += fill
            if passed > half:
                break
        return cls(max(widths, key=lambda width: (widths[width], width), default=0), fill)

    def fits(self, row: Row) -> bool:
        return len(row.cells) == self.width

    def is_narrow(self, row: Row) -> bool:
        """Far narrower than the table: a title, a note, a key with its value, a comment, nothing at all."""
        if self.fill < 2:
            return False
        if row.n_filled <= self.fill / 2:
            return True
        return (row.is_pair and self.fill > 2) or (row.is_comment and not self.fits(row))

    def number_columns(self, rows: Sequence[Row], least: float = 0.8) -> list[int]:
        """Columns that hold values, numbers or dates, nearly throughout."""
        rows = [row for row in rows[:_LOOKED_AT] if self.fits(row)]
        return [place for place in range(self.width) if share_of_values(row.cell(place) for row in rows) >= least]


def share_of_values(cells: Iterable[str]) -> float:
    """Of the cells that are not missing."""
    filled = [cell for cell in cells if cell and cell not in MISSING]
    return sum(map(is_value, filled)) / len(filled) if filled else 0.0


def is_value(text: str) -> bool:
    """Whether it is a number, an amount, a date or a time rather than words: digits, and few letters.

    >>> [is_value(text) for text in ("1.234,50 €", "22-Sep-17", "2023-01-05", "183 cm", "Item 12", "Q1", "2023")]
    [True, True, True, True, False, False, True]
    """
    text = text.strip()
    if len(text) > 40 or not _DIGIT.search(text):
        return False
    digits, letters = len(_DIGIT.findall(text)), len(_LETTER.findall(text))
    return digits >= letters and (text[0] in "+-–−(.,$€£¥￥~<>≈" or text[0].isdigit() or digits > 2 * letters)


def number(text: str) -> float | None:
    """The number in a cell, whichever way it is written; None where there is none.

    >>> number("1.234,50 €"), number("2,769"), number("(12)"), number("A"), number("2024-01-02")
    (1234.5, 2769.0, -12.0, None, None)
    """
    bare = re.sub(r"[^\d.,()\-−]", "", text)
    if not is_value(text) or _DATE.search(text):
        return None
    sign = -1.0 if bare[0] in "-−(" else 1.0
    bare = re.sub(r"[()\-−]", "", bare)
    mark = max(bare.rfind("."), bare.rfind(","))
    grouped = re.fullmatch(r"\d{1,3}([.,]\d{3})+", bare) and len(set(bare) & {".", ","}) == 1 and bare[mark] == ","
    if mark >= 0 and not grouped and bare.count(bare[mark]) == 1:
        bare = re.sub(r"[.,]", "", bare[:mark]) + "." + bare[mark + 1 :]
    else:
        bare = re.sub(r"[.,]", "", bare)
    try:
        return sign * float(bare)
    except ValueError:
        return None
