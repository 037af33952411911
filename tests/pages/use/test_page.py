"""The Use page: a row typed in, a file, the bundle; on a real small model."""

from __future__ import annotations

import pandas as pd
import pytest

from core.job_params import PredictParams
from core.jobs import client, failures
from core.jobs.table import JobError
from core.messages import say
from core.results.comparison import slug
from core.workspace import new_id
from pages.shared.markup import plain
from tests.pages import trained
from tests.pages.conftest import OWNER, words


def only_run(workspace):
    return workspace.runs(OWNER, kind="compare")[0]


def choose(page, run: str, candidate: str):
    """Look at this candidate, which the page without guessing offers."""
    return page.selectbox(key=f"candidate-of-{run}-1").set_value(candidate).run()


def uploaded(workspace, frame: pd.DataFrame) -> str:
    """A file that a browser has sent.  →  the upload's id"""
    upload = new_id()
    workspace.upload_folder(upload).mkdir(parents=True)
    workspace.add_upload(upload, OWNER)
    frame.to_csv(workspace.upload_folder(upload) / "new.csv", index=False)
    return upload


def test_without_a_run_the_page_says_what_to_do(open_page, tickets):
    page = open_page("use")
    assert not page.exception
    assert page.button(key="missing-compare").label == "Go to Compare"


def test_the_file_way_names_the_columns_it_needs(finished, open_page):
    workspace = finished("tickets")
    page = open_page("use")
    assert not page.exception
    choose(page, only_run(workspace).id, "text-tfidf")
    assert "The file needs these columns: message." in words(page)


def test_a_typed_row_is_sent_and_scored(finished, open_page):
    workspace = finished("tickets")
    run = only_run(workspace)
    page = open_page("use")
    choose(page, run.id, "text-tfidf")
    page.segmented_control(key="use-way").set_value("row").run()
    assert not page.exception
    page.text_area[0].set_value("The server is down and nobody can work")
    next(button for button in page.button if button.label == "Score this row").click().run()
    assert not page.exception
    job = client.jobs(workspace, OWNER, kind="predict")[0]
    assert job.params["rows"] == [{"message": "The server is down and nobody can work"}]


def test_a_scored_row_is_shown_with_its_probabilities(finished, open_page):
    workspace = finished("tickets")
    run = only_run(workspace)
    params = PredictParams(run=run.id, candidate="text-tfidf", rows=[{"message": "The server is down"}])
    job = trained.work(workspace, "predict", params, run.dataset)
    page = open_page("use")
    page.session_state["scored-job"] = job
    page.run()
    assert not page.exception
    assert "1 row scored" in words(page)
    table = page.dataframe[0].value
    assert len(table) == 1
    assert next(iter(table.columns)) == "prediction"
    assert table.filter(like="probability_").iloc[0].sum() == pytest.approx(1.0, abs=1e-6)


def test_a_scored_file_is_shown_and_can_be_taken(finished, open_page):
    workspace = finished("tickets")
    run = only_run(workspace)
    upload = uploaded(workspace, pd.DataFrame({"message": ["Please help", "=cmd()", "**bold**"], "other": [1, 2, 3]}))
    job = trained.work(
        workspace, "predict", PredictParams(run=run.id, candidate="text-tfidf", upload=upload), run.dataset
    )
    page = open_page("use")
    page.session_state["scored-job"] = job
    page.run()
    assert not page.exception
    assert "3 rows scored" in words(page)
    assert list(page.dataframe[0].value["message"]) == ["Please help", "=cmd()", "**bold**"]


def test_the_bundle_and_the_command_are_offered(finished, open_page):
    workspace = finished("tickets")
    run = only_run(workspace)
    page = open_page("use")
    choose(page, run.id, "columns")
    page.segmented_control(key="use-way").set_value("take").run()
    assert not page.exception
    assert f"/amalgam/download/bundle/{run.id}/{slug('columns')}.zip" in [link.url for link in page.link_button]
    assert any("core predict" in code.value for code in page.code)


def test_markup_in_column_names_stays_text(finished, open_page):
    finished("hostile")
    page = open_page("use")
    for way in ("file", "row", "take"):
        page.segmented_control(key="use-way").set_value(way).run()
        assert not page.exception, way
        shown = words(page) + "".join(element.label for element in (*page.text_area, *page.number_input))
        assert way == "take" or plain(trained.HOSTILE_COLUMNS[2]) in shown
        for untrusted in trained.HOSTILE_COLUMNS:
            assert untrusted not in shown, (way, untrusted)


def with_failed(workspace, run, open_page, error: JobError):
    """The page after a scoring that failed."""
    params = PredictParams(run=run.id, candidate="text-tfidf", upload=new_id())
    job = client.submit(workspace, kind="predict", owner=OWNER, params=params, dataset=run.dataset)
    with workspace.database() as database:
        database.execute("UPDATE jobs SET state = 'failed', error = ? WHERE id = ?", (error.to_json(), job))
    page = open_page("use")
    page.session_state["scored-job"] = job
    return page.run()


def test_a_file_that_does_not_fit_the_model_is_not_to_be_scored_again(finished, open_page):
    workspace = finished("tickets")
    run = only_run(workspace)
    error = JobError("mismatched_table", say("The table has no column “message”."))
    page = with_failed(workspace, run, open_page, error)
    assert [element.label for element in page.button if element.label in ("Resume", "Dismiss")] == ["Dismiss"]


def test_scoring_that_the_full_disk_ended_can_be_resumed(finished, open_page):
    workspace = finished("tickets")
    run = only_run(workspace)
    page = with_failed(workspace, run, open_page, failures.disk_full())
    assert [element.label for element in page.button if element.label in ("Resume", "Dismiss")] == ["Resume", "Dismiss"]
