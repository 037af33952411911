"""What was decided about a column's cells that a reader of the table may want to know."""

from __future__ import annotations

from collections.abc import Mapping

from core.data.schema import Aside, Layout
from core.messages import Message, _, _n, clip, say

EXAMPLES = 3  # of cells, in a note
MOST_NAMED = 10  # columns, in a note
DECIMAL_COMMA = _("In “{column}” the comma is the decimal mark, as in 3,5.")
DECIMAL_COMMAS = _n(
    "In {n} column the comma is the decimal mark, as in 3,5: {columns}.",
    "In {n} columns the comma is the decimal mark, as in 3,5: {columns}.",
)
THOUSANDS_COMMA = _("In “{column}” the comma separates thousands, as in 1,234.5.")
THOUSANDS_COMMAS = _n(
    "In {n} column the comma separates thousands, as in 1,234.5: {columns}.",
    "In {n} columns the comma separates thousands, as in 1,234.5: {columns}.",
)
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
    found += [_aside(name, one) for one in layout.asides]
    if layout.kind == "date" and layout.ambiguous:
        first = say(_("day")) if layout.formats[0].startswith("%d") else say(_("month"))
        either = _("The dates in “{column}” could be day or month first; they were read {first} first.")
        found.append(say(either, column=name, first=first))
    if layout.kind == "time" and layout.ambiguous:
        found.append(say(_("The times in “{column}” could be durations; they were read as times of day."), column=name))
    if layout.kind == "pair":
        found.append(say(_("“{column}” holds two numbers in each cell; they became two columns."), column=name))
    return found


def notes_of_table(layouts: Mapping[str, Layout]) -> list[Message]:
    """Notes on all columns; what is said of several in the same words, of the marks in numbers, is said once."""
    found = [note for name, layout in layouts.items() for note in notes(name, layout)]
    for one, several in ((DECIMAL_COMMA, DECIMAL_COMMAS), (THOUSANDS_COMMA, THOUSANDS_COMMAS)):
        same = [note for note in found if note.id == one]
        if len(same) > 1:
            names = [str(note.params["column"]) for note in same]
            more = ["…"] if len(names) > MOST_NAMED else []
            found[found.index(same[0])] = say(several, n=len(names), columns=names[:MOST_NAMED] + more)
            found = [note for note in found if note.id != one]
    return found


def _aside(name: str, aside: Aside) -> Message:
    """What was left aside, or taken as given, to read some of the cells."""
    texts = {
        "mark": _n(
            "In “{column}” {n} number has a mark beside it that was left out: {examples}.",
            "In “{column}” {n} numbers have a mark beside them that was left out: {examples}.",
        ),
        "bound": _n(
            "In “{column}” {n} cell gives only a limit or a rough value; its number was taken: {examples}.",
            "In “{column}” {n} cells give only a limit or a rough value; their number was taken: {examples}.",
        ),
        "first day": _n(
            "In “{column}” {n} date has no day; the first day of its month or year was taken: {examples}.",
            "In “{column}” {n} dates have no day; the first day of their month or year was taken: {examples}.",
        ),
        "level": _n(
            "In “{column}” {n} cell has another name for a level, which was taken for the same: {examples}.",
            "In “{column}” {n} cells have another name for a level, which was taken for the same: {examples}.",
        ),
        "mixed": _n(
            "“{column}” holds times and {n} number of another kind, so it was read as words: {examples}. "
            "Leave out the rows of one kind, or choose “durations”: then the others become missing.",
            "“{column}” holds times and {n} numbers of another kind, so it was read as words: {examples}. "
            "Leave out the rows of one kind, or choose “durations”: then the others become missing.",
        ),
        "buddhist": _n(
            "In “{column}” {n} date has a year of the Buddhist calendar, of which 543 were taken away: {examples}.",
            "In “{column}” {n} dates have years of the Buddhist calendar, of which 543 were taken away: {examples}.",
        ),
        "apostrophe": _n(
            "In “{column}” an apostrophe before {n} value says that it is text; it was left out: {examples}.",
            "In “{column}” an apostrophe before {n} values says that they are text; it was left out: {examples}.",
        ),
        "serial": _n(
            "In “{column}” {n} number is a day as spreadsheets count them, and was read as that date: {examples}.",
            "In “{column}” {n} numbers are days as spreadsheets count them, and were read as those dates: {examples}.",
        ),
    }
    examples = [clip(word, 40) for word in aside.examples[:EXAMPLES]]
    return say(texts[aside.what], column=name, n=aside.n, examples=examples)


def _marks(name: str, layout: Layout) -> list[Message]:
    if layout.ambiguous:
        meant = say(_("thousands")) if layout.decimal == "." else say(_("decimals"))
        text = _("The commas in “{column}” could separate thousands or decimals; they were read as {meant}.")
        return [say(text, column=name, meant=meant)]
    if layout.decimal == ",":
        return [say(DECIMAL_COMMA, column=name)]
    if layout.thousands == ",":
        return [say(THOUSANDS_COMMA, column=name)]
    return []
