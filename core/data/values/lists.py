"""Several things in one cell: “Mail, Chat, Tickets”, and pairs of numbers such as 122/75."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.schema import Layout
from core.data.values.counted import Counted, groups

SEPARATORS = (";", "|", ",", "、", "，", "/", " + ")
MOST_ITEMS = 60
FEWEST_CELLS = 5  # with more than one item
_OUT_OF = r"out of|of|von|sur|de|di|su|van|af|av|z|из"  # 4 out of 5
_POINTS = r"\s*(?:stars?|points?|Sternen?|Punkten?|étoiles?|estrellas?|estrelas?|stelle|punti|puntos|sterren|星|分)"
PAIR = (
    rf"^(?P<first>\d{{1,5}}(?:[.,]\d+)?)\s*(?P<mark>[/x×*]| (?:{_OUT_OF}) )\s*(?P<second>\d{{1,5}}(?:\.\d+)?)"
    rf"(?:{_POINTS})?$"
)
MOSTLY = 0.95
_BRACKETS = re.compile(r"^\s*[\[({](.*)[\])}]\s*$", re.DOTALL)
_LONGEST = 40  # characters of an item
_HALVES = frozenset({2, 3, 4, 5, 8, 10, 16})


def separator(column: Counted) -> str:
    """What stands between the items of a list column; nothing where cells hold no lists of a few items.

    Items come back in many combinations; a comma in “Washington, DC” does not make one.

    Examples
    --------
    >>> separator(Counted.of(pa.array(["a, b", "b, c", "a, c", "c", "a", "b, a", "c, a"])))
    ','
    """
    for mark in SEPARATORS:
        several = column.matches(re.escape(mark))
        if column.counts[several].sum() >= FEWEST_CELLS and _recombined(column, mark, several):
            return mark
    return ""


def _recombined(column: Counted, mark: str, several: np.ndarray) -> bool:
    cells: list[list[str]] = []
    seen: dict[str, int] = {}
    places: dict[str, set[int]] = {}
    for value in column.values.to_pylist()[:5000]:
        cells.append(items(str(value), mark))
        for place, item in enumerate(cells[-1]):
            seen[item] = seen.get(item, 0) + 1
            places.setdefault(item, set()).add(place)
        if len(seen) > MOST_ITEMS:
            return False
    if len(seen) < 2 or max(map(len, seen)) > _LONGEST:
        return False
    if not any(sign.isalpha() for item in seen for sign in item):  # dates, shares, scores
        return False
    combinations = sum(len(cell) > 1 for cell in cells)
    again = sum(count >= 2 for count in seen.values()) / len(seen)
    moves = any(len(found) > 1 for found in places.values())  # the same item stands first here and second there
    widths = {len(cell) for cell in cells}
    return combinations >= 3 and again >= 0.8 and moves and len(widths) > 1 and len(seen) < len(cells)


def items(cell: str, mark: str) -> list[str]:
    """The items of a cell, each once.

    Examples
    --------
    >>> items("['Mail', 'Chat']", ","), items("Mail; Chat;", ";")
    (['Mail', 'Chat'], ['Mail', 'Chat'])
    """
    found = _BRACKETS.match(cell)
    parts = (part.strip().strip("'\"").strip() for part in (found[1] if found else cell).split(mark))
    return list(dict.fromkeys(part for part in parts if part))


def pair_layout(column: Counted) -> list[Layout]:
    """The layout of two numbers in a cell, or of fractions and marks out of ten, which are one number; or none.

    Examples
    --------
    >>> [one.kind for one in pair_layout(Counted.of(pa.array(["122/75", "118/80"])))]
    ['pair']
    >>> [one.unit for one in pair_layout(Counted.of(pa.array(["7/10", "9/10"])))]
    ['/10']
    >>> [one.unit for one in pair_layout(Counted.of(pa.array(["4 out of 5", "3.5 out of 5"])))]
    ['/5']
    """
    looked = column.where(~column.stands_for_nothing)
    if not looked.total or looked.share(looked.matches(PAIR)) < MOSTLY:
        return []
    first, second = pair(looked.values)
    known = ~np.isnan(second)
    marks = {mark if len(mark) == 1 else "/" for mark in groups(looked.values, PAIR)["mark"].drop_null().to_pylist()}
    in_words = looked.matches(rf"\s(?:{_OUT_OF})\s|{_POINTS}$").any()
    if marks != {"/"}:
        return [Layout(kind="pair", separator=marks.pop())] if len(marks) == 1 else []
    if len(set(second[known].tolist())) == 1:
        return [Layout(kind="number", unit=f"/{second[known][0]:g}")]
    if in_words:  # 3 of 7 beside 2 of 9: a share, and no fraction of an inch
        return []
    if set(second[known].tolist()) <= _HALVES and bool(np.all(first[known] <= 12)):
        return [Layout(kind="number", separator="/")]
    return [Layout(kind="pair", separator="/")] if bool(np.any(second[known] > 31)) else []


def pair(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Both numbers of each cell, NaN where it is no pair."""
    parts = groups(values, PAIR)
    first, second = (pc.cast(pc.replace_substring(parts[name], ",", "."), pa.float64()) for name in ("first", "second"))
    return first.to_numpy(zero_copy_only=False), second.to_numpy(zero_copy_only=False)
