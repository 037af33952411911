"""The form of a condition that the rows of a cohort meet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.job_params import Condition
from core.results.explanations.cohort import shown
from pages.explain.global_.common import Found
from pages.shared import state
from pages.shared.i18n import _
from pages.shared.runs import held_out_rows

MOST_VALUES = 200  # of a category to choose from


def draw(found: Found, positions: np.ndarray) -> tuple[Condition | None, pd.Series]:
    """The condition, and its column's values in the explained rows."""
    schema = state.schema(found.row.dataset)
    columns = [one.name for one in schema.columns if one.role != "id"] if schema else []
    key = f"cohort-{found.row.id}"
    left, middle, right = st.columns(3)
    name = str(left.selectbox(_("Rows where"), columns, key=f"{key}-column") or columns[0])
    values = held_out_rows.column(found.row.dataset, name, positions)
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    moments = pd.api.types.is_datetime64_any_dtype(values)
    hows = {
        "is": _("is"),
        "at least": _("is at least"),
        "at most": _("is at most"),
        "contains": _("contains"),
        "missing": _("is missing"),
    }
    some = ["at least", "at most", "missing"] if numeric or moments else ["is", "contains", "missing"]
    if found.kind(name) == "text":
        some = ["contains", "missing"]
    how = middle.selectbox(
        _("Condition"), some, format_func=hows.__getitem__, key=f"{key}-how-{name}", label_visibility="hidden"
    )
    value: str | None = ""
    known = values.dropna()
    with right:
        if how in {"at least", "at most"} and moments:
            middle_day = known.sort_values().iloc[len(known) // 2] if len(known) else pd.Timestamp("2000-01-01")
            day = st.date_input(_("Value"), middle_day.date(), key=f"{key}-day-{name}")
            value = day.isoformat() if hasattr(day, "isoformat") else None
        elif how in {"at least", "at most"}:
            median = float(known.median()) if len(known) else 0.0
            number = st.number_input(_("Value"), value=median, key=f"{key}-number-{name}")
            value = None if number is None else repr(float(number))
        elif how == "is":
            options = [shown(one) for one in known.value_counts().index[:MOST_VALUES]]
            value = st.selectbox(_("Value"), options, key=f"{key}-value-{name}") if options else None
        elif how == "contains":
            value = st.text_input(_("Value"), key=f"{key}-text-{name}") or None
    return (None if value is None or how is None else Condition(column=name, how=how, value=value)), values
