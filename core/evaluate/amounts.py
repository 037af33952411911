"""Figures, durations and sizes in the one form in which every page, report and command shows them."""

from __future__ import annotations

import math

from core.messages import Message, _, say


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
        return f"{value:.{digits - 1}g}"
    return f"{value:.{digits - 1 - size}f}"


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
