"""How two candidates agree or not, in words: what can happen to a row, and how uneven it is."""

from __future__ import annotations

import pandas as pd

from core.evaluate import agreement
from pages.shared import numbers
from pages.shared.i18n import _, _n
from pages.shared.markup import plain


def sentence(frame: pd.DataFrame, inflation: float, found: dict[agreement.Outcome, int]) -> str:
    """How uneven the rows are that only one of them gets right, and how sure that is."""
    first, second = found["first"], found["second"]
    template = (
        _n(
            "Of {n} row that only one of them gets right, the first gets {first}, the second {second}.",
            "Of {n} rows that only one of them gets right, the first gets {first}, the second {second}.",
            first + second,
        )
        if "neither" in found
        else _n(
            "Of {n} row where one of them is closer, the first is closer on {first}, the second on {second}.",
            "Of {n} rows where one of them is closer, the first is closer on {first}, the second on {second}.",
            first + second,
        )
    )
    text = template.format(n=numbers.count(first + second), first=numbers.count(first), second=numbers.count(second))
    if first + second:
        gain = agreement.lead(frame, inflation)
        text = _("{sentence} The lead of the first per 100 rows is {gain} (95 % interval {low} to {high}).").format(
            sentence=text, gain=_points(gain.mean), low=_points(gain.low), high=_points(gain.high)
        )
    return plain(text)


def _points(share: float) -> str:
    return f"{round(100 * share, 1) + 0.0:.1f}"


def in_words(classes: bool) -> dict[str, str]:
    """What can happen to a row that two candidates answered, in words."""
    if classes:
        return {
            "both": _("both are right"),
            "first": _("only the first is right"),
            "second": _("only the second is right"),
            "neither": _("both are wrong"),
        }
    return {"first": _("the first is closer"), "second": _("the second is closer"), "both": _("both are as close")}
