"""The Three ways page: nothing yet, a run that shows all three, one under way, names that try to be markup."""

from __future__ import annotations

import pytest

from core.data.schema import write_model
from core.job_params import CompareParams
from core.jobs import client
from core.jobs.table import partial_folder
from core.plan import Plan
from core.results.comparison import CandidateResult, Comparison, Interval
from core.results.flow import Flow
from pages.ways import diagrams, numbered
from tests.pages.conftest import OWNER, words

FLOW = Flow(n_rows=450, n_texts=447, width=384, n_columns=5, n_features=401, fit_seconds=2.5)


def line(name: str, status: str = "ok", score: float = 0.7, flow: Flow | None = FLOW) -> CandidateResult:
    scores = {"accuracy": Interval(mean=score, low=score - 0.05, high=score + 0.05)} if status == "ok" else {}
    return CandidateResult(
        name=name, mode=name.partition("@")[0], status=status, scores=scores, fit_seconds=3.0,
        flow=flow if status == "ok" else None,
    )  # fmt: skip


def comparison(*lines: CandidateResult, target: str = "priority") -> Comparison:
    return Comparison(
        task="multiclass", target=target, metric="accuracy", classes=["a", "b"], n_rows=600, folds=1, seed=0,
        candidates=list(lines),
    )  # fmt: skip


def running(workspace, dataset: str, result: Comparison) -> str:
    params = CompareParams(dataset=dataset, name="Lesson", plan=Plan(target=result.target))
    job = client.submit(workspace, kind="compare", owner=OWNER, params=params, dataset=dataset)
    folder = partial_folder(workspace, job)
    folder.mkdir(parents=True)
    write_model(result, folder / "result.json")
    return job


def texts(figure) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations if annotation.text]


def test_without_a_table_it_offers_the_sample(open_page, workspace):
    page = open_page("ways")
    assert not page.exception
    assert words(page).count("Not in this run.") == 3
    next(button for button in page.button if button.label.startswith("Read the sample")).click().run()
    assert client.jobs(workspace, OWNER, kind="read")[0].params["sample"] == "tickets"


def test_one_click_trains_a_candidate_of_each_way(open_page, workspace, tickets):
    page = open_page("ways")
    next(button for button in page.button if button.label == "Train all three").click().run()
    assert not page.exception
    plan = CompareParams.model_validate(client.jobs(workspace, OWNER, kind="compare")[0].params).plan
    assert {"dummy", "cooperative", "joint"} < set(plan.candidates)
    assert plan.validation.kind == "holdout"
    assert plan.rows == 600


def test_what_is_in_training_is_lit_and_what_is_done_has_its_score(open_page, workspace, tickets):
    result = comparison(
        line("dummy"), line("cooperative"), line("joint", "running"), line("assisted-margins", "waiting")
    )
    running(workspace, tickets, result)
    page = open_page("ways")
    assert not page.exception
    assert "0.70" in [metric.value for metric in page.metric]
    assert "In training." in words(page)
    assert "Still to come." in words(page)


def test_the_best_candidate_stands_for_its_way(open_page, workspace, tickets):
    better = line("cooperative@words", score=0.9)
    running(workspace, tickets, comparison(line("cooperative"), better))
    page = open_page("ways")
    assert [metric.value for metric in page.metric] == ["0.90"]


@pytest.mark.parametrize("way", list(numbered.titles()))
def test_a_diagram_carries_the_numbers_of_its_run(way):
    figure = diagrams.diagram(way, line("cooperative"))
    assert "447 texts" in texts(figure)
    assert "5 columns" in texts(figure)
    assert "384 numbers" in texts(figure) or way == "assisted"
    assert not [text for text in texts(diagrams.diagram(way, None)) if any(letter.isdigit() for letter in text)]


@pytest.mark.parametrize(("status", "width"), [("running", 3), ("waiting", 1.5), ("ok", 1.5), ("skipped", 1.5)])
def test_only_what_is_in_training_is_drawn_thick(status, width):
    shapes = diagrams.diagram("cooperative", line("cooperative", status)).layout.shapes
    assert {shape.line.width for shape in shapes} == {width}


def test_trust_and_steps_are_told():
    advised = FLOW.model_copy(update={"trust": 0.25})
    trained = FLOW.model_copy(update={"n_steps": 42, "n_trained": 10_700_000})
    assert "advice, trusted 0.25" in texts(diagrams.diagram("assisted", line("cooperative", flow=advised)))
    assert "corrections: 42 steps" in texts(diagrams.diagram("joint", line("joint", flow=trained)))
    assert ("Training steps", "42") in numbered.counts(trained)
