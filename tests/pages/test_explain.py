"""The Explain page on a real explanation of a small model."""

from __future__ import annotations

import pytest

from core.evaluate.explanation import ColumnEffect, Part, RowExplanation
from core.jobs import client
from core.plan import ExplainParams, WholeParams
from pages.parts import explain_charts
from tests.pages import trained
from tests.pages.conftest import OWNER, words


def only_run(workspace):
    return workspace.runs(OWNER, kind="compare")[0]


@pytest.fixture
def explained(finished):
    """Tickets whose second row has been explained."""
    workspace = finished("tickets")
    run = only_run(workspace)
    shared = {"run": run.id, "candidate": "text-tfidf", "output": "probability", "budget_seconds": 5}
    trained.work(workspace, "explain", ExplainParams(rows=[1], **shared), run.dataset)
    trained.work(workspace, "explain-whole", WholeParams(**shared), run.dataset)
    return workspace


def test_without_a_run_the_page_says_what_to_do(open_page, tickets):
    page = open_page("road/explain")
    assert not page.exception
    assert page.button(key="missing-compare").label == "Go to Compare"


def test_the_cost_stands_there_before_it_starts(finished, open_page):
    finished("tickets")
    page = open_page("road/explain")
    assert not page.exception
    assert "This takes about" in words(page)
    assert "Nothing has been explained yet" in words(page)


def test_a_mistake_can_be_chosen_and_is_what_the_job_explains(finished, open_page):
    workspace = finished("tickets")
    run = only_run(workspace)
    page = open_page("road/explain")
    page.segmented_control(key=f"row-way-{run.id}").set_value("mistake").run()
    assert not page.exception
    picker = next(box for box in page.selectbox if box.key and box.key.startswith("mistake-"))
    assert "taken for" in picker.options[0]
    chosen = picker.value
    next(button for button in page.button if button.label == "Explain").click().run()
    job = client.jobs(workspace, OWNER, kind="explain")[0]
    assert job.params["rows"] == [chosen]
    assert job.state == "queued"


def test_an_explained_row_shows_its_bars_its_words_and_its_sum(explained, open_page):
    page = open_page("road/explain")
    page.selectbox(key=f"candidate-of-{only_run(explained).id}-1").set_value("text-tfidf").run()
    assert not page.exception
    shown = words(page)
    assert "Why row 2 was called" in shown
    assert "sum to" in shown
    assert "opened into words" in shown
    page.segmented_control(key="explain-view").set_value("whole").run()
    assert not page.exception
    assert "How far each column moves the answer" in words(page)
    assert len(page.get("plotly_chart")) >= 2


def test_bars_run_from_the_base_to_the_output():
    row = RowExplanation(
        row=0,
        base=0.4,
        output=0.7,
        columns=[ColumnEffect(name=f"c{n}", value=0.02, low=0, high=0.04) for n in range(15)],
        error=0.0,
        evaluations=1,
        seconds=0.1,
    )
    bars = explain_charts.row(row, "probability").data[0]
    assert len(bars.x) == explain_charts.MOST_BARS
    assert bars.base[0] == 0.4
    assert bars.base[-1] + bars.x[-1] == pytest.approx(0.7)


def test_words_are_shaded_and_nothing_else_becomes_markup():
    text = "<b>late</b> **again** $x$"
    parts = [Part(text="late", start=3, end=7, value=0.2, low=0.1, high=0.3)]
    parts.append(Part(text="again", start=14, end=19, value=-0.1, low=-0.2, high=0))
    shaded = explain_charts.shaded(text, parts)
    assert ":blue-background[late]" in shaded
    assert ":orange-background[again]" in shaded
    assert r"\<b\>" in shaded
    assert r"\*\*" in shaded
    assert r"\$x\$" in shaded
