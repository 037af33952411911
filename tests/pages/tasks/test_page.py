"""The Text tasks page: a prompt becomes a job, the answer grows and stays, literally."""

from __future__ import annotations

import pytest

from core.catalog.text_tasks.every import TEXT_TASKS
from core.data.schema import write_model
from core.job_params import GenerateParams
from core.jobs import client
from core.jobs.context import Context
from core.jobs.table import partial_folder
from core.results.comparison import Answer
from core.results.text_tasks.options import TaskParams
from core.results.text_tasks.task import Span
from core.text_tasks import jobs
from pages.tasks import opened as task_opened
from tests.pages.conftest import OWNER, words

ODD = "<script>x</script> **bold** $x^2$ :smile:\n# not a heading"


@pytest.fixture
def free(open_page):
    """Opens the prompt box."""

    def opened(name: str = "tasks"):
        page = open_page(name)
        page.session_state["task"] = "free"
        return page.run()

    return opened


def write(page):
    return next(button for button in page.button if button.label == "Write")


def answered(workspace, text: str, prompt: str = "Say something") -> str:
    """A finished answer in the workspace.  →  the job's id"""
    params = GenerateParams(task="prompt", prompt=prompt)
    job = client.submit(workspace, kind="generate", owner=OWNER, params=params)
    folder = workspace.run_folder(job)
    folder.mkdir(parents=True)
    write_model(Answer(text=text, tokens=9, seconds=1.0, stopped="end"), folder / "answer.json")
    with workspace.database() as database:
        database.execute("UPDATE jobs SET state = 'done', ended = created WHERE id = ?", (job,))
    return job


def test_an_empty_prompt_can_not_be_sent(free):
    page = free("tasks")
    assert not page.exception
    assert not [button for button in page.button if button.label == "Write"]
    assert "Write a prompt" in words(page)


@pytest.mark.parametrize("kind", ["summarise", "answer", "translate", "label"])
def test_a_template_fills_the_prompt(free, kind):
    page = free("tasks")
    page.segmented_control(key="prompt-kind").set_value(kind).run()
    assert not page.exception
    assert page.text_area(key="task-prompt").value


def test_a_prompt_becomes_a_job_with_its_settings(free, workspace):
    page = free("tasks")
    page.text_area(key="task-prompt").set_value("Write a haiku").run()
    for label, value in (("Temperature", 0.0), ("Top-p", 0.5), ("Longest answer, tokens", 50)):
        next(slider for slider in page.slider if slider.label == label).set_value(value)
    page.number_input[0].set_value(3).run()
    write(page).click().run()
    assert not page.exception
    params = GenerateParams.model_validate(client.jobs(workspace, OWNER, kind="generate")[0].params)
    assert (params.prompt, params.temperature, params.top_p, params.max_tokens, params.seed) == (
        "Write a haiku",
        0.0,
        0.5,
        50,
        3,
    )
    assert write(page).disabled
    assert any(button.label == "Cancel" for button in page.button)


def test_a_growing_answer_is_shown_as_it_stands(free, workspace):
    page = free("tasks")
    page.text_area(key="task-prompt").set_value("Write").run()
    write(page).click().run()
    job = client.jobs(workspace, OWNER, kind="generate")[0]
    folder = partial_folder(workspace, job.id)
    folder.mkdir(parents=True)
    (folder / "answer.txt").write_text(ODD, encoding="utf-8")
    page.run()
    assert not page.exception
    assert [text.value for text in page.text] == [ODD]


def test_earlier_answers_stay_and_are_never_markup(free, workspace):
    for number in range(3):
        answered(workspace, f"{number} {ODD}", prompt="**p** $x$ <b>")
    page = free("tasks")
    assert not page.exception
    assert f"1 {ODD}" in [text.value for text in page.text]
    assert "**p**" not in "".join(box.label for box in page.expander)


@pytest.mark.parametrize("task", [*TEXT_TASKS, "chat"])
def test_every_task_draws_its_form(open_page, tickets, task):
    page = open_page("tasks")
    page.session_state["task"] = task
    page.run()
    assert not page.exception
    if task != "chat":
        assert next(button for button in page.button if button.label == "Run")


def test_the_form_becomes_a_job_on_a_column(open_page, workspace, tickets):
    page = open_page("tasks")
    page.session_state["task"] = "sentiment"
    page.run()
    page.radio(key="source-sentiment").set_value("table").run()
    page.selectbox(key=f"column-sentiment-{tickets}").set_value("message")
    page.selectbox(key=f"reference-sentiment-{tickets}").set_value("priority").run()
    next(button for button in page.button if button.label == "Run").click().run()
    assert not page.exception
    params = TaskParams.model_validate(client.jobs(workspace, OWNER, kind="task")[0].params)
    assert (params.dataset, params.column, params.reference) == (tickets, "message", "priority")
    assert params.ways == ["llm", "classical", "both"]


def test_typed_texts_are_needed_before_it_runs(open_page):
    page = open_page("tasks")
    page.session_state["task"] = "summarise"
    page.run()
    page.radio(key="source-summarise").set_value("typed").run()
    assert next(button for button in page.button if button.label == "Run").disabled


@pytest.fixture
def moods(workspace, tickets):
    """A finished task on the tickets, run as its job does.  →  the job's id"""
    rows = 60
    params = TaskParams(
        task="sentiment", ways=["classical"], dataset=tickets, column="message", reference="priority", rows=rows
    )
    job = client.submit(workspace, kind="task", owner=OWNER, params=params, dataset=tickets)
    folder = workspace.run_folder(job)
    folder.mkdir(parents=True)
    work = Context(workspace=workspace, owner=OWNER, job=job, folder=folder, threads=1)
    jobs.task(params.model_dump(), work)
    with workspace.database() as database:
        database.execute("UPDATE jobs SET state = 'done', ended = created WHERE id = ?", (job,))
    return job


def test_a_finished_task_shows_scores_and_answers(open_page, moods):
    page = open_page("tasks")
    page.session_state["task"] = "sentiment"
    page.run()
    assert not page.exception
    assert "Accuracy" in words(page)
    answers = page.dataframe[0].value
    assert len(answers) == 60
    assert "Word counts" in answers.columns


def test_answers_become_a_column_of_another_table(open_page, workspace, tickets, moods):
    page = open_page("tasks")
    page.session_state["task"] = "sentiment"
    page.run()
    page.button(key=f"add-{moods}-classical").click().run()
    assert not page.exception
    made = client.jobs(workspace, OWNER, kind="task-column")[0]
    assert made.params["run"] == moods


def test_results_are_deleted_where_they_are_shown(open_page, workspace, moods):
    page = open_page("tasks")
    page.session_state["task"] = "sentiment"
    page.run()
    page.button(key=f"delete-ok-{moods}").click().run()
    assert not page.exception
    assert "Accuracy" not in words(page)
    assert client.get(workspace, moods, OWNER) is None
    assert not workspace.run_folder(moods).exists()


def test_spans_and_odd_letters_are_shown_literally():
    shown = task_opened.marked("<b>Ada</b> *met* $x$", [Span(start=3, end=6, label="per:son")])
    assert "<b>" not in shown
    assert "-background[Ada " in shown
    assert "\\*met\\*" in shown
