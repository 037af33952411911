"""Learning to explain, on the Explain page: what it costs, what it found, and how it is forgotten."""

from __future__ import annotations

import shutil

import pytest

from core.explain.amortized import accuracy, jobs
from core.job_params import LearnParams, WholeParams
from core.jobs import client
from core.results.explanations.amortized import LEARNED_FILE, learned_folder
from core.workspace import Workspace
from tests.pages import trained
from tests.pages.conftest import OWNER, words

READ, COUNTED = "cooperative:minilm", "text-tfidf"


@pytest.fixture(scope="module")
def home_of_moods(tmp_path_factory):
    """Made-up tickets, two candidates, each explained over all rows."""
    workspace, dataset, run = trained.moods(tmp_path_factory.mktemp("moods"), 200, [READ, COUNTED])
    for name in (READ, COUNTED):
        params = WholeParams(run=run, candidate=name, output="probability", budget_seconds=3)
        trained.work(workspace, "explain-whole", params, dataset)
    return workspace.home


@pytest.fixture
def moods(home_of_moods, tmp_path, monkeypatch):
    """A copy of it, where the app will look."""
    shutil.copytree(home_of_moods, tmp_path / "home")
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
    return Workspace(tmp_path / "home")


@pytest.fixture
def look(open_page):
    """Opens the words of the whole data for a candidate."""

    def opened(workspace, candidate: str):
        run = workspace.runs(OWNER, kind="compare")[0]
        page = open_page("explain")
        page.selectbox(key=f"candidate-of-{run.id}-1").set_value(candidate).run()
        page.segmented_control(key="explain-view").set_value("whole").run()
        page.segmented_control(key="whole-look").set_value("words").run()
        assert not page.exception
        return page, run

    return opened


def test_what_is_asked_for_is_the_job(moods, look):
    page, run = look(moods, READ)
    assert "no label is read" in words(page)
    assert "Forget it" not in {button.label for button in page.button}
    page.segmented_control(key="learn-lessons").set_value(16_384).run()
    page.button(key="learn-words-start").click().run()
    assert not page.exception
    job = client.jobs(moods, OWNER, kind="learn-words")[0]
    asked = LearnParams.model_validate(job.params)
    assert (asked.run, asked.candidate, asked.column) == (run.id, READ, "text")
    assert (asked.output, asked.lessons) == ("probability", 16_384)


def test_a_candidate_whose_words_are_cheap_has_nothing_to_learn(moods, look):
    page, _run = look(moods, COUNTED)
    assert "no label is read" not in words(page)
    assert "learn-words-start" not in {button.key for button in page.button}


@pytest.mark.slow
def test_what_was_learned_is_said_and_can_be_forgotten(moods, look, monkeypatch):
    run = moods.runs(OWNER, kind="compare")[0]
    monkeypatch.setattr(jobs, "HELD_OUT_ROWS", 12)
    monkeypatch.setattr(accuracy, "HELD_OUT_PAIRS", 20)
    params = LearnParams(run=run.id, candidate=READ, output="probability", lessons=256)
    trained.work(moods, "learn-words", params, run.dataset)
    folder = learned_folder(moods.run_folder(run.id), READ)
    page, _run = look(moods, READ)
    told = words(page)
    assert "“text”: the word values are off by" in told
    assert "256 in all" in told
    assert "median of 12 texts" in told
    page.button(key="forget-text-probability").click().run()
    assert not page.exception
    assert not list(folder.glob(f"*/{LEARNED_FILE}"))
    assert "the word values are off by" not in words(page)
