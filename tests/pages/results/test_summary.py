"""The summary on Results: by rules at once, kept once it is written, edited by its owner alone, never markup."""

from __future__ import annotations

import pytest

from core.data.schema import read_model
from core.evaluate import summary
from core.evaluate.report import of_run
from core.job_params import GenerateParams
from core.jobs import client
from core.results.comparison import Answer, Comparison, Detail, candidate_folder
from core.results.kept_texts import About, edit, fingerprint, keep, read
from tests.pages.conftest import OWNER, words

ODD = "<script>x</script> **bold** $x^2$ :smile:"


@pytest.fixture
def run(finished):
    workspace = finished("tickets")
    return workspace, workspace.runs(OWNER, kind="compare")[0]


def told(workspace, row):
    folder = workspace.run_folder(row.id)
    result = read_model(Comparison, folder / "result.json")
    return result.best, summary.of_run(
        result, result.best, read_model(Detail, candidate_folder(folder, result.best) / "detail.json")
    )


@pytest.fixture
def written(run):
    """A run whose summary a model has written: workspace, run, what it is kept under, its facts."""
    workspace, row = run
    best, found = told(workspace, row)
    about, facts = About(task="summary", candidate=best, language="en"), fingerprint(found.text("en"))
    answer = Answer(text=f"It works. {ODD}", tokens=9, seconds=1.0, stopped="end", model="SmolLM2-135M-Instruct")
    keep(workspace.run_folder(row.id), about, answer, facts)
    return workspace, row, about, facts


def kept(workspace, row, about):
    return read(workspace.run_folder(row.id), about)


@pytest.mark.usefixtures("run")
def test_before_anything_is_written_the_rules_speak(open_page):
    page = open_page("results")
    assert not page.exception
    shown = words(page)
    for sentence in (
        "Nothing here is clearly better than guessing.",
        "usable rows",
        "What to do next",
        "What to doubt",
    ):
        assert sentence in shown
    assert "Put together from the results by rules" in shown
    assert page.button(key="write-summary").label == "Write a summary"


def test_what_was_written_is_there_in_every_tab_with_who_wrote_it(written, open_page):
    page = open_page("results")
    assert not page.exception
    assert f"It works. {ODD}" in [text.value for text in page.text]  # literally
    assert "Written by SmolLM2-135M-Instruct, today" in words(page)
    assert "Every sentence was checked against the facts." in words(page)
    assert "The results have changed" not in words(page)
    assert page.button(key="write-summary").label == "Write again"


def test_a_text_that_is_being_written_is_seen_from_another_tab(run, open_page):
    workspace, row = run
    best, _found = told(workspace, row)
    params = GenerateParams(task="summary", run=row.id, candidate=best)
    client.submit(workspace, kind="generate", owner=OWNER, params=params, dataset=row.dataset)
    page = open_page("results")
    assert not page.exception
    assert page.button(key="write-summary").disabled
    assert any(button.label == "Cancel" for button in page.button)


def test_the_button_asks_for_the_text_once(run, open_page):
    workspace, row = run
    page = open_page("results")
    page.button(key="write-summary").click().run()
    assert not page.exception
    (job,) = client.jobs(workspace, OWNER, kind="generate")
    assert (job.dataset, job.params["run"]) == (row.dataset, row.id)
    assert page.button(key="write-summary").disabled


def test_a_text_is_edited_and_the_changes_are_undone(written, open_page):
    workspace, row, about, _facts = written
    page = open_page("results")
    page.button(key="edit-summary").click().run()
    box = page.text_area(key=f"typed-{about.name}")
    assert box.value == f"It works. {ODD}"
    box.set_value(f"Mine. {ODD}")
    page.button(key="save-summary").click().run()
    assert not page.exception
    assert kept(workspace, row, about).text == f"Mine. {ODD}"
    assert f"Mine. {ODD}" in [text.value for text in page.text]
    assert "Edited by you, today" in words(page)
    assert "Every sentence was checked" not in words(page)
    assert page.button(key="write-summary").disabled  # it would be written and not seen
    page.button(key="undo-summary").click().run()
    assert not page.exception
    assert f"It works. {ODD}" in [text.value for text in page.text]
    assert kept(workspace, row, about).edited is None


def test_changes_that_are_not_saved_change_nothing(written, open_page):
    workspace, row, about, _facts = written
    page = open_page("results")
    page.button(key="edit-summary").click().run()
    page.text_area(key=f"typed-{about.name}").set_value("Mine.")
    page.button(key="leave-summary").click().run()
    assert not page.exception
    assert kept(workspace, row, about).edited is None
    assert f"It works. {ODD}" in [text.value for text in page.text]


def test_an_empty_text_is_refused(written, open_page):
    workspace, row, about, _facts = written
    page = open_page("results")
    page.button(key="edit-summary").click().run()
    page.text_area(key=f"typed-{about.name}").set_value("  ")
    page.button(key="save-summary").click().run()
    assert "An empty text is not kept." in words(page)
    assert kept(workspace, row, about).edited is None


def test_the_text_of_the_rules_can_be_edited_too_and_stands_in_the_report(run, open_page):
    workspace, row = run
    best, found = told(workspace, row)
    about = About(task="summary", candidate=best, language="en")
    page = open_page("results")
    page.button(key="edit-summary").click().run()
    box = page.text_area(key=f"typed-{about.name}")
    assert box.value == found.text("en")
    box.set_value("In my own words.")
    page.button(key="save-summary").click().run()
    assert not page.exception
    assert "First put together from the results by rules. Edited by you, today" in words(page)
    report = of_run(workspace.run_folder(row.id), "en", title="x")
    assert "In my own words." in report
    assert "Edited by a person" in report


def test_a_text_that_adds_nothing_to_the_rules_is_shown_as_theirs(run, open_page):
    workspace, row = run
    best, found = told(workspace, row)
    about = About(task="summary", candidate=best, language="en")
    answer = Answer(text=found.text("en"), tokens=9, seconds=1.0, stopped="end", model="m", by_rules=True)
    keep(workspace.run_folder(row.id), about, answer, fingerprint(found.text("en")))
    page = open_page("results")
    assert found.text("en") not in [text.value for text in page.text]
    assert "**Nothing here is clearly better than guessing.**" in words(page)
    assert "Put together from the results by rules; no model wrote any of it." in words(page)


def test_a_text_of_other_results_says_that_they_changed(written, open_page):
    workspace, row, about, _facts = written
    edit(workspace, row.id, OWNER, about, "Old.", "other facts")
    assert "The results have changed since this text was made." in words(open_page("results"))
