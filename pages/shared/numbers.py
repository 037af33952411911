"""Numbers as people read them: two or three digits that count, units, intervals."""

from __future__ import annotations

import math

from core.catalog import METRICS
from core.messages import COLUMNS, ROWS, say
from core.results import amounts
from core.results.comparison import Interval
from pages.shared.i18n import _, t


def figure(value: float | None, digits: int = 3) -> str:
    """A number with `digits` that count: 0.8123 → 0.812, 41234.5 → 41,234, 0.00002 → 2e-05."""
    return amounts.figure(value, digits)


def score(interval: Interval | None) -> str:
    """The mean alone, with the digits its interval deserves."""
    return "–" if interval is None else f"{interval.mean:,.{amounts.decimals(interval)}f}"


def score_with_interval(interval: Interval | None) -> str:
    """“0.81 (0.79 to 0.83)”."""
    if interval is None:
        return "–"
    return _("{mean} ({interval})").format(mean=score(interval), interval=between(interval))


def between(interval: Interval) -> str:
    """“0.79 to 0.83”."""
    places = amounts.decimals(interval)
    return _("{low} to {high}").format(low=f"{interval.low:,.{places}f}", high=f"{interval.high:,.{places}f}")


def signed(value: float | None, digits: int = 2) -> str:
    """A change, with its sign: +0.27, −0.01."""
    if value is None or not math.isfinite(value):
        return "–"
    text = figure(abs(value), digits)
    return text if value == 0 else f"{'+' if value > 0 else '−'}{text}"


def seconds(value: float | None) -> str:
    """A duration: 0.8 s, 38 s, 1 min 10 s, 2 h 5 min."""
    return t(amounts.duration(value))


def megabytes(value: float | None) -> str:
    """A size: 0.04 MB, 90 MB, 1.2 GB."""
    return t(amounts.size(value))


def count(value: int) -> str:
    """A whole number with its thousands set apart."""
    return f"{value:,}"


def rows(value: int) -> str:
    """“1 row”, “14,640 rows”."""
    return t(say(ROWS, n=value))


def columns(value: int) -> str:
    """“1 column”, “8 columns”."""
    return t(say(COLUMNS, n=value))


def metric_label(name: str) -> str:
    """A metric's name for people; one the catalogue does not know stands as it is."""
    return t(METRICS[name].label) if name in METRICS else name.replace("_", " ")


def metric_phrase(name: str) -> str:
    """The same within a sentence: “accuracy”, but “ROC AUC”."""
    return t(METRICS[name].in_sentence) if name in METRICS else name.replace("_", " ")


def metric_about(name: str) -> str:
    """What a metric means, in one sentence."""
    return t(METRICS[name].about) if name in METRICS else ""
