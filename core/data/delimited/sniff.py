"""How a delimited text file is laid out: its delimiter, its quotes, whether it has a header. Looks at a sample only."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import Any

from core.data.delimited import one_column
from core.data.schema import ReadOptions

DELIMITERS = (",", "\t", ";", "|", ":", "^", "~")
_SAMPLE_ROWS = 4000
_SAMPLE_LINES = 1000  # of a file that is longer than what is looked at
_NUMBER = re.compile(r"^\s*+[+-]?(\d[\d,]*+(\.\d*+)?|\.\d++)([eE][+-]?\d++)?\s*+%?\s*+$")
_DATE = re.compile(r"^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$")
_NUMBER_OR_PROSE = re.compile(r"[^\d,]{0,4}\d[\d.' ]*+,\d++[^\d,]{0,4}$|[^,]*+(?:, [^,]*+)++$")
_TOLD = re.compile(r"\ufeff?\"?sep=([,;|\t^~:])\"?\r?\n", re.IGNORECASE)
_ENOUGH_ROWS = 5
csv.field_size_limit(1 << 30)


@dataclass(frozen=True)
class Dialect:
    """The layout of a delimited file. An empty delimiter: one column; an empty quote: quotes are ordinary."""

    delimiter: str
    quote: str
    escape: str = ""
    header: bool = True

    def rows(self, lines: io.StringIO | io.TextIOBase) -> Any:
        """A reader of the rows that also knows the physical line it stands on."""
        return csv.reader(
            lines,
            delimiter=self.delimiter or "\x1f",
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            doublequote=True,
            escapechar=self.escape or None,
        )


def sniff(text: str, whole: bool, options: ReadOptions, *, file_name: str = "") -> Dialect:
    """The layout of the text, where the options don't say it.

    Parameters
    ----------
    text : str
        The beginning of the file.
    whole : bool
        Whether that is all of it; else the last, cut line is not looked at.
    """
    if not whole:
        text = _first_lines(text)
    if options.delimiter is None and (told := _TOLD.match(text)):
        options = options.model_copy(update={"delimiter": told[1]})
    delimiters = (options.delimiter,) if options.delimiter is not None else _likely(text, file_name)
    quotes = (options.quote,) if options.quote is not None else ('"', "'", "")
    candidates = [
        (_score(text, dialect, whole), -rank, dialect)
        for rank, dialect in enumerate(
            Dialect(delimiter, quote, escape)
            for delimiter in delimiters
            for quote in quotes
            for escape in (("", "\\") if quote and "\\" + quote in text else ("",))
            if not quote or quote in text or quote == quotes[0]
        )
    ]
    score, _rank, best = max(candidates, key=lambda candidate: candidate[:2])
    if best.delimiter == ",":
        best = next((one for found, _r, one in candidates if found[0] >= score[0] and _owns_commas(text, one)), best)
    if options.delimiter is None and score[0] < 0.5 and not _names_columns(text, best):
        best = replace(best, delimiter="", quote=_one_column_quote(text, options), escape="")
    if options.delimiter is None and best.delimiter and one_column.is_one(text, best.delimiter, whole):
        best = replace(best, delimiter="", quote=_one_column_quote(text, options), escape="")
    if best.quote and best.delimiter and options.quote is None and _quotes_are_ordinary(text, best):
        best = replace(best, quote="", escape="")
    header = options.header if options.header is not None else has_header(sample_rows(text, best))
    return replace(best, header=header)


def _first_lines(text: str) -> str:
    """Whole lines, enough of them to show the layout."""
    end = -1
    for _line in range(_SAMPLE_LINES):
        if (place := text.find("\n", end + 1)) < 0:
            break
        end = place
    return text[: max(end, 0)] or text


def sample_rows(text: str, dialect: Dialect, n: int = _SAMPLE_ROWS) -> list[list[str]]:
    """The first rows that are not blank."""
    reader = dialect.rows(io.StringIO(text, newline=""))
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) >= n:
                break
    except csv.Error:
        return rows
    return rows


def is_table(rows: list[list[str]], delimiter: str) -> bool:
    """Whether lines are rows of one width, a head and a foot left aside, by a delimiter that prose has no use for."""
    widths = Counter(len(row) for row in rows)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    return (
        delimiter in ("\t", ";", "|") and width > 2 and 2 * count > len(rows) and _consistency_within(rows, width) == 1
    )


def has_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns rather than being one of the rows."""
    if not rows:
        return True
    first, body = rows[0], [row for row in rows[1:1001] if len(row) == len(rows[0])]
    cells = [cell.strip() for cell in first]
    columns: list[tuple[str, ...]] = list(zip(*body, strict=True)) if body else [() for _cell in cells]
    if not any(cells) or (any(len(cell) > 100 for cell in cells) and not _stands_for_itself(cells, columns)):
        return False
    value_like = [bool(_NUMBER.match(cell) or _DATE.match(cell)) for cell in cells]
    others = [row for row in body if row != first]  # the header may stand there once more
    named_numbers = any(
        not looks and cell and _share(column, _NUMBER) > 0.9
        for cell, looks, column in zip(cells, value_like, zip(*others, strict=True), strict=False)
    )
    if any(value_like) and not _years(cells):
        return named_numbers and sum(value_like) < len(cells)
    if any(value_like) or named_numbers or not body:
        return True
    repeated = any(
        bool(cell) and cell in {value.strip() for value in column} for cell, column in zip(cells, columns, strict=True)
    )
    long = any(len(cell.split()) > 8 for cell in cells)
    return not repeated and (not long or _stands_for_itself(cells, columns))


def _stands_for_itself(cells: list[str], columns: list[tuple[str, ...]]) -> bool:
    """Whether a few values repeat in every column, and none of them in the first row."""
    return len(columns[0]) >= _ENOUGH_ROWS and all(
        cell and len(set(column)) <= len(column) / 2 and cell not in column
        for cell, column in zip(cells, columns, strict=True)
    )


def _years(cells: list[str]) -> bool:
    """A header such as: country, 2019, 2020, 2021."""
    numbers = [cell for cell in cells if cell.isdecimal()]
    steps = {int(later) - int(earlier) for earlier, later in pairwise(numbers)}
    named = any(cell and not _NUMBER.match(cell) for cell in cells)
    return (
        named and len(numbers) > 1 and steps in ({1}, {-1}) and all(1800 <= int(number) <= 2200 for number in numbers)
    )


def _owns_commas(text: str, dialect: Dialect) -> bool:
    """Whether rows are of one width by a mark other than the comma, and commas only decimals or followed by spaces."""
    rows = sample_rows(text, dialect, 500)
    if dialect.delimiter not in ("\t", ";", "|") or len(rows) < 3 or len({len(row) for row in rows}) > 1:
        return False
    cells = [cell.strip() for row in rows for cell in row if "," in cell]
    fit = sum(bool(_NUMBER_OR_PROSE.match(cell)) for cell in cells)
    return len(rows[0]) > 1 and bool(cells) and fit >= 0.95 * len(cells)


def _names_columns(text: str, dialect: Dialect) -> bool:
    """Whether the first line is a list of short names, however ragged the rest is."""
    first = next(iter(sample_rows(text, dialect, 1)), [])
    return len(first) > 1 and all(cell and cell[0] != " " and len(cell.split()) <= 3 for cell in first)


def _share(column: tuple[str, ...], pattern: re.Pattern[str]) -> float:
    filled = [value for value in column if value.strip()]
    return sum(bool(pattern.match(value)) for value in filled) / len(filled) if filled else 0.0


def _likely(text: str, file_name: str) -> tuple[str, ...]:
    """Delimiters that occur at all, the one the file's name suggests first."""
    found = [delimiter for delimiter in DELIMITERS if delimiter in text]
    if file_name.lower().endswith((".tsv", ".tab")):
        found.sort(key=lambda delimiter: delimiter != "\t")
    return tuple(found) or (",",)


def _score(text: str, dialect: Dialect, whole: bool) -> tuple[float, float]:
    """How well the layout fits: share of rows of one width, then the width."""
    rows = sample_rows(text, dialect)
    if rows and not whole and len(rows) < _SAMPLE_ROWS and dialect.quote:
        rows = rows[:-1]
    if not rows:
        return 0.0, 0.0
    widths = Counter(len(row) for row in rows)
    width, count = next((common for common in widths.most_common(2) if common[0] > 1), (1, 0))
    if width < 2:
        return 0.0, 0.0
    consistency = count / len(rows)
    if len(rows[0]) != width:
        consistency *= 0.8 if count > 1 else 0.5
    consistency = max(consistency, 0.8 * _consistency_within(rows, width))
    if dialect.delimiter in ":^~":
        consistency *= 0.85  # usual inside times, addresses and texts
    if dialect.quote:
        consistency *= 1 - _swallowed(rows, dialect, width)
        if dialect.quote == "'":
            consistency *= _tidy_quotes(text, dialect)
    else:
        consistency *= 1 - 0.02 * any(_wrapped(row) for row in rows[:200])
    return round(consistency, 3), _width_worth(dialect.delimiter, width)


def _consistency_within(rows: list[list[str]], width: int) -> float:
    """Between a head and a foot of other widths: share of rows of this width from the first to the last of them."""
    places = [place for place, row in enumerate(rows) if len(row) == width]
    return len(places) / (places[-1] - places[0] + 1) if len(places) > 2 else 0.0


def _quotes_are_ordinary(text: str, dialect: Dialect) -> bool:
    """Every line is a row of one width by itself, and taking quotes for marks would join or change some of them."""
    if dialect.quote not in text:
        return False
    plain = sample_rows(text, replace(dialect, quote="", escape=""), 1 << 20)
    if len(plain) < 2 or any(len(row) != len(plain[0]) for row in plain):
        return False
    mark, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    inside = f"{mark}(?:[^{mark}\\r\\n]|{mark}{mark})*{mark}"
    stray = re.search(f"(?:^|{delimiter}){inside}(?!{delimiter}|\\r|$|{mark})", text, re.MULTILINE)
    return bool(stray) or len(plain) > len(sample_rows(text, dialect, 1 << 20))


def _width_worth(delimiter: str, width: int) -> float:
    """Wider is better among equally consistent layouts; colons are usual inside times and texts."""
    return width * (0.1 if delimiter in ":^~" else 1.0)


def _swallowed(rows: list[list[str]], dialect: Dialect, width: int) -> float:
    """Share of lines that look like rows of their own but lie inside a quoted value: a quote was never closed."""
    lines_inside = sum(
        line.count(dialect.delimiter) == width - 1
        for row in rows
        for cell in row
        if "\n" in cell
        for line in islice(cell.split("\n"), 1, None)
    )
    return min(1.0, 2 * lines_inside / (len(rows) + lines_inside))


def _tidy_quotes(text: str, dialect: Dialect) -> float:
    """Apostrophes are everywhere; as quotes they must open and close whole values."""
    mark, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    opened = len(re.findall("(?:^|" + delimiter + ")" + mark, text[:100_000], re.MULTILINE))
    closed = len(re.findall(mark + "(?:$|\r|" + delimiter + ")", text[:100_000], re.MULTILINE))
    return 1.0 if opened and opened == closed else 0.5


def _wrapped(row: list[str]) -> bool:
    """Whether quotes stand around a cell, or around what the delimiter cut in two."""
    opened = [cell for cell in row if cell[:1] == '"' and cell.count('"') == 1]
    closed = [cell for cell in row if cell[-1:] == '"' and cell.count('"') == 1]
    return any(len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in row) or bool(opened and closed)


def _one_column_quote(text: str, options: ReadOptions) -> str:
    """Quotes count in a one-column file only if whole lines are quoted."""
    if options.quote is not None:
        return options.quote
    lines = [line for line in text.splitlines()[:500] if line.strip()]
    quoted = sum(one_column.is_quoted(line) for line in lines[1:])
    return '"' if lines[1:] and (quoted > 0.5 * len(lines[1:]) or one_column.has_quotes(lines)) else ""
