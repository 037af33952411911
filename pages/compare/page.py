"""The Compare page: say what to predict and how, watch the candidates appear."""

from __future__ import annotations

import streamlit as st

from core.data.schema import Schema
from core.job_params import CompareParams
from core.jobs import client
from core.plan import Plan
from core.workspace import DatasetRow
from pages.compare import board, estimate, plan_form
from pages.data import joined
from pages.data.columns import overview
from pages.shared import navigation, state
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs import comparisons, job_panel, starting
from pages.shared.session import current
from pages.shared.terminal import command


def draw() -> None:
    """Title, the sentence to complete, the job, the leaderboard."""
    st.title(_("Compare"))
    st.markdown(_("Which model predicts best, and is a language model worth its cost?"))
    row = current.require_dataset()
    schema = state.schema(row.id)
    if schema is None or schema.target is None or schema.task is None:
        current.missing(_why_not(row.id), "data", _("Go to Data"))
        return
    overview.target(row, schema)
    plan = plan_form.draw(row, schema, schema.task)
    at_work = comparisons.active(row.id)
    job = comparisons.chosen(row.id) or comparisons.asked(row.id)
    if at_work is not None and not comparisons.is_lesson(at_work):
        job = at_work
    work = job if isinstance(job, client.Job) else None  # what the command line made has none
    busy = at_work is not None
    result = None if job is None or busy else board.stored(job.id)
    in_force = _in_force(work, plan)
    fresh = result is not None and result.best is not None and result.plan_digest == in_force.digest()
    if not plan.candidates:
        st.warning(_("Choose at least one candidate to train."))
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if not fresh and not busy:
            estimate.draw(row, schema, plan, result)
        _start(row, plan, busy=busy, fresh=fresh)
    for one in {found.id: found for found in (at_work, work) if found}.values():
        job_panel.follow(one)
    if job is not None:
        board.draw(row, job, in_force)
    _command(row, schema, in_force)


def _start(row: DatasetRow, plan: Plan, *, busy: bool, fresh: bool) -> None:
    """The button; it is not the next step where the plan's results stand below already."""
    pressed = st.button(
        _("Compare"),
        type="secondary" if busy or fresh else "primary",
        icon=":material/play_arrow:",
        disabled=busy or not plan.candidates,
        help=_("One comparison of a table runs at a time.") if busy else None,
        key="compare-start",  # one button whatever its colour: a press while the page is drawn anew is not lost
    )
    if pressed:
        params = CompareParams(dataset=row.id, name=f"{row.name} · {plan.target}", plan=plan)
        if starting.submit("compare", params, row.id):
            current.RUN.set("")  # the new one takes its place
            st.rerun()


def _command(row: DatasetRow, schema: Schema, plan: Plan) -> None:
    """The command that makes the same comparison."""
    reading, cleaning = state.reading(row.id), state.cleaning(row.id)
    files = list(reading.files) if reading and reading.files else [row.name]
    joins = joined.joins(row.id)
    about = _("It trains the same candidates on the same folds, with the same result.")
    navigation.command(
        command.compare(
            [*files, *joined.flags(joins)],
            schema,
            plan,
            cleaning,
            reading.options if reading else None,
            state.test_file(row.id),
        ),
        joined.about(joins, command.does_the_same(schema, cleaning, about)),
    )


def _why_not(dataset: str) -> str:
    """Why there is nothing to compare yet: what is wrong with the target, or that there is none."""
    report = state.report(dataset)
    for finding in report.findings if report else []:
        if finding.code == "target":
            return plain(f"{t(finding.message)} {t(finding.action)}".strip())
    return _("Choose the column to predict on the Data page first.")


def _in_force(job: client.Job | None, plan: Plan) -> Plan:
    """The plan above, with the time that the comparison of it has been granted since."""
    asked = CompareParams.model_validate(job.params) if job is not None else None
    return asked.in_force() if asked is not None and asked.plan == plan else plan


draw()
