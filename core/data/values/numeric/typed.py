"""One number as a person types it into a form, by the layout of its column; and a number as that column writes it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from core.data.schema import Layout
from core.data.values.convert import convert
from core.messages import MismatchedTable, _, clip

KINDS = frozenset({"number", "time", "duration"})  # whose cells are typed as words
DIGITS = 6  # behind the decimal mark, of a number that is shown


def is_written(layout: Layout | None) -> bool:
    """Whether the numbers of a column are written with more than digits and a point.

    Examples
    --------
    >>> is_written(Layout(kind="number", unit="kg")), is_written(Layout(kind="number"))
    (True, False)
    """
    if layout is None or layout.kind not in KINDS:
        return False
    return layout.kind != "number" or bool(layout.unit or layout.thousands or layout.separator or layout.decimal == ",")


def number(text: str, layout: Layout, name: str) -> float | None:
    """What was typed, as the column's number; None where nothing was. The unit may be left out.

    Raises
    ------
    MismatchedTable
        It is no number as this column has them.

    Examples
    --------
    >>> number("1.234,5 kg", Layout(kind="number", decimal=",", thousands=".", unit="kg"), "weight")
    1234.5
    >>> number("8:30", Layout(kind="time", unit="h"), "start")
    8.5
    """
    if not text.strip():
        return None
    bare = Layout(kind="number", decimal=layout.decimal, thousands=layout.thousands)
    for way in (layout, bare):
        found = convert(pa.array([text]), way)[0][0].as_py()
        if found is not None:
            return float(found)
    raise MismatchedTable(
        _("“{value}” can't be read as a number of “{column}”."),
        _("Write it like {example}, or leave it empty."),
        value=clip(text, 40),
        column=name,
        example=written(1234.5 if layout.kind == "number" else 8.5, layout),
    )


def written(value: float | None, layout: Layout) -> str:
    """A number with the column's marks, without its unit; nothing for a gap.

    Examples
    --------
    >>> written(1234.5, Layout(kind="number", decimal=",", thousands="."))
    '1.234,5'
    """
    if value is None or not np.isfinite(value):
        return ""
    text = np.format_float_positional(round(value, DIGITS), trim="-")
    whole, _point, rest = text.lstrip("-").partition(".")
    if layout.thousands:
        whole = f"{int(whole):,}".replace(",", layout.thousands)
    return ("-" if value < 0 else "") + whole + (layout.decimal + rest if rest else "")
