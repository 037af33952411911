"""What the time budget did not allow is said to be left out, and gets more time by one click; on a real small run."""

from __future__ import annotations

import pytest

from core.compare.estimator import minutes_for
from core.data.schema import read_model
from core.job_params import CompareParams
from core.jobs import client
from core.messages import say
from core.results.comparison import CandidateResult, Comparison, Verdict, candidate_folder
from pages.compare import more_time
from pages.shared.runs import within
from tests.pages import trained
from tests.pages.conftest import OWNER, words


@pytest.fixture
def hurried(finished, monkeypatch):
    """The small tickets, where no time was left after the contrast.  →  workspace, run"""
    monkeypatch.setitem(within.MINUTES, "1/60000", 0.001)  # a choice of the form like any other
    workspace = finished("tickets")
    dataset = workspace.datasets(OWNER)[0].id
    names = [*trained.QUICK.candidates, "text-llm", "columns-as-text", "zero-shot"]
    plan = trained.QUICK.model_copy(update={"candidates": names, "budget_seconds": 0.001})
    return workspace, trained.train(workspace, dataset, plan, "In a hurry")


def result_of(workspace, run) -> Comparison:
    result = read_model(Comparison, client.folder(workspace, run) / "result.json")
    assert result is not None
    return result


def test_more_time_trains_what_was_left_out_and_nothing_twice(hurried, open_page):
    workspace, run = hurried
    before = result_of(workspace, run)
    assert {line.name: line.status for line in before.candidates} == {
        "dummy": "ok", "columns": "ok", "text-tfidf": "ok",
        "text-llm": "ok", "columns-as-text": "cancelled", "zero-shot": "cancelled",
    }  # fmt: skip
    page = open_page("compare")
    assert not page.exception
    assert words(page).count("Left out for lack of time: Columns as text · ") == 1
    assert "cancelled" not in words(page)
    grants = [button for button in page.button if button.label == "Give it 1 min"]
    assert len(grants) == 1
    grants[0].click().run()
    assert not page.exception
    job = client.get(workspace, run, OWNER)
    assert job.state == "queued"
    params = CompareParams.model_validate(job.params)
    assert (params.first, params.plan.budget_seconds, params.name) == ("columns-as-text", 0.001, "In a hurry")
    assert params.in_force().budget_seconds - before.spent_seconds == pytest.approx(60.0)  # what the button said

    fold = candidate_folder(client.folder(workspace, run), "dummy") / "folds" / "0.npz"
    trained_at = fold.stat().st_mtime_ns
    trained.carry_out(workspace, run)
    after = result_of(workspace, run)
    assert {line.status for line in after.candidates} == {"ok"}
    assert after.candidate("dummy").scores == before.candidate("dummy").scores
    assert after.candidate("dummy").ms_per_row == before.candidate("dummy").ms_per_row is not None
    assert (candidate_folder(client.folder(workspace, run), "dummy") / "folds" / "0.npz").stat().st_mtime_ns == (
        trained_at
    )
    page.run()
    assert not page.exception
    assert not [warning for warning in page.warning if "other settings" in warning.value]
    assert "Left out" not in words(page)


def test_a_changed_table_offers_no_more_time(hurried, open_page):
    workspace, _run = hurried
    schema = workspace.dataset_folder(workspace.datasets(OWNER)[0].id) / "schema.json"
    schema.write_text(schema.read_text())
    page = open_page("compare")
    assert "Left out for lack of time" in words(page)
    assert not [button for button in page.button if button.label.startswith("Give it")]


def left_out(name: str, seconds: float) -> CandidateResult:
    return CandidateResult(name=name, mode=name, status="cancelled", reason=say("no time"), needed_seconds=seconds)


def test_the_candidate_that_could_change_the_verdict_is_trained_first():
    lines = [left_out("columns", 100.0), left_out("joint", 208.0)]
    result = Comparison(task="binary", target="y", metric="accuracy", n_rows=100, folds=5, seed=0, candidates=lines)
    assert more_time.next_one(result).name == "columns"
    result.verdict = Verdict(code="too_close", text=say("close"), left_out=["joint"])
    assert more_time.next_one(result).name == "joint"


def test_the_time_is_what_was_estimated_and_something_to_spare():
    assert [minutes_for(seconds) for seconds in (5.0, 100.0, 2000.0)] == [1, 3, 44]  # 1.3 times as much: 6.5, 130, 2600
