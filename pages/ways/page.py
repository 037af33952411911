"""The Three ways page: how an LLM and a classical model can work together, drawn with the numbers of this run."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import catalog
from core.jobs import client
from core.results.comparison import CandidateResult, Comparison
from core.workspace import DatasetRow
from pages.results import verdict_card
from pages.shared import names, numbers, state
from pages.shared.charts import display
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs import comparisons, job_panel, starting
from pages.shared.session import current
from pages.ways import diagrams, numbered
from pages.ways import lesson as lesson_form

WIDTH = 280  # pixels of a diagram: its words fit
ORDER = ("running", "ok", "waiting", "failed", "skipped", "cancelled")


def draw() -> None:
    """Title, the three diagrams with what is under way, and a run that shows all three."""
    st.title(_("Three ways"))
    st.markdown(_("How can a language model and a classical model work together, and what passes between them?"))
    if arriving := starting.ARRIVING.get():
        job_panel.panel("read", arriving)
    row = current.dataset()
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
    lesson_form.draw(row, job)


def _run_of(row: DatasetRow | None) -> str:
    """The id of the table's chosen run; empty where there is none."""
    run = None if row is None else current.run(row.id)
    return "" if run is None else run.id


def _live(job_id: str) -> None:
    _diagrams(_result(job_id))


def _result(job_id: str) -> Comparison | None:
    return state.stored(Comparison, client.folder(state.workspace(), job_id) / "result.json")


def _diagrams(result: Comparison | None) -> None:
    chosen = {way: _line(result, way) for way in numbered.titles()}
    row = st.container(horizontal=True)  # on a narrow screen they stand below each other
    for way, (title, about) in numbered.titles().items():
        with row.container(border=True, width=WIDTH, height="stretch"):
            st.subheader(title, anchor=False)
            st.markdown(about)
            display.show(diagrams.diagram(way, chosen[way]), f"way-{way}", alt=about)
            _beneath(result, chosen[way])
    told = [(way, line) for way, line in chosen.items() if line is not None and line.flow is not None]
    if result is not None and told:
        with st.expander(_("The same as a table"), icon=":material/table:"):
            rows = numbered.rows(told, result.metric, lambda line: names.line_label(line, result.task))
            display.table(pd.DataFrame(rows), "ways", name="three-ways")


def _line(result: Comparison | None, way: str) -> CandidateResult | None:
    """The candidate that stands for a way: the one in training, else the best one, else what is known of any."""
    lines = [line for line in result.candidates if catalog.fusion(line.mode).way == way] if result else []
    if not lines:
        return None

    def rank(line: CandidateResult) -> tuple[int, float]:
        score = line.scores.get(result.metric) if result else None
        return ORDER.index(line.status), -(score.mean if score else 0.0)

    return min(lines, key=rank)


def _beneath(result: Comparison | None, line: CandidateResult | None) -> None:
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


def _state(line: CandidateResult) -> str:
    """A candidate without a score, in a sentence."""
    if line.status == "running":
        return _("In training.")
    if line.status == "waiting":
        return _("Still to come.")
    reason = t(line.reason) if line.reason else ""
    return _("{state}: {reason}").format(state=names.status_label(line), reason=reason)


draw()
