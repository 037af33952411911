"""How long a comparison will take, before it starts, and whether the time allowed is enough to judge by."""

from __future__ import annotations

import streamlit as st

from core.compare.estimator import guess_all
from core.compare.schedule import first_of
from core.data.schema import Schema
from core.plan import Plan
from core.results.comparison import Comparison
from core.workspace import DatasetRow
from pages.shared import numbers
from pages.shared.i18n import _
from pages.shared.markup import plain

ALIKE = 1.5  # times as many rows, at most


def draw(row: DatasetRow, schema: Schema, plan: Plan, result: Comparison | None) -> None:
    """One line: the time it takes, or the time allowed; and a warning where that is too short for an answer."""
    if not plan.candidates:
        return
    needed = _seconds(row, schema, plan, first_of(plan.candidates, plan.task), result)
    everything = _seconds(row, schema, plan, plan.candidates, result)
    budget = plan.budget_seconds
    if budget is not None and needed > budget:
        text = _(
            "What it takes to judge the language model needs about {needed}, more than the {budget} allowed. It is "
            "trained in any case; the rest is left out."
        )
        st.caption(plain(text.format(needed=numbers.seconds(round(needed)), budget=numbers.seconds(budget))))
        return
    known = set(plan.candidates) <= _measured(result, plan.rows or row.n_rows).keys()
    text = _("About {time}, judging by the last run.") if known else _("About {time}, a first guess.")
    allowed = everything if budget is None else min(everything, budget)
    st.caption(plain(text.format(time=numbers.seconds(round(allowed)))))


def _seconds(row: DatasetRow, schema: Schema, plan: Plan, names: list[str], result: Comparison | None) -> float:
    folds = plan.validation.n_fits - 1
    return guess_all(
        names, plan.rows or row.n_rows, folds, len(schema.names("text")), _measured(result, plan.rows or row.n_rows)
    )


def _measured(result: Comparison | None, n_rows: int) -> dict[str, float]:
    """Seconds of a fit, by a run of about as many rows; nothing by one of far fewer or more."""
    alike = result is not None and n_rows / ALIKE <= result.n_rows <= n_rows * ALIKE
    lines = result.candidates if result is not None and alike else []
    return {line.name: line.fit_seconds for line in lines if line.fit_seconds is not None}
