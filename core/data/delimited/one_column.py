"""Files of one column whose values hold what could delimit columns: 3,50 below “price”, 12:30, “Very good, thanks”."""

from __future__ import annotations

import re

_LINES = 4000
_FIXED_LINES = 200
_JOINED = {  # numbers and times that a delimiter would cut
    ",": re.compile(r"[^\d,;:\"]{0,4}\d{1,3}(?:[. ]?\d{3})*,\d+(?:[^\d,;:\"]{0,4})$|[+-]?\d+$"),
    ":": re.compile(r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?$"),
}
_ADDRESS = re.compile(r"\w+:(?://|\\)")  # https://…, C:\…
_DECIMALS = re.compile(r"[+-]?(?:0|[1-9]\d*),(\d+)$")


def is_one(text: str, delimiter: str, whole: bool) -> bool:
    """Whether a file has one column although this delimiter stands in its lines.

    So it is where the first line, a name, has no delimiter, and below it every line is in quotes, a number or a time
    that the delimiter would cut, or where lines of prose have none, one or more of it.

    Examples
    --------
    >>> is_one("price\\n3,50\\n12,80\\n7,00\\n", ",", whole=True)
    True
    >>> is_one("Prices of May\\nfruit,price\\napple,3\\nplum,4\\n", ",", whole=True)
    False
    """
    lines = [line.strip() for line in text.splitlines()[: _LINES if whole else _LINES - 1] if line.strip()]
    if len(lines) < 3 or delimiter in lines[0]:
        return len(lines) > 2 and delimiter == "," and _are_decimals(lines)
    body = lines[1:]
    if sum(is_quoted(line) for line in body) == len(body):
        return True
    values = [unquoted(line) for line in body]
    if (joined := _JOINED.get(delimiter)) and all(joined.match(value) for value in values):
        return True
    if delimiter == ":" and all(_ADDRESS.match(value) for value in values if ":" in value):
        return True
    return _is_prose(values, delimiter)


def _are_decimals(lines: list[str]) -> bool:
    """Whether numbers without a name above them have decimals, all as many, rather than being pairs of numbers."""
    matches = [_DECIMALS.match(unquoted(line)) for line in lines]
    decimals = [match[1] for match in matches if match]
    same = len({len(one) for one in decimals}) == 1 and len(decimals) == len(lines)
    return same and len(decimals[0]) > 1 and any(one[0] == "0" for one in decimals)


def is_fixed_width(text: str) -> bool:
    """Whether lines are rows of a table whose columns begin at the same places, with blanks between them.

    Every line has two blanks in a row, and three columns or more are told by places that are blank in all lines.

    Examples
    --------
    >>> is_fixed_width("name   age city\\nAda     36 London\\nAlan    41 Leeds\\nGrace   85 New York\\n")
    True
    """
    lines = [line.rstrip() for line in text.expandtabs().splitlines()[:_FIXED_LINES] if line.strip()]
    if len(lines) < 4 or not all("  " in line.strip() for line in lines):
        return False
    width = max(map(len, lines))
    blank = [all(line[place : place + 1] in ("", " ") for line in lines) for place in range(width)]
    columns = "".join(" " if one else "x" for one in blank).split()
    return len(columns) > 2


def is_quoted(line: str) -> bool:
    """Whether a line is one quoted value."""
    line = line.strip()
    return len(line) > 1 and line[0] == line[-1] == '"' and '"' not in line[1:-1].replace('""', "")


def has_quotes(lines: list[str]) -> bool:
    """Whether quotes stand only around whole lines: the first, or just those that a delimiter would cut."""
    quoted = [line for line in lines if is_quoted(line)]
    plain = [line for line in lines if not is_quoted(line)]
    if not quoted or any('"' in line for line in plain):
        return False
    cut = any(all(mark in line for line in quoted) and not any(mark in line for line in plain) for mark in ",;")
    return cut or is_quoted(lines[0])


def unquoted(line: str) -> str:
    """What a quoted line holds; another line as it is.

    >>> unquoted('"3,""a"",b"'), unquoted("3,a")
    ('3,"a",b', '3,a')
    """
    line = line.rstrip("\r\n")
    return line[1:-1].replace('""', '"') if is_quoted(line) else line


def _is_prose(lines: list[str], delimiter: str) -> bool:
    """Whether lines have different numbers of the delimiter, none too, and a space behind nearly each."""
    if delimiter == "\t":
        return False
    held = [line.count(delimiter) for line in lines]
    first, last = next((place for place, n in enumerate(held) if n), 0), _last(held)
    inside = held[first : last + 1]
    spaced = sum(line.count(f"{delimiter} ") for line in lines)
    without = 0 in inside or (sum(held) > 0 and held.count(0) > len(held) / 2)
    return bool(without) and spaced >= 0.9 * sum(held)


def _last(held: list[int]) -> int:
    return max((place for place, n in enumerate(held) if n), default=0)
