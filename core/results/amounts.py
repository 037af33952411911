"""Figures, gains, durations and sizes in the one form in which every page, report and command shows them."""

from __future__ import annotations

import math

from core.catalog import METRICS
from core.messages import Message, _, say
from core.results.comparison import Interval


def figure(value: float | None, digits: int = 3) -> str:
    """A number with `digits` that count: 0.8123 → 0.812, 41234.5 → 41,234, 0.00002 → 2e-05."""
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(float(f"{value:.{digits - 1}e}"))))
    if size >= digits - 1:
        return f"{value:,.0f}"
    if size < -4:
        return f"{value:.{digits}g}"
    return f"{value:.{digits - 1 - size}f}"


def decimals(interval: Interval) -> int:
    """As many decimals as the interval deserves: its width shows at least two digits, never more than four decimals."""
    width = interval.high - interval.low
    size = max(abs(interval.mean), abs(interval.low), abs(interval.high), 1e-9)
    if size >= 100:
        return 0
    if width <= 0 or not math.isfinite(width):
        return max(0, min(4, 2 - math.floor(math.log10(size))))
    return max(0, min(4, 1 - math.floor(math.log10(width)), 2 - min(0, math.floor(math.log10(size)))))


def gain(interval: Interval, metric: str) -> Message:
    """The size of a gain in a metric, without its sign: 4.8 points; where the metric is no share of rows, 0.033.

    Examples
    --------
    >>> print(gain(Interval(mean=-0.048, low=-0.056, high=-0.04), "accuracy"))
    4.8 points
    """
    mean, _low, _high = _gains(interval, metric)
    return _in_points(mean.lstrip("+−"), metric)


def gain_at_best(interval: Interval, metric: str) -> Message:
    """The upper end of a gain's interval: 6.4 points."""
    _mean, _low, high = _gains(interval, metric)
    return _in_points(high.lstrip("+"), metric)


def gain_interval(interval: Interval, metric: str) -> Message:
    """The interval of a gain: −0.4 to 6.4 points."""
    _mean, low, high = _gains(interval, metric)
    text = _("{low} to {high} points") if METRICS[metric].in_points else _("{low} to {high}")
    return say(text, low=low.lstrip("+"), high=high.lstrip("+"))


def gain_with_interval(interval: Interval, metric: str) -> Message:
    """A gain with its sign and its interval: +3.0 points (−0.4 to +6.4).

    Examples
    --------
    >>> print(gain_with_interval(Interval(mean=0.0314, low=-0.0021, high=0.0652), "r2"))
    +0.031 (−0.002 to +0.065)
    """
    mean, low, high = _gains(interval, metric)
    between = say(_("{low} to {high}"), low=low, high=high)
    return say(_("{mean} ({interval})"), mean=_in_points(mean, metric), interval=between)


def _gains(interval: Interval, metric: str) -> tuple[str, str, str]:
    """Mean, low and high with their signs, in points or on the metric's own scale; zero is never minus zero."""
    points = METRICS[metric].in_points
    scale, places = (100, 1) if points else (1, decimals(interval))
    mean, low, high = (
        f"{round(value * scale, places) + 0.0:+,.{places}f}".replace("-", "−")
        for value in (interval.mean, interval.low, interval.high)
    )
    return mean, low, high


def _in_points(shown: str, metric: str) -> Message:
    return say(_("{n} points"), n=shown) if METRICS[metric].in_points else say("{n}", n=shown)


def duration(seconds: float | None) -> Message:
    """A duration: 0.8 s, 38 s, 5 min, 1 min 10 s, 2 h 5 min."""
    if seconds is None or not math.isfinite(seconds):
        return say("–")
    if seconds < 10:
        return say(_("{n} s"), n=figure(seconds, 2))
    whole = round(seconds)
    if whole < 60:
        return say(_("{n} s"), n=whole)
    if whole < 3600 and whole % 60 == 0:
        return say(_("{n} min"), n=whole // 60)
    if whole < 3600:
        return say(_("{m} min {s} s"), m=whole // 60, s=whole % 60)
    return say(_("{h} h {m} min"), h=whole // 3600, m=whole % 3600 // 60)


def size(megabytes: float | None) -> Message:
    """A size: 0.04 MB, 90 MB, 1.2 GB."""
    if megabytes is None or not math.isfinite(megabytes):
        return say("–")
    if megabytes >= 1000:
        return say(_("{n} GB"), n=figure(megabytes / 1000, 2))
    return say(_("{n} MB"), n=figure(megabytes, 2))
