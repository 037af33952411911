"""Sentences on what was left out above and below a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from core.data.table_area.rows import Row
from core.messages import Message, Plural, _n, clip, say

_SHOWN = 6
BLANK = _n("{n} blank row was left out.", "{n} blank rows were left out.")


def left_out(rows: Sequence[Row], sentence: Plural) -> list[Message]:
    """Which rows, and what they say; blank ones are counted where nothing else is left out."""
    telling = [row for row in rows if row.n_filled]
    if not telling:
        return [say(BLANK, n=len(rows))] if rows else []
    return [say(sentence, n=len(telling), rows=ranges([row.line for row in telling]), cells=texts(telling))]


def several_tables(kept: Sequence[Row], others: Sequence[Row], n_tables: int) -> Message:
    """That one of several tables was read."""
    sentence = _n(
        "{n} table stands in the file; rows {first} to {last} were read. Left out: rows {rows}, {cells}.",
        "{n} tables stand one after the other; the largest was read, rows {first} to {last}. Left out: rows {rows}, "
        "{cells}.",
    )
    telling = [row for row in others if row.n_filled]
    lines = [row.line for row in telling]
    read = [row.line for row in kept if row.n_filled]
    return say(sentence, n=n_tables, first=read[0], last=read[-1], rows=ranges(lines), cells=texts(telling))


def texts(rows: Sequence[Row]) -> str:
    """What rows say, short enough for a sentence: “Sales report”, “Von: 01.01.2023” …"""
    shown = ", ".join("“" + clip(row.text, 60) + "”" for row in rows[:_SHOWN])
    return shown + (" …" if len(rows) > _SHOWN else "")


def ranges(lines: Sequence[int]) -> str:
    """Numbers as people write them.

    >>> ranges([1, 2, 3, 7, 9, 10])
    '1–3, 7, 9–10'
    """
    runs = [
        [line for _place, line in run] for _key, run in groupby(enumerate(lines), key=lambda pair: pair[1] - pair[0])
    ]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
