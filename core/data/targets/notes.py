"""What was made of the target's cells, in sentences. Light: no pandas."""

from __future__ import annotations

from collections.abc import Collection

from core.data.targets.class_names import ranges
from core.messages import Message, _, _n, clip, say
from core.plan import TargetAs


def target_note(how: TargetAs, name: str) -> Message | None:
    """What is predicted in the place of the column as it stands, in one sentence; None where it is that."""
    if how.way == "log":
        text = _("“{column}” is learned by its logarithm; predictions, scores and errors are in its own unit.")
        return say(text, column=name)
    if how.way == "bins":
        return say(_("“{column}” is predicted as ranges: {ranges}."), column=name, ranges=ranges(how.edges))
    if how.way == "label":
        text = _("It is predicted whether “{column}” holds “{label}”: alone or among other labels.")
        return say(text, column=name, label=clip(how.label, 60))
    return None


def notes_of(how: TargetAs, name: str, known: Collection[str] = ()) -> list[Message]:
    """All that was done to the target's cells, for who meets the finished model or the table: a sentence each.

    known: classes of the table, where it is at hand
    """
    made = target_note(how, name)
    notes = [made] if made is not None else []
    if how.rare == "drop":
        text = _("Classes of “{column}” with fewer than {least} rows are left out.")
        notes.append(say(text, column=name, least=how.rare_below))
    elif how.rare == "merge":
        text = _("Classes of “{column}” with fewer than {least} rows are one class, “{other}”.")
        if how.other in known:
            text = _(
                "Classes of “{column}” with fewer than {least} rows join the class “{other}”, which is there already."
            )
        notes.append(say(text, column=name, least=how.rare_below, other=how.other))
    return notes


def rare_note(how: TargetAs, name: str, n_classes: int, n_rows: int, n_beside: int = 0) -> Message | None:
    """What became of rare classes; None where there were none.

    n_beside: rows of a class that has the name of the merged ones already
    """
    if not how.rare or not n_classes:
        return None
    dropped = _n(
        "{n} class of “{column}” has fewer than {least} rows and was left out, {rows} rows in all.",
        "{n} classes of “{column}” have fewer than {least} rows each and were left out, {rows} rows in all.",
    )
    merged = _n(
        "{n} class of “{column}” has fewer than {least} rows and is called “{other}” now, {rows} rows in all.",
        "{n} classes of “{column}” have fewer than {least} rows each and are one class now, “{other}”, {rows} rows in "
        "all.",
    )
    joined = _n(
        "{n} class of “{column}” has fewer than {least} rows and joins “{other}”, a class that {beside} rows are of "
        "already; {rows} rows in all.",
        "{n} classes of “{column}” have fewer than {least} rows each and join “{other}”, a class that {beside} rows "
        "are of already; {rows} rows in all.",
    )
    return say(
        dropped if how.rare == "drop" else joined if n_beside else merged,
        beside=n_beside,
        n=n_classes,
        column=name,
        least=how.rare_below,
        rows=n_rows,
        other=how.other,
    )
