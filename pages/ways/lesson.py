"""The lesson of the Three ways page: one click that trains a candidate of each way."""

from __future__ import annotations

import streamlit as st

from core.data.schema import Schema
from core.job_params import CompareParams
from core.jobs import client
from core.plan import Plan, Validation
from core.workspace import DatasetRow
from pages.shared import numbers, state
from pages.shared.i18n import _
from pages.shared.markup import plain
from pages.shared.runs import comparisons, starting
from pages.shared.session import current

LESSON = ("dummy", "columns", "classical", "classical+boosting", "cooperative", "assisted-margins", "joint")
LESSON_ROWS = 600


def draw(row: DatasetRow | None, job: client.Job | None) -> None:
    """One click that trains a candidate of each way on the current table, or on a sample."""
    busy = job is not None
    schema = None if row is None else state.schema(row.id)
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if row is None or schema is None or schema.target is None or schema.task is None:
            st.caption(_("There is no table with something to predict yet."))
            if st.button(_("Read the sample of support tickets"), type="primary", icon=":material/table:"):
                starting.read_sample("tickets")
                st.rerun()
            return
        words = _("On at most {n} rows of {table}, one quarter held back.")
        st.caption(plain(words.format(n=numbers.count(LESSON_ROWS), table=row.name)))
        if st.button(
            _("Train all three"),
            type="secondary" if busy else "primary",
            icon=":material/play_arrow:",
            disabled=busy,
            help=_("One comparison of a table runs at a time.") if busy else None,
            key="lesson-train",
        ):
            plan = _plan(schema, min(row.n_rows, LESSON_ROWS))
            name = _("Three ways") + f" · {row.name}"
            params = CompareParams(dataset=row.id, name=name, plan=plan, lesson=True)
            if job_id := starting.submit("compare", params, row.id):
                comparisons.OWN_LESSON.set((job_id, current.RUN.get()))
                st.rerun()


def _plan(schema: Schema, rows: int) -> Plan:
    """One candidate of each way beside what is to be beaten, on few rows, so that a lesson can wait for it."""
    made = Plan(target=str(schema.target), task=schema.task, target_as=schema.target_as, candidates=list(LESSON))
    return made.model_copy(update={"rows": rows, "validation": Validation(kind="holdout")})
