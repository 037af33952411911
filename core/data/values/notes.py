"""What was decided about a column's cells that a reader of the table may want to know."""

from __future__ import annotations

from core.data.schema import Layout
from core.messages import Message, _, _n, clip, say

KINDS = {
    "number": _("numbers"),
    "date": _("dates"),
    "time": _("times"),
    "duration": _("durations"),
    "pair": _("pairs of numbers"),
    "ordered": _("levels of a scale"),
}


def notes(name: str, layout: Layout) -> list[Message]:
    """Notes on one column, the most important first."""
    found = []
    if layout.n_unread and layout.kind in KINDS:
        text = _n(
            "“{column}” holds {kind}; {n} cell that holds something else became missing: {examples}.",
            "“{column}” holds {kind}; {n} cells that hold something else became missing: {examples}.",
        )
        kind, words = say(KINDS[layout.kind]), [clip(word, 40) for word in layout.unread]
        found.append(say(text, column=name, kind=kind, n=layout.n_unread, examples=words))
    if layout.kind == "number" and (layout.decimal, layout.thousands) != (".", ""):
        found += _marks(name, layout)
    if layout.kind == "date" and layout.ambiguous:
        first = say(_("day")) if layout.formats[0].startswith("%d") else say(_("month"))
        either = _("The dates in “{column}” could be day or month first; they were read {first} first.")
        found.append(say(either, column=name, first=first))
    if layout.kind == "pair":
        found.append(say(_("“{column}” holds two numbers in each cell; they became two columns."), column=name))
    return found


def _marks(name: str, layout: Layout) -> list[Message]:
    if layout.ambiguous:
        meant = say(_("thousands")) if layout.decimal == "." else say(_("decimals"))
        text = _("The commas in “{column}” could separate thousands or decimals; they were read as {meant}.")
        return [say(text, column=name, meant=meant)]
    if layout.decimal == ",":
        return [say(_("In “{column}” the comma is the decimal mark, as in 3,5."), column=name)]
    if layout.thousands == ",":
        return [say(_("In “{column}” the comma separates thousands, as in 1,234.5."), column=name)]
    return []
