"""A form for one row, made from what the model expects of each column."""

from __future__ import annotations

import datetime
from typing import Any

import streamlit as st

from core.manifest import ColumnNeed, Manifest
from pages.parts import numbers
from pages.parts.plain import short
from pages.parts.words import _


def draw(manifest: Manifest, key: str) -> dict[str, Any] | None:
    """The row that was typed in, once the button is pressed."""
    with st.form(key, border=True):
        values = {need.name: field(need, f"{key}-{place}", _first(need)) for place, need in enumerate(manifest.columns)}
        pressed = st.form_submit_button(_("Score this row"), type="primary", icon=":material/play_arrow:")
    return values if pressed else None


def _first(need: ColumnNeed) -> float | None:
    return need.middle if need.role == "number" else None


def field(need: ColumnNeed, key: str, start: Any = None, *, more: str | None = None) -> Any:
    """The widget of one column.  →  its value, None for an empty cell

    Parameters
    ----------
    start : number, str or date, optional
        What stands in it first.
    more : str, optional
        A category that can be chosen besides those of training.
    """
    label = short(need.name)
    if need.role == "number":
        about = None
        if need.low is not None and need.high is not None:
            about = _("In training: {low} to {high}.").format(
                low=numbers.figure(need.low), high=numbers.figure(need.high)
            )
        return st.number_input(label, value=start, key=key, help=about, format="%g")
    if need.role == "category":
        options = list(dict.fromkeys([*([more] if more else []), *need.values[:500]]))
        place = options.index(start) if start in options else None
        return st.selectbox(label, options, index=place, key=key, accept_new_options=True, placeholder="")
    if need.role == "date":
        day = st.date_input(label, value=start, key=key, min_value=datetime.date.min, max_value=datetime.date.max)
        return day.isoformat() if isinstance(day, datetime.date) else None
    return st.text_area(label, value=start or "", key=key) or None
