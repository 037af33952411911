"""How the cells of a column are written, in words: “numbers in $”, “dates like 22-Sep-17”, “scale, 4 levels”."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date

from core.data.schema import Layout
from pages.parts.words import _, _n, language

_EXAMPLE = datetime(2017, 9, 22)


def words(layout: Layout | None) -> str:
    """The kind of a column's cells with what belongs to it; nothing where it is not known."""
    if layout is None:
        return ""
    if layout.kind == "number":
        return _number(layout)
    if layout.kind == "date":
        return _date((layout.formats or [""])[0])
    if layout.kind == "ordered":
        n = len(layout.levels)
        return _n("scale, {n} level", "scale, {n} levels", n).format(n=n)
    if layout.kind == "list":
        return _("lists, “{separator}” between items").format(separator=layout.separator)
    names = {
        "text": _("words"), "time": _("times of day, in hours"), "duration": _("durations, in hours"),
        "boolean": _("yes or no"), "pair": _("two numbers in a cell"), "domain": _("web sites"), "empty": _("nothing"),
    }  # fmt: skip
    return names[layout.kind]


def _number(layout: Layout) -> str:
    if layout.unit.startswith("/"):
        return _("numbers out of {most}").format(most=layout.unit[1:])
    if layout.separator:
        return _("fractions")
    kind = _("numbers in {unit}").format(unit=layout.unit) if layout.unit else _("numbers")
    return _("{kind}, decimal comma").format(kind=kind) if layout.decimal == "," else kind


def _date(how: str) -> str:
    fixed = {
        "": _("dates"), "epoch s": _("seconds since 1970"), "epoch ms": _("milliseconds since 1970"),
        "quarter": _("dates like {example}").format(example="2017Q3"),
    }  # fmt: skip
    return fixed.get(how) or _("dates like {example}").format(example=_EXAMPLE.strftime(how))


def value(text: str, layout: Layout) -> str:
    """What a cell was read as: a date with its month in words, a number as it is."""
    if layout.kind != "date":
        return text
    day, _space, time = text.partition(" ")
    locale = "zh_CN" if language() == "zh_CN" else "en_GB"
    return f"{format_date(date.fromisoformat(day), 'long', locale=locale)} {time}".strip()


def order(layout: Layout) -> str:
    """What stands first in a date, or which mark is which in a number."""
    if layout.kind == "date":
        return _("day first") if layout.formats[0].startswith("%d") else _("month first")
    return _("decimal point") if layout.decimal == "." else _("decimal comma")
