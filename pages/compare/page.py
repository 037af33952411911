"""The Compare page: say what to predict and how, watch the candidates appear."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.jobs import client
from core.plan import CompareParams, Plan
from core.results.comparison import Comparison
from core.workspace import DatasetRow, RunRow
from pages.compare import estimate, more_time, plan_form
from pages.data import joined
from pages.data.columns import overview
from pages.results import training, verdict_card
from pages.shared import navigation, numbers, state
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs import comparisons, job_panel, leaderboard, starting
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
    result = None if job is None or busy else _result(job.id)
    in_force = _in_force(work, plan)
    fresh = result is not None and result.best is not None and result.plan_digest == in_force.digest()
    if not plan.candidates:
        st.warning(_("Choose at least one candidate to train."))
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if not fresh and not busy:
            estimate.draw(row, schema, plan, result)
        if st.button(
            _("Compare"),
            type="secondary" if busy or fresh else "primary",
            icon=":material/play_arrow:",
            disabled=busy or not plan.candidates,
            help=_("One comparison of a table runs at a time.") if busy else None,
        ):
            params = CompareParams(dataset=row.id, name=f"{row.name} · {plan.target}", plan=plan)
            if starting.submit("compare", params, row.id):
                current.RUN.set("")  # the new one takes its place
                st.rerun()
    for one in {found.id: found for found in (at_work, work) if found}.values():
        job_panel.follow(one)
    if job is not None:
        _board(row, job, in_force)
    reading, cleaning = state.reading(row.id), state.cleaning(row.id)
    files = list(reading.files) if reading and reading.files else [row.name]
    joins = joined.joins(row.id)
    about = _("It trains the same candidates on the same folds, with the same result.")
    navigation.command(
        command.compare(
            [*files, *joined.flags(joins)],
            schema,
            in_force,
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


def _board(row: DatasetRow, job: client.Job | RunRow, plan: Plan) -> None:
    if isinstance(job, client.Job) and job.active:
        st.fragment(_live, run_every=2.0)(job.id)
        return
    result = _result(job.id)
    if result is None:
        return
    if result.plan_digest != plan.digest():
        st.warning(_("These numbers came from other settings than those above. Press Compare to refresh."))
    offer = partial(more_time.draw, row=row, job=job) if isinstance(job, client.Job) else more_time.draw
    _show(result, job.id, offer)
    if result.best:
        current.RUN.set(job.id)
        navigation.next_step(_("See the results"), "results")


def _live(job_id: str) -> None:
    if (result := _result(job_id)) is not None:
        _show(result, job_id, more_time.draw)
        training.live(client.folder(state.workspace(), job_id), result)


def _show(result: Comparison, run: str, left_out: Callable[[Comparison], None]) -> None:
    verdict_card.draw(result, run)
    caption = _("Ranked by {metric} over {folds} folds of {rows} rows; the bars are 95 % intervals.")
    if result.folds == 1:
        caption = _("Ranked by {metric} on a part held back of {rows} rows; the bars are 95 % intervals.")
    st.caption(
        plain(
            caption.format(
                metric=numbers.metric_phrase(result.metric), folds=result.folds, rows=numbers.count(result.n_rows)
            )
        )
    )
    for message in filter(None, [result.metric_reason, *result.warnings]):
        st.caption(plain(t(message)))
    leaderboard.draw(result, "board", left_out)


def _result(job_id: str) -> Comparison | None:
    return state.stored(Comparison, client.folder(state.workspace(), job_id) / "result.json")


draw()
