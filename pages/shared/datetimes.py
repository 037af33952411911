"""Points in time as people say them, in the viewer's own time zone."""

from __future__ import annotations

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from pages.shared.i18n import _


def when(moment: float) -> str:
    """“today 14:05”, “yesterday 9:30”, else the date and time."""
    zone = _zone()
    then, now = datetime.fromtimestamp(moment, zone), datetime.now(zone)
    clock = f"{then:%H:%M}"
    days = (now.date() - then.date()).days
    if days == 0:
        return _("today {time}").format(time=clock)
    if days == 1:
        return _("yesterday {time}").format(time=clock)
    return f"{then:%Y-%m-%d} {clock}"


def _zone() -> tzinfo | None:
    name = st.context.timezone
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
