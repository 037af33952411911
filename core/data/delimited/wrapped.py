"""Rows each in quotes as a whole, "3,""a, b"",x", as a table saved twice as CSV has them: the quotes are taken off."""

from __future__ import annotations

import csv
from pathlib import Path

from core.data.delimited.one_column import is_quoted, unquoted
from core.messages import Message, _, say

MOSTLY = 0.8  # of the lines are in quotes; such as need none may stand without
_SAMPLE_LINES = 1000


def is_wrapped(text: str, whole: bool) -> bool:
    """Whether lines are rows of one width once the quotes around each are off, the header's too.

    Examples
    --------
    >>> is_wrapped('name;price\\n"Bread;3,50"\\n"Salt;1,20"\\n', whole=True)
    True
    >>> is_wrapped('remark\\n"Good, thanks"\\n"Bad, late"\\n', whole=True)
    False
    """
    lines = [line for line in text.splitlines()[:_SAMPLE_LINES] if line.strip()]
    lines = lines if whole or len(lines) == _SAMPLE_LINES else lines[:-1]
    if len(lines) < 3 or sum(map(is_quoted, lines[1:])) < MOSTLY * len(lines[1:]):
        return False
    return any(_is_table([unquoted(line) for line in lines], mark) for mark in ";\t,")


def unwrapped(path: Path, encoding: str, into: Path) -> Path:
    """The same file with these quotes off, in a folder; lines keep their numbers."""
    into.mkdir(parents=True, exist_ok=True)
    made = into / path.name
    with path.open(encoding=encoding, newline="") as lines, made.open("w", encoding="utf-8", newline="") as out:
        for line in lines:
            out.write(unquoted(line) + "\n" if is_quoted(line) else line)
    return made


def note() -> Message:
    """What the reading says of it."""
    return say(_("Every row stood in quotes as a whole; these quotes were taken off."))


def _is_table(lines: list[str], mark: str) -> bool:
    widths = {len(row) for row in csv.reader(lines, delimiter=mark)}
    return len(widths) == 1 and widths.pop() > 1
