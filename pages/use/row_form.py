"""A form for one row, made from what the model expects of each column."""

from __future__ import annotations

import datetime
from typing import Any

import streamlit as st

from core.bundles.manifest import ColumnNeed, Manifest
from core.data.schema import Layout
from core.data.values.numeric.typed import is_written, number, written
from core.messages import AmalgamError
from pages.shared import numbers
from pages.shared.i18n import _, t
from pages.shared.markup import plain, short


def draw(manifest: Manifest, key: str) -> dict[str, Any] | None:
    """The row that was typed in, once the button is pressed."""
    values: dict[str, Any] = {}
    wrong: list[AmalgamError] = []
    with st.form(key, border=True):
        for place, need in enumerate(manifest.columns):
            layout = manifest.layout_of(need.name)
            if layout is None or need.role != "number" or not is_written(layout):
                values[need.name] = field(need, f"{key}-{place}", _first(need))
                continue
            try:
                values[need.name] = _written(need, layout, f"{key}-{place}")
            except AmalgamError as error:
                wrong.append(error)
        pressed = st.form_submit_button(_("Score this row"), type="primary", icon=":material/play_arrow:")
    for one in wrong if pressed else []:
        st.error(plain(f"{t(one.message)} {t(one.hint)}"))
    return values if pressed and not wrong else None


def _written(need: ColumnNeed, layout: Layout, key: str) -> float | None:
    """A number typed as its column writes it: 1,234.5 kg."""
    start = written(_first(need), layout)
    return number(st.text_input(_label(need, layout), start, key=key, help=_range(need, layout)), layout, need.name)


def _label(need: ColumnNeed, layout: Layout | None) -> str:
    """The column's name with its unit."""
    return f"{short(need.name)} ({plain(layout.unit)})" if layout is not None and layout.unit else short(need.name)


def _range(need: ColumnNeed, layout: Layout | None = None) -> str | None:
    """From where to where the numbers went in training."""
    if need.low is None or need.high is None:
        return None
    low, high = [written(end, layout) if layout is not None else numbers.figure(end) for end in (need.low, need.high)]
    return _("In training: {low} to {high}.").format(low=plain(low), high=plain(high))


def _first(need: ColumnNeed) -> float | None:
    return need.middle if need.role == "number" else None


def field(
    need: ColumnNeed, key: str, start: Any = None, *, more: str | None = None, layout: Layout | None = None
) -> Any:
    """The widget of one column.  →  its value, None for an empty cell

    Parameters
    ----------
    start : number, str or date, optional
        What stands in it first.
    more : str, optional
        A category that can be chosen besides those of training.
    layout : Layout, optional
        Of the column's cells: it says the unit.
    """
    label = _label(need, layout)
    if need.role == "number":
        return st.number_input(label, value=start, key=key, help=_range(need), format="%g")
    if need.role == "category":
        options = list(dict.fromkeys([*([more] if more else []), *need.values[:500]]))
        place = options.index(start) if start in options else None
        return st.selectbox(label, options, index=place, key=key, accept_new_options=True, placeholder="")
    if need.role == "date":
        day = st.date_input(label, value=start, key=key, min_value=datetime.date.min, max_value=datetime.date.max)
        return day.isoformat() if isinstance(day, datetime.date) else None
    return st.text_area(label, value=start or "", key=key) or None
