"""A layout in words: “numbers in $”, “dates such as 22-Sep-17”, “a scale of 4 levels”."""

from __future__ import annotations

from core.data.schema import Layout
from core.messages import Message, _, _n, say

_SHOWN = {
    "%Y": "2017", "%y": "17", "%m": "09", "%d": "22", "%b": "Sep", "quarter": "2017Q3", "half": "2017H2",
    "week": "2017-W38", "month": "2017M09", "fiscal": "FY2017", "season": "Autumn 2017", "serial": "43000",
    "epoch s": "1506038400", "epoch ms": "1506038400000",
}  # fmt: skip
_PLAIN = {
    "number": _("numbers"), "time": _("times of day"), "duration": _("durations"), "boolean": _("yes or no"),
    "pair": _("pairs of numbers"), "domain": _("sites of web addresses"), "empty": _("nothing"), "text": _("words"),
    "date": _("dates"),
}  # fmt: skip

UNITS = {"s": _("seconds"), "min": _("minutes")}  # of durations in words; those of a clock are in hours


def layout_in_words(layout: Layout) -> Message:
    """How the cells of a column are written.

    Examples
    --------
    >>> str(layout_in_words(Layout(kind="date", formats=["%d-%b-%y"])))
    'dates such as 22-Sep-17'
    """
    if layout.kind == "date" and layout.formats:
        return say(_("dates such as {example}"), example=example_of(layout.formats[0]))
    if layout.kind == "number":
        return _numbers(layout)
    if layout.kind == "duration" and layout.unit in UNITS:
        return say(_("durations in {unit}"), unit=say(UNITS[layout.unit]))
    if layout.kind == "ordered":
        return say(_n("a scale of {n} level", "a scale of {n} levels"), n=len(layout.levels))
    if layout.kind == "list":
        return say(_("lists with “{separator}”"), separator=layout.separator)
    return say(_PLAIN[layout.kind])


def _numbers(layout: Layout) -> Message:
    if layout.unit[:1] == "/" and layout.unit[1:2].isdigit():
        return say(_("numbers out of {most}"), most=layout.unit[1:])
    if layout.unit:
        return say(_("numbers in {unit}"), unit=layout.unit)
    return say(_("numbers such as 1.234,5") if layout.decimal == "," else _PLAIN["number"])


def example_of(layout: str) -> str:
    """A date as the layout writes it: 22 September 2017."""
    for sign, shown in _SHOWN.items():
        layout = layout.replace(sign, shown)
    return layout
