"""“Within” on the Compare page: what the question needs, or as much as there is time for."""

from __future__ import annotations

import streamlit as st

from core.catalog import Task
from core.catalog.defaults import all_candidates, usual_candidates
from core.compare.estimator import usual_budget
from core.data.schema import Schema
from core.plan import Validation
from pages.shared.i18n import _

NEEDED = "needed"  # what the question needs, and no clock but on tables that take too long
MINUTES = {"1": 60.0, "2": 120.0, "5": 300.0, "15": 900.0, "60": 3600.0, "none": None}
FOLDS = Validation().folds


def usual(schema: Schema, n_rows: int, task: Task, drop: list[str] | None = None) -> tuple[list[str], float | None]:
    """The candidates that the question needs, and their budget."""
    names = usual_candidates(*_counts(schema, drop), task)
    return names, usual_budget(names, n_rows, FOLDS, len(schema.names("text")))


def offered(
    schema: Schema, n_rows: int, task: Task, drop: list[str] | None = None
) -> dict[str, tuple[list[str], float | None]]:
    """Each choice with its candidates and its budget, where the candidates are left to Amalgam."""
    everything = all_candidates(*_counts(schema, drop), task)
    return {NEEDED: usual(schema, n_rows, task, drop)} | {
        name: (everything, seconds) for name, seconds in MINUTES.items()
    }


def draw(key: str, *, own: bool) -> str:
    """The select box.  →  the choice"""
    labels = {NEEDED: _("what the question needs"), "none": _("no limit")}
    labels |= {name: _("{n} min").format(n=name) for name in MINUTES if name != "none"}
    options = list(MINUTES) if own else [NEEDED, *MINUTES]
    chosen = st.selectbox(
        _("Within"),
        options,
        options.index("none") if own else 0,  # who chooses a candidate means it to be trained
        format_func=labels.__getitem__,
        key=f"{key}-within-{'own' if own else 'amalgam'}",
        persist_state="session",
        help=_(
            "Guessing, columns, word counts beside columns, and a language model are trained in any case, since the "
            "question needs them. By default a language model trained on the target is, too, so that the clock decides "
            "nothing. Within a time, as much else is trained as fits; the time is for all of it."
        ),
    )
    return chosen or options[0]


def _counts(schema: Schema, drop: list[str] | None) -> tuple[int, int]:
    kinds = (("text",), ("number", "category", "date"))
    n_texts, n_columns = (len([name for name in schema.names(*roles) if name not in (drop or [])]) for roles in kinds)
    return n_texts, n_columns
