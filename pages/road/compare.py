"""The Compare page: say what to predict and how, watch the candidates appear."""

from __future__ import annotations

import json
import shlex

import streamlit as st

from core.data.schema import Schema
from core.evaluate.result import Comparison
from core.jobs import client
from core.plan import CompareParams, Plan
from core.workspace import DatasetRow
from pages.parts import job_panel, leaderboard, numbers, plan_form, road, starting, state
from pages.parts.plain import plain
from pages.parts.words import _, t


def draw() -> None:
    """Title, the sentence to complete, the job, the leaderboard."""
    st.title(_("Compare"))
    st.markdown(_("Which model predicts best, and is a language model worth its cost?"))
    row = state.require_dataset()
    schema = state.schema(row.id)
    if schema is None or schema.target is None or schema.task is None:
        state.missing(_("Choose the column to predict on the Data page first."), "data", _("Go to Data"))
        return
    plan = plan_form.draw(row, schema, schema.task)
    job = job_panel.latest("compare", row.id)
    busy = job is not None and job.active
    if not plan.candidates:
        st.warning(_("Choose at least one candidate to train."))
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(
            _("Compare"),
            type="secondary" if busy else "primary",
            icon=":material/play_arrow:",
            disabled=busy or not plan.candidates,
            help=_("One comparison of a table runs at a time.") if busy else None,
        ):
            params = CompareParams(dataset=row.id, name=f"{row.name} · {plan.target}", plan=plan)
            if starting.submit("compare", params, row.id):
                st.rerun()
    job_panel.panel("compare", row.id)
    if job is not None:
        _board(job, plan)
    road.command(
        command(row, schema, plan), _("It trains the same candidates on the same folds, with the same result.")
    )


def _board(job: client.Job, plan: Plan) -> None:
    if job.active:
        st.fragment(_live, run_every=2.0)(job.id)
        return
    result = _result(job.id)
    if result is None:
        return
    if result.plan_digest != plan.digest():
        st.caption(_("These numbers came from other settings than those above. Press Compare to refresh."))
    _show(result)
    if result.best:
        state.RUN.set(job.id)
        road.next_step(_("See the results"), "results")


def _live(job_id: str) -> None:
    if (result := _result(job_id)) is not None:
        _show(result)


def _show(result: Comparison) -> None:
    if result.verdict is not None:
        st.info(plain(t(result.verdict.text)), icon=":material/gavel:")
    caption = _("Ranked by {metric} over {folds} folds of {rows} rows; the bars are 95 % intervals.")
    st.caption(
        plain(
            caption.format(
                metric=numbers.metric_label(result.metric), folds=result.folds, rows=numbers.count(result.n_rows)
            )
        )
    )
    for message in filter(None, [result.metric_reason, *result.warnings]):
        st.caption(plain(t(message)))
    leaderboard.draw(result, "board")


def _result(job_id: str) -> Comparison | None:
    return state.stored(Comparison, client.folder(state.workspace(), job_id) / "result.json")


def command(row: DatasetRow, schema: Schema, plan: Plan) -> str:
    """The command line for this plan: the plan itself as a file, since it carries every setting."""
    reading = state.reading(row.id)
    file = reading.files[0] if reading and reading.files else row.name
    roles = [
        f"{column.name}={column.role}"
        for column in schema.columns
        if column.role not in {column.guessed, "target"} and column.guessed != "target"
    ]
    plan_text = json.dumps(plan.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
    parts = ["python", "-m", "core", "compare", file, "--target", plan.target, "--plan", "plan.json"]
    for role in roles:
        parts += ["--role", role]
    line = " ".join(shlex.quote(part) for part in parts)
    return f"echo {shlex.quote(plan_text)} > plan.json\n{line}"


draw()
