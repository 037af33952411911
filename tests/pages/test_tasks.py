"""The Text tasks page: a prompt becomes a job, the answer grows and stays, literally."""

from __future__ import annotations

import pytest

from core.data.schema import write_model
from core.evaluate.result import Answer
from core.jobs import client
from core.jobs.table import partial_folder
from core.plan import GenerateParams
from tests.pages.conftest import OWNER, words

ODD = "<script>x</script> **bold** $x^2$ :smile:\n# not a heading"


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


def test_an_empty_prompt_can_not_be_sent(open_page):
    page = open_page("rooms/tasks")
    assert not page.exception
    assert not [button for button in page.button if button.label == "Write"]
    assert "Write a prompt" in words(page)


@pytest.mark.parametrize("kind", ["summarise", "answer", "translate", "label"])
def test_a_template_fills_the_prompt(open_page, kind):
    page = open_page("rooms/tasks")
    page.segmented_control(key="task-kind").set_value(kind).run()
    assert not page.exception
    assert page.text_area(key="task-prompt").value


def test_a_prompt_becomes_a_job_with_its_settings(open_page, workspace):
    page = open_page("rooms/tasks")
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


def test_a_growing_answer_is_shown_as_it_stands(open_page, workspace):
    page = open_page("rooms/tasks")
    page.text_area(key="task-prompt").set_value("Write").run()
    write(page).click().run()
    job = client.jobs(workspace, OWNER, kind="generate")[0]
    folder = partial_folder(workspace, job.id)
    folder.mkdir(parents=True)
    (folder / "answer.txt").write_text(ODD, encoding="utf-8")
    page.run()
    assert not page.exception
    assert [text.value for text in page.text] == [ODD]


def test_earlier_answers_stay_and_are_never_markup(open_page, workspace):
    for number in range(3):
        answered(workspace, f"{number} {ODD}", prompt="**p** $x$ <b>")
    page = open_page("rooms/tasks")
    assert not page.exception
    assert f"1 {ODD}" in [text.value for text in page.text]
    assert "**p**" not in "".join(box.label for box in page.expander)
