"""A shared run as a stranger reads it: the report's contents, nothing to change or take, no row of the table."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from core.access import audit, shares
from core.data.schema import write_model
from core.job_params import WholeParams
from core.jobs import client
from core.jobs.housekeeping import delete_run
from core.results.comparison import Comparison, Interval
from core.results.explanations.global_explanation import Importance, WholeExplanation, WordEffect
from core.results.kept_texts import About, edit
from tests.pages.conftest import OWNER, words

SENTENCE = "This link has expired or was taken back, or it is not yours."


@pytest.fixture
def run(finished):
    workspace = finished("tickets")
    return workspace, workspace.runs(OWNER, kind="compare")[0]


@pytest.fixture
def opened(app):
    """Opens a link as somebody else."""

    def open_link(token):
        app.session_state["owner"] = "stranger"
        app.query_params["share"] = token
        return app.run()

    return open_link


def result(workspace, row):
    return Comparison.model_validate_json((workspace.run_folder(row.id) / "result.json").read_text())


def explained(workspace, row):
    """An explanation of the best candidate, with a word of a text in it."""
    best = result(workspace, row).best
    params = WholeParams(run=row.id, candidate=best)
    job = client.submit(workspace, kind="explain-whole", owner=OWNER, params=params, dataset=row.dataset)
    with workspace.database() as database:
        database.execute("UPDATE jobs SET state = 'done' WHERE id = ?", (job,))
    value = Interval(mean=0.3, low=0.2, high=0.4)
    whole = WholeExplanation(
        run=row.id, candidate=best, unit="probability", background_rows=10, n_rows=20,
        shapley=[Importance(name="channel", value=value)], permutation=[Importance(name="channel", value=value)],
        permutation_metric="accuracy", words=[WordEffect(column="text", text="secretword", n_rows=3, value=0.1)],
    )  # fmt: skip
    workspace.run_folder(job).mkdir()
    write_model(whole, workspace.run_folder(job) / "whole.json")


def every_view(page):
    """The words of the page in each of its views, and the tables."""
    control = page.segmented_control(key="shared-view")
    seen = []
    for view in [option.content for option in control.proto.options]:
        control = page.segmented_control(key="shared-view")
        key = next(one for one in KEYS if KEYS[one] == view)
        control.set_value(key).run()
        assert not page.exception, view
        seen.append(words(page) + "".join(table.value.to_csv() for table in page.dataframe))
    return "\n".join(seen)


KEYS = {
    "classes": "By class", "curves": "Curves", "calibration": "Calibration", "threshold": "Threshold",
    "explanation": "What it looks at", "learning": "Learning curve", "settings": "Settings and timings",
}  # fmt: skip


def test_a_stranger_reads_the_report(run, opened):
    workspace, row = run
    explained(workspace, row)
    token = shares.make(workspace, row.id, OWNER)
    page = opened(token)
    assert not page.exception
    assert [title.value for title in page.title] == ["First try"]
    shown = words(page)
    assert "Somebody has shared this comparison with you" in shown
    assert "Best candidate" in shown
    assert len(page.metric) == 3
    seen = every_view(page)
    assert "How far each column moves the answer" in seen
    assert [link.url for link in page.link_button] == [f"/amalgam/shared/{token}/report.html?language=en"]


def test_a_stranger_can_change_and_take_nothing(run, opened):
    workspace, row = run
    page = opened(shares.make(workspace, row.id, OWNER))
    assert not page.exception
    assert list(page.button) == []
    assert list(page.text_input) == []
    assert list(page.selectbox) == []
    assert page.get("download_button") == []
    assert {control.key for control in page.segmented_control} == {"language", "shared-view"}
    assert client.jobs(workspace, "stranger") == []
    assert workspace.runs("stranger") == []


def test_a_stranger_reads_the_summary_as_its_owner_left_it(run, opened):
    workspace, row = run
    about = About(task="summary", candidate=result(workspace, row).best, language="en")
    edit(workspace, row.id, OWNER, about, "Mine <b>alone</b>", "")
    page = opened(shares.make(workspace, row.id, OWNER))
    assert not page.exception
    assert "Mine <b>alone</b>" in [text.value for text in page.text]
    assert "Edited by a person, today" in words(page)
    assert list(page.button) == []
    assert list(page.text_area) == []


def test_no_row_word_or_name_of_the_table_is_shown(run, opened):
    workspace, row = run
    explained(workspace, row)
    page = opened(shares.make(workspace, row.id, OWNER))
    seen = every_view(page)
    table = pd.read_parquet(workspace.dataset_folder(row.dataset) / "table.parquet")
    texts = {str(text) for name in table for text in table[name].dropna() if len(str(text)) > 20}
    assert len(texts) > 50
    assert [text for text in texts if text in seen] == []
    assert "secretword" not in seen
    assert "Tickets" not in seen


def test_nothing_but_results_is_read_from_the_disk(run, opened):
    workspace, row = run
    token = shares.make(workspace, row.id, OWNER)
    for path in [*workspace.dataset_folder(row.dataset).iterdir(), *workspace.run_folder(row.id).rglob("*.parquet")]:
        if path.is_file():
            path.write_bytes(b"not to be read")
    page = opened(token)
    assert every_view(page)


def test_a_number_is_read_too(finished, opened):
    workspace = finished("reviews")
    (row,) = workspace.runs(OWNER, kind="compare")
    page = opened(shares.make(workspace, row.id, OWNER))
    assert every_view(page)
    assert {metric.label for metric in page.metric} == {"R²", "RMSE", "MAE"}


def test_names_and_classes_stay_text(finished, opened):
    workspace = finished("hostile")
    (row,) = workspace.runs(OWNER, kind="compare")
    page = opened(shares.make(workspace, row.id, OWNER))
    assert page.title[0].value == "\\`odd\\` \\<u\\>run\\</u\\>"
    assert every_view(page)


@pytest.mark.parametrize("how", ["never made", "taken back", "expired", "deleted", "cut", "empty"])
def test_a_link_that_leads_nowhere_says_so_in_one_sentence(run, opened, how):
    workspace, row = run
    token = shares.make(workspace, row.id, OWNER)
    if how == "taken back":
        shares.revoke(workspace, shares.digest(token), OWNER)
    elif how == "expired":
        with workspace.database() as database:
            database.execute("UPDATE shares SET expires = 1")
    elif how == "deleted":
        delete_run(workspace, row.id, OWNER)
    page = opened({"never made": "x" * 32, "cut": token[:-1], "empty": ""}.get(how, token))
    assert not page.exception
    assert SENTENCE in words(page)
    assert "no table yet" not in words(page)
    assert list(page.title) == []
    page.button(key="not-yours").click().run()
    assert not page.exception
    assert "share" not in page.query_params
    assert [title.value for title in page.title] == ["Text and columns, one model"]


def test_a_link_taken_back_while_it_is_read_ends_the_reading(run, opened):
    workspace, row = run
    token = shares.make(workspace, row.id, OWNER)
    page = opened(token)
    shares.revoke(workspace, shares.digest(token), OWNER)
    page.segmented_control(key="shared-view").set_value("settings").run()
    assert SENTENCE in words(page)
    assert len(page.metric) == 0


def test_opening_is_written_down_once(run, opened):
    workspace, row = run
    page = opened(shares.make(workspace, row.id, OWNER))
    page.run()
    acts = [json.loads(line) for line in audit.log_file(workspace.home).read_text().splitlines()]
    assert [(line["act"], line["owner"], line["about"]) for line in acts] == [("open-shared", "stranger", row.id)]


def test_the_owner_reads_it_as_a_stranger_does(run, app):
    workspace, row = run
    app.query_params["share"] = shares.make(workspace, row.id, OWNER)
    page = app.run()
    assert not page.exception
    assert list(page.button) == []
