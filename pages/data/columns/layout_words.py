"""How the cells of a column are written, and what one of them was read as, in words."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from core.data.schema import Layout
from core.data.values.shown.words_for import layout_in_words
from pages.shared.i18n import _, language, t


def words(layout: Layout | None) -> str:
    """The kind of a column's cells with what belongs to it; nothing where it is not known."""
    return t(layout_in_words(layout)) if layout else ""


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
