"""The Explain page on a real explanation of a small model."""

from __future__ import annotations

import shutil

import pytest

from core.assistant import facts
from core.data.schema import read_model
from core.job_params import ExplainParams, WholeParams
from core.jobs import client
from core.results.comparison import Answer
from core.results.explanations.rows import ColumnEffect, Explanation, Part, RowExplanation
from core.results.kept_texts import fingerprint, keep, read
from core.workspace import Workspace
from pages.explain.row import charts
from pages.explain.row import text as explain_text
from tests.pages import trained
from tests.pages.conftest import OWNER, words


def only_run(workspace):
    return workspace.runs(OWNER, kind="compare")[0]


@pytest.fixture(scope="module")
def explained_home(homes, tmp_path_factory):
    """Tickets whose second row and whole table have been explained."""
    home = tmp_path_factory.mktemp("explained") / "home"
    shutil.copytree(homes("tickets"), home)
    workspace = Workspace(home)
    run = only_run(workspace)
    shared = {"run": run.id, "candidate": "text-tfidf", "output": "probability", "budget_seconds": 5}
    trained.work(workspace, "explain", ExplainParams(rows=[1], **shared), run.dataset)
    trained.work(workspace, "explain-whole", WholeParams(**shared), run.dataset)
    return home


@pytest.fixture
def explained(explained_home, tmp_path, monkeypatch):
    """A copy of it, where the app will look."""
    shutil.copytree(explained_home, tmp_path / "home")
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
    return Workspace(tmp_path / "home")


def test_a_row_in_words_is_there_again_for_the_same_row_and_class_only(explained, open_page):
    run = only_run(explained)
    found = common_explanation(explained)
    about = facts.about_row(found, found.rows[0], "en")
    assert (about.row, about.candidate, about.unit) == (1, "text-tfidf", "probability")
    answer = Answer(text="Because of <b>urgent</b>.", tokens=9, seconds=1.0, stopped="end", model="m")
    mark = fingerprint(facts.text(facts.of_row(found.rows[0], found.unit), "en"))
    keep(explained.run_folder(run.id), about, answer, mark)
    page = open_page("explain")
    page.selectbox(key=f"candidate-of-{run.id}-1").set_value("text-tfidf").run()
    assert not page.exception
    assert "Because of <b>urgent</b>." in [text.value for text in page.text]
    assert "Written by m, today" in words(page)
    page.button(key="edit-row").click().run()
    page.text_area(key=f"typed-{about.name}").set_value("Mine.")
    page.button(key="save-row").click().run()
    assert not page.exception
    assert read(explained.run_folder(run.id), about).text == "Mine."
    other = about.model_copy(update={"label": "another"})
    assert read(explained.run_folder(run.id), other).text == ""


def common_explanation(workspace):
    (job,) = client.jobs(workspace, OWNER, kind="explain")
    return read_model(Explanation, workspace.run_folder(job.id) / "explanation.json")


def test_without_a_run_the_page_says_what_to_do(open_page, tickets):
    page = open_page("explain")
    assert not page.exception
    assert page.button(key="missing-compare").label == "Go to Compare"


def test_the_cost_stands_there_before_it_starts(finished, open_page):
    finished("tickets")
    page = open_page("explain")
    assert not page.exception
    assert "This takes about" in words(page)
    assert "Nothing has been explained yet" in words(page)


def test_a_mistake_can_be_chosen_and_is_what_the_job_explains(finished, open_page):
    workspace = finished("tickets")
    run = only_run(workspace)
    page = open_page("explain")
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
    page = open_page("explain")
    page.selectbox(key=f"candidate-of-{only_run(explained).id}-1").set_value("text-tfidf").run()
    assert not page.exception
    shown = words(page)
    assert "Why row 2 was called" in shown
    assert "sum to" in shown
    assert "opened into words" in shown
    assert "bars exact" in shown
    assert "--rows 1 --output probability" in page.code[0].value
    page.segmented_control(key="explain-view").set_value("whole").run()
    assert not page.exception
    assert "How far each column moves the answer" in words(page)
    assert len(page.get("plotly_chart")) >= 2


def test_a_text_is_opened_sentence_by_sentence(explained, open_page):
    page = open_page("explain")
    page.selectbox(key=f"candidate-of-{only_run(explained).id}-1").set_value("text-tfidf").run()
    sentence = page.selectbox(key="row-0-text-0-sentence")
    assert sentence.options[0].startswith("1 · ")
    before = len(page.get("plotly_chart"))
    sentence.set_value(1).run()
    assert not page.exception
    assert len(page.get("plotly_chart")) == before


def test_bars_stay_on_the_page_while_the_next_row_is_explained(explained, open_page):
    run = only_run(explained)
    params = ExplainParams(run=run.id, candidate="text-tfidf", rows=[2])
    client.submit(explained, kind="explain", owner=OWNER, params=params, dataset=run.dataset)
    page = open_page("explain")
    page.selectbox(key=f"candidate-of-{run.id}-1").set_value("text-tfidf").run()
    assert not page.exception
    assert "Why row 2 was called" in words(page)
    assert not page.code


def test_a_sentence_has_its_own_words():
    text = "Late. Rude staff."
    pieces = [(0, 5, "sentence"), (0, 5, "word"), (6, 17, "sentence"), (6, 10, "word"), (11, 17, "word")]
    parts = [
        Part(text=text[start:end], start=start, end=end, level=level, value=0.1, low=0.05, high=0.2)
        for start, end, level in pieces
    ]
    column = ColumnEffect(name="text", shown=text, value=0.3, low=0.3, high=0.3, parts=parts)
    assert [word.text for word in explain_text.words_of(column, parts[2])] == ["Rude", "staff."]
    assert [word.text for word in explain_text.words_of(column, None)] == ["Late.", "Rude", "staff."]
    bars = explain_text.bars(parts[3:]).data[0]
    assert list(bars.error_x.array) == pytest.approx([0.1, 0.1])
    assert list(bars.error_x.arrayminus) == pytest.approx([0.05, 0.05])


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
    bars = charts.row(row, "probability").data[0]
    assert len(bars.x) == charts.MOST_BARS
    assert bars.base[0] == 0.4
    assert bars.base[-1] + bars.x[-1] == pytest.approx(0.7)


def test_words_are_shaded_and_nothing_else_becomes_markup():
    text = "<b>late</b> **again** $x$"
    parts = [Part(text="late", start=3, end=7, value=0.2, low=0.1, high=0.3)]
    parts.append(Part(text="again", start=14, end=19, value=-0.1, low=-0.2, high=0))
    shaded = charts.shaded(text, parts)
    assert ":blue-background[late]" in shaded
    assert ":orange-background[again]" in shaded
    assert r"\<b\>" in shaded
    assert r"\*\*" in shaded
    assert r"\$x\$" in shaded


LOOKS = {
    "columns": "What is lost when a column is shuffled",
    "summary": "Each dot is a row",
    "dependence": "There are only texts here",
    "effects": "No column but texts",
    "pairs": "It takes two columns",
    "words": "Mean Shapley value of a word",
    "cohorts": " matters ",
    "contrast": "has not been explained yet",
}


def test_every_look_at_the_whole_data_is_drawn_or_says_why_not(explained, open_page):
    page = open_page("explain")
    run = only_run(explained)
    page.selectbox(key=f"candidate-of-{run.id}-1").set_value("text-tfidf").run()
    page.segmented_control(key="explain-view").set_value("whole").run()
    assert "It looks only at" in words(page)
    for look, said in LOOKS.items():
        page.segmented_control(key="whole-look").set_value(look).run()
        assert not page.exception, look
        assert said in words(page), look


def test_columns_of_all_kinds_are_looked_at_and_set_beside_texts(explained, open_page):
    run = only_run(explained)
    params = WholeParams(run=run.id, candidate="columns", output="probability", budget_seconds=5)
    trained.work(explained, "explain-whole", params, run.dataset)
    page = open_page("explain")
    page.selectbox(key=f"candidate-of-{run.id}-1").set_value("columns").run()
    page.segmented_control(key="explain-view").set_value("whole").run()
    assert "It looks most at" in words(page)
    for look in LOOKS:
        page.segmented_control(key="whole-look").set_value(look).run()
        assert not page.exception, look
        assert page.get("plotly_chart") or look == "words", look
    assert "differs most" in words(page)  # the texts' candidate is explained too, so it is the one beside
    page.segmented_control(key="whole-look").set_value("dependence").run()
    for name in page.selectbox(key=f"dependence-column-{run.id}").options:
        page.selectbox(key=f"dependence-column-{run.id}").set_value(name).run()
        assert not page.exception, name


def test_the_rows_of_a_word_are_shown(explained, open_page):
    page = open_page("explain")
    page.selectbox(key=f"candidate-of-{only_run(explained).id}-1").set_value("text-tfidf").run()
    page.segmented_control(key="explain-view").set_value("whole").run()
    page.segmented_control(key="whole-look").set_value("words").run()
    box = next(one for one in page.selectbox if one.label == "Rows with the word")
    box.set_value(0).run()
    assert not page.exception
    assert "of the rows opened; the first" in words(page)
    assert len(page.dataframe) == 1


def test_few_explained_rows_of_a_cohort_ask_for_more(explained, open_page):
    run = only_run(explained)
    page = open_page("explain")
    page.selectbox(key=f"candidate-of-{run.id}-1").set_value("text-tfidf").run()
    page.segmented_control(key="explain-view").set_value("whole").run()
    page.segmented_control(key="whole-look").set_value("cohorts").run()
    page.selectbox(key=f"cohort-{run.id}-column").set_value("message").run()
    assert "Choose a value" in words(page)
    page.text_input(key=f"cohort-{run.id}-text-message").set_value("tracking page").run()
    assert "of the explained rows are in this cohort" in words(page)
    page.button(key="explain-cohort-start").click().run()
    assert not page.exception
    job = client.jobs(explained, OWNER, kind="explain-cohort")[0]
    assert job.params["where"] == {"column": "message", "how": "contains", "value": "tracking page"}
    trained.carry_out(explained, job.id)
    page.run()
    assert "in this cohort" not in words(page)  # now there are as many as the table has
    assert not page.exception
