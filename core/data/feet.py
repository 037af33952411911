"""What may stand below a table: blank rows, a total, notes. A normal last row is never taken for one of them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from core.data.area_rows import Row, Shape, is_value, number

MOST_BELOW = 100
_TOTAL = re.compile(
    r"^(grand |sub ?|overall )?(total|totals|sum|sums)\b|^(end|zwischen)?(gesamt|summe|gesamtsumme|insgesamt)\b"
    r"|^(total g[ée]n[ée]ral|totale?|totaux|somme|suma|soma|totaal|razem|итого|всего|toplam|jumlah)\b"
    r"|^[总總合小][计計]|^[总總]和|^合计|^総計|^합계|^총계|^المجموع",
    re.IGNORECASE,
)
_MEAN = re.compile(r"^(mean|average|avg\.?|durchschnitt|mittelwert|moyenne|media|promedio|平均)\b", re.IGNORECASE)
_NOTE = re.compile(
    r"^(\W{0,2}\s*)(sources?|notes?|remark|legend|quellen?|anmerkung|hinweis|stand|erstellt|fuente|fonte|nota"
    r"|generated|exported|created|printed|report|end of|confidential|copyright|as of|updated|last updated|data from"
    r"|注|备注|说明|来源|资料来源|数据来源|出典|単位|单位)\b"
    r"|^[*†‡§©#¹²³ᵃᵇ]|^\(?\d+ (rows?|records?|lines?|zeilen)\b|^--|^[注备说来资数出]\w{0,4}[:：]",
    re.IGNORECASE,
)


def count(rows: Sequence[Row], shape: Shape, width: int, *, sums: bool, known: Sequence[Row]) -> int:
    """How many of the last rows do not belong to the table.

    Parameters
    ----------
    rows : rows
        The last ones; all of the table where `sums` can be worked out from them.
    known : rows
        Other rows of the table, to compare with.

    Examples
    --------
    >>> rows = [Row(n, n, [f"item {n}", str(n), "A"]) for n in range(1, 9)]
    >>> foot = [Row(9, 9, ["Total", "36", ""]), Row(11, 11, ["Source: own data"])]
    >>> count(rows + foot, Shape.of(rows), 3, sums=True, known=rows)
    2
    """
    found = 0
    for place in range(len(rows) - 1, max(0, len(rows) - 1 - MOST_BELOW), -1):
        row, above = rows[place], rows[:place]
        if not (
            _is_blank(row, width)
            or _is_note(row, shape, _detached(rows, place))
            or _is_total(row, above, shape, sums, known)
        ):
            break
        found = len(rows) - place
    return found if any(row.n_filled for row in rows[: len(rows) - found]) else 0


def _is_blank(row: Row, width: int) -> bool:
    return width > 1 and not row.n_filled


def _detached(rows: Sequence[Row], place: int) -> bool:
    """Whether a blank line stands between it and the row above."""
    return rows[place].line > rows[place - 1].end + 1 or not rows[place - 1].n_filled


def _is_note(row: Row, shape: Shape, detached: bool) -> bool:
    if shape.fill < 2:
        return False
    first, ragged = row.filled[0], not shape.fits(row)
    if ragged and (row.is_comment or (_NOTE.match(first) and row.cells[0].strip())):
        return True
    if row.is_pair and (ragged or shape.fill > 3):
        return True
    if row.n_filled != 1 or is_value(first):
        return False
    if ragged:
        return detached or len(first.split()) > 3
    return shape.fill > 2 and bool(_NOTE.match(first) or (detached and len(first.split()) > 3))


def _is_total(row: Row, above: Sequence[Row], shape: Shape, sums: bool, known: Sequence[Row]) -> bool:
    """It says so, or it is nearly empty and holds the sums of full columns."""
    if row.n_filled < 2 and shape.fill > 2 and not (sums and _TOTAL.match(row.text)):
        return bool(row.n_filled and shape.fits(row) and sums and _adds_up(row, above, shape))
    body = [other for other in (above if sums else [*known, *above]) if shape.fits(other)]
    numbers = [place for place in range(len(row.cells)) if number(row.cell(place)) is not None]
    says = next((cell for cell in row.filled[:2] if _TOTAL.match(cell) or _MEAN.match(cell)), None)
    if says is None:
        sparse = sums and shape.fits(row) and len(numbers) == row.n_filled <= shape.fill / 2
        return sparse and _adds_up(row, above, shape)
    place = next(place for place in range(len(row.cells)) if row.cell(place) == says)
    if any(_TOTAL.match(other.cell(place)) for other in body[:-3]):
        return False
    gaps = any(not row.cell(column) and _is_full(body, column) for column in range(shape.width))
    if gaps or not shape.fits(row):
        return True
    if not numbers:
        return False
    return _adds_up(row, above, shape) if sums else _towers(row, body, numbers)


def _is_full(body: Sequence[Row], column: int) -> bool:
    return bool(body) and sum(bool(row.cell(column)) for row in body) >= 0.9 * len(body)


def _adds_up(row: Row, above: Sequence[Row], shape: Shape) -> bool:
    """Whether a number of it is the sum or the mean of its column, and none of most columns contradicts."""
    checked = right = 0
    for place in range(len(row.cells)):
        value = number(row.cell(place))
        column = [found for other in above if shape.fits(other) and (found := number(other.cell(place))) is not None]
        if value is None or len(column) < 2:
            continue
        checked += 1
        total = math.fsum(column)
        near = max(1e-6 * sum(map(abs, column)), 0.005 * len(column) ** 0.5)
        right += value != 0 and (abs(value - total) <= near or abs(value - total / len(column)) <= 0.0051)
    return checked > 0 and right > checked / 2


def _towers(row: Row, body: Sequence[Row], numbers: list[int]) -> bool:
    """Larger than all that was seen of a column together: only a total is."""
    for place in numbers:
        column = [abs(found) for other in body if (found := number(other.cell(place))) is not None]
        if len(column) > 2 and abs(number(row.cell(place)) or 0) > 0.99 * math.fsum(column):
            return True
    return False
