"""The Three ways page: how an LLM and a classical model can work together, drawn with the numbers of this run."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import catalog
from core.data.schema import Schema
from core.jobs import client
from core.plan import CompareParams, Plan, Validation
from core.results.comparison import Candidate, Comparison
from core.workspace import DatasetRow
from pages.results import verdict_card
from pages.shared import names, numbers, state
from pages.shared.charts import display
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs import comparisons, job_panel, starting
from pages.ways import diagrams

LESSON = ("dummy", "columns", "classical", "classical+boosting", "cooperative", "assisted-margins", "joint")
LESSON_ROWS = 600
WIDTH = 280  # pixels of a diagram: its words fit
ORDER = ("running", "ok", "waiting", "failed", "skipped", "cancelled")


def draw() -> None:
    """Title, the three diagrams with what is under way, and a run that shows all three."""
    st.title(_("Three ways"))
    st.markdown(_("How can a language model and a classical model work together, and what passes between them?"))
    if arriving := starting.ARRIVING.get():
        job_panel.panel("read", arriving)
    row = state.dataset()
    job = None if row is None else comparisons.active(row.id)
    lesson = None if row is None else comparisons.own_lesson(row.id)
    for one in {found.id: found for found in (job, lesson) if found}.values():
        job_panel.follow(one)
    if job is not None:
        st.fragment(_live, run_every=1.0)(job.id)
    else:
        run = lesson.id if lesson and _result(lesson.id) else _run_of(row)
        result = _result(run) if run else None
        _diagrams(result)
        if result is not None:
            verdict_card.draw(result, run)
    _lesson(row, job)


def _run_of(row: DatasetRow | None) -> str:
    """The id of the table's chosen run; empty where there is none."""
    run = None if row is None else state.run(row.id)
    return "" if run is None else run.id


def _live(job_id: str) -> None:
    _diagrams(_result(job_id))


def _result(job_id: str) -> Comparison | None:
    return state.stored(Comparison, client.folder(state.workspace(), job_id) / "result.json")


def _diagrams(result: Comparison | None) -> None:
    chosen = {way: _line(result, way) for way in diagrams.titles()}
    row = st.container(horizontal=True)  # on a narrow screen they stand below each other
    for way, (title, about) in diagrams.titles().items():
        with row.container(border=True, width=WIDTH, height="stretch"):
            st.subheader(title, anchor=False)
            st.markdown(about)
            display.show(diagrams.diagram(way, chosen[way]), f"way-{way}", alt=about)
            _beneath(result, chosen[way])
    told = [(way, line) for way, line in chosen.items() if line is not None and line.flow is not None]
    if result is not None and told:
        with st.expander(_("The same as a table"), icon=":material/table:"):
            rows = diagrams.rows(told, result.metric, lambda line: names.line_label(line, result.task))
            display.table(pd.DataFrame(rows), "ways", name="three-ways")


def _line(result: Comparison | None, way: str) -> Candidate | None:
    """The candidate that stands for a way: the one in training, else the best one, else what is known of any."""
    lines = [line for line in result.candidates if catalog.fusion(line.mode).way == way] if result else []
    if not lines:
        return None

    def rank(line: Candidate) -> tuple[int, float]:
        score = line.scores.get(result.metric) if result else None
        return ORDER.index(line.status), -(score.mean if score else 0.0)

    return min(lines, key=rank)


def _beneath(result: Comparison | None, line: Candidate | None) -> None:
    if result is None or line is None:
        st.caption(_("Not in this run."))
        return
    st.caption(plain(names.line_label(line, result.task)))
    score = line.scores.get(result.metric)
    if score is None:
        st.markdown(plain(_state(line)))
        return
    st.metric(
        numbers.metric_label(result.metric), numbers.score(score), help=plain(numbers.metric_about(result.metric))
    )
    words = _("95 % interval {interval}").format(interval=numbers.between(score))
    trained = _("trained in {time}").format(time=numbers.seconds(line.fit_seconds))
    st.caption(plain(f"{words} · {trained}"))


def _state(line: Candidate) -> str:
    """A candidate without a score, in a sentence."""
    if line.status == "running":
        return _("In training.")
    if line.status == "waiting":
        return _("Still to come.")
    reason = t(line.reason) if line.reason else ""
    return _("{state}: {reason}").format(state=names.status_label(line), reason=reason)


def _lesson(row: DatasetRow | None, job: client.Job | None) -> None:
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
        ):
            plan = _plan(schema, min(row.n_rows, LESSON_ROWS))
            name = _("Three ways") + f" · {row.name}"
            params = CompareParams(dataset=row.id, name=name, plan=plan, lesson=True)
            if job_id := starting.submit("compare", params, row.id):
                comparisons.OWN_LESSON.set((job_id, state.RUN.get()))
                st.rerun()


def _plan(schema: Schema, rows: int) -> Plan:
    """One candidate of each way beside what is to be beaten, on few rows, so that a lesson can wait for it."""
    made = Plan(target=str(schema.target), task=schema.task, target_as=schema.target_as, candidates=list(LESSON))
    return made.model_copy(update={"rows": rows, "validation": Validation(kind="holdout")})


draw()
