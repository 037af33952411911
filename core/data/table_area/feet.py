"""What may stand below a table: blank rows, a total, notes. A normal last row is never taken for one of them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from statistics import fmean, median, stdev

from core.data.table_area.rows import Row, Shape, is_value, number

MOST_BELOW = 100  # rows that hold something, and blank ones among them; any number of blank rows may follow
_WORDS = (
    r"(?:(?:grand |sub ?|overall |column )?totals?|sums?|(?:end|zwischen)?(?:gesamt|summe)|gesamtsumme|insgesamt"
    r"|total g[ée]n[ée]ral|totale|totaux|somme|suma|soma|totaal|razem|итого|всего|toplam|jumlah"
    r"|[总總合小][计計]|[总總]和|総計|합계|총계|المجموع)"
)
_TOTAL = re.compile(_WORDS + r"\s*[:：.]?", re.IGNORECASE)
_TOTAL_OF = re.compile(_WORDS + r"\W", re.IGNORECASE)
_TOTAL_IN_A_CELL = re.compile(_WORDS + r"\s*[:：]\s*\D{0,4}\d", re.IGNORECASE)  # “Razem: 184 320,00 zł”
_MEASURES: tuple[tuple[re.Pattern[str], Callable[[list[float]], float]], ...] = (
    (re.compile(r"(?:mean|average|avg|durchschnitt|mittelwert|moyenne|promedio|平均值?)\W?", re.IGNORECASE), fmean),
    (re.compile(r"(?:median|médiane|mediana|中位数)\W?", re.IGNORECASE), median),
    (
        re.compile(
            r"(?:sd|std|st\.? ?dev|standard deviation|standardabweichung|écart[- ]type|标准差)\W?", re.IGNORECASE
        ),
        stdev,
    ),
    (re.compile(r"(?:max|maximum|最大值?)\W?", re.IGNORECASE), max),
    (re.compile(r"(?:min|minimum|最小值?)\W?", re.IGNORECASE), min),
)
_NOTE = re.compile(
    r"^(\W{0,2}\s*)(sources?|notes?|remark|legend|quellen?|anmerkung|hinweis|stand|erstellt|fuente|fonte|nota"
    r"|generated|exported|created|printed|report|end of|confidential|copyright|as of|updated|last updated|data from"
    r"|注|备注|说明|来源|资料来源|数据来源|出典|単位|单位)\b"
    r"|^[*†‡§©#¹²³ᵃᵇ]|^\(?\d+ (rows?|records?|lines?|zeilen)\b|^--|^[注备说来资数出]\w{0,4}[:：]",
    re.IGNORECASE,
)


_SAYS = re.compile(r"^[^\W\d_][^:：]{5,60}[:：]\s+\S")  # “Limit of nitrate: 50 mg/l”


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
    n_blank = next((n for n, row in enumerate(reversed(rows)) if not _is_blank(row, width)), 0)
    rows = rows[: len(rows) - n_blank]
    found = 0
    for place in range(len(rows) - 1, max(0, len(rows) - 1 - MOST_BELOW), -1):
        row, above = rows[place], rows[:place]
        if not (
            _is_blank(row, width)
            or _is_note(row, shape, _detached(rows, place), known)
            or _is_total(row, above, shape, sums, known)
            or (sums and _is_measure(row, above, shape, _detached(rows, place)))
        ):
            break
        found = len(rows) - place
    return n_blank + found if any(row.n_filled for row in rows[: len(rows) - found]) else 0


def _is_blank(row: Row, width: int) -> bool:
    return width > 1 and not row.n_filled


def _detached(rows: Sequence[Row], place: int) -> bool:
    """Whether a blank line stands between it and the row above."""
    return rows[place].line > rows[place - 1].end + 1 or not rows[place - 1].n_filled


def _is_note(row: Row, shape: Shape, detached: bool, known: Sequence[Row]) -> bool:
    """Words alone that say what they are or stand apart, where rows of the table have more cells filled than that."""
    if shape.fill < 2 or not row.filled:
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
    marked = _NOTE.match(first)
    others = [other.filled[0] for other in known if other.filled and other.line != row.line]
    says = bool(_SAYS.match(first)) and not any(map(_SAYS.match, others))
    says = says or (bool(_TOTAL_IN_A_CELL.match(first)) and not _within(known, _TOTAL_IN_A_CELL))
    apart = (marked and marked.group() != first) or says or (detached and len(first.split()) > 3)
    return bool(apart) and (shape.fill > 2 or _least_filled(known) > 1)


def _least_filled(known: Sequence[Row]) -> int:
    """How many cells a row of the table has at least, whatever stands below."""
    return min((row.n_filled for row in _down_to_the_last_full(known) if row.n_filled), default=0)


def _within(known: Sequence[Row], words: re.Pattern[str]) -> bool:
    """Whether a row alone in its cell says so between rows of the table: then each part has one, the last one, too."""
    return any(row.n_filled == 1 and words.match(row.filled[0]) for row in _down_to_the_last_full(known))


def _down_to_the_last_full(known: Sequence[Row]) -> Sequence[Row]:
    end = next((place for place in range(len(known), 0, -1) if known[place - 1].n_filled > 1), 0)
    return known[:end]


def _is_total(row: Row, above: Sequence[Row], shape: Shape, sums: bool, known: Sequence[Row]) -> bool:
    """It says so, or it is nearly empty and holds the sums of full columns."""
    if not row.n_filled:
        return False
    label = row.filled[0]
    above = _without_totals(above)
    body = [other for other in (above if sums else [*known, *above]) if shape.fits(other)]
    numbers = [place for place in range(len(row.cells)) if number(row.cell(place)) is not None]
    if _TOTAL.fullmatch(label):
        if any(_TOTAL.fullmatch(cell) for other in body for cell in other.filled):
            return False  # what other rows hold, too
        gaps = any(not row.cell(place) and _is_full(body, place) for place in range(shape.width))
        if not shape.fits(row) or (gaps and _only_sums(row, body, numbers)):
            return True
    elif not _TOTAL_OF.match(label):
        sparse = sums and shape.fits(row) and len(numbers) == row.n_filled <= shape.fill / 2
        return sparse and _adds_up(row, body, numbers)
    return bool(numbers) and (_adds_up(row, body, numbers) if sums else _towers(row, body, numbers))


def _only_sums(row: Row, body: Sequence[Row], numbers: list[int]) -> bool:
    """Whether besides its label it holds numbers, and words at most that all rows have, such as a currency."""
    _label, *others = [place for place in range(len(row.cells)) if row.cell(place)]
    return all(place in numbers or {other.cell(place) for other in body} == {row.cell(place)} for place in others)


def _is_measure(row: Row, above: Sequence[Row], shape: Shape, detached: bool) -> bool:
    """“Average | 64.5 | 54.5”: the numbers are that. Max and Min may be names, so one number alone is not enough."""
    body = [other for other in _without_totals(above) if shape.fits(other)]
    numbers = [place for place in range(len(row.cells)) if number(row.cell(place)) is not None]
    if not (row.n_filled and numbers and (detached or len(numbers) > 1)):
        return False
    return any(
        words.fullmatch(row.filled[0]) and all(_is_close(row, body, place, measure) for place in numbers)
        for words, measure in _MEASURES
    )


def _without_totals(rows: Sequence[Row]) -> Sequence[Row]:
    """Rows above other totals, measures and blank rows that stand there as well."""
    end = len(rows)
    while end > 1 and (not rows[end - 1].n_filled or _says(rows[end - 1].filled[0])):
        end -= 1
    return rows[:end]


def _says(label: str) -> bool:
    said = _TOTAL.fullmatch(label) or _TOTAL_OF.match(label)
    return bool(said) or any(words.fullmatch(label) for words, _measure in _MEASURES)


def _is_full(body: Sequence[Row], column: int) -> bool:
    return bool(body) and sum(bool(row.cell(column)) for row in body) >= 0.9 * len(body)


def _adds_up(row: Row, body: Sequence[Row], numbers: list[int]) -> bool:
    """Whether most of its numbers are the sums of their columns; of shares it may be the mean."""
    sums = [_is_close(row, body, place, math.fsum) for place in numbers]
    means = [_is_close(row, body, place, fmean) for place in numbers]
    right = sum(map(max, sums, means))
    return any(sums) and right > len(numbers) / 2


def _is_close(row: Row, body: Sequence[Row], place: int, measure: Callable[[list[float]], float]) -> bool:
    """Whether the number in a cell is what the column comes to, cells being rounded."""
    column = [found for other in body if (found := number(other.cell(place))) is not None]
    value = number(row.cell(place))
    if not value or len(column) < 2:
        return False
    near = max(1e-6 * math.fsum(map(abs, column)), 0.005 * len(column) ** 0.5) if measure is math.fsum else 0.0051
    return abs(value - measure(column)) <= near


def _towers(row: Row, body: Sequence[Row], numbers: list[int]) -> bool:
    """Larger than all that was seen of a column together: only a total is."""
    for place in numbers:
        column = [abs(found) for other in body if (found := number(other.cell(place))) is not None]
        if len(column) > 2 and abs(number(row.cell(place)) or 0) > 0.99 * math.fsum(column):
            return True
    return False
