"""What the Three ways page trains takes no one's place: not the Compare form, not the run in the address."""

from __future__ import annotations

import pytest

from core.data.schema import write_model
from core.job_params import CompareParams
from core.jobs import client
from core.jobs.table import partial_folder
from core.plan import Plan
from core.workspace import RunRow, now
from tests.pages import trained
from tests.pages.compare.test_page import press, submitted
from tests.pages.conftest import OWNER, ROOT, words
from tests.pages.ways.test_page import comparison, line

SMALL = trained.QUICK.model_copy(update={"candidates": ["dummy", "columns"], "rows": 60})


@pytest.fixture
def compared(finished):
    """Tickets with a comparison that the form asked for.  →  workspace, data set, run"""
    workspace = finished("tickets")
    run = workspace.runs(OWNER)[0]
    return workspace, run.dataset, run.id


def lesson(workspace, dataset: str, *, end: str) -> str:
    """What the Three ways page asks for, but with small candidates: finished, cancelled or waiting.  →  its job"""
    params = CompareParams(dataset=dataset, name="Three ways", plan=SMALL, lesson=True)
    if end == "done":
        return trained.work(workspace, "compare", params, dataset)
    job = client.submit(workspace, kind="compare", owner=OWNER, params=params, dataset=dataset)
    if end == "cancelled":
        client.cancel(workspace, job, OWNER)
    return job


def turn_to(page, name: str):
    page.switch_page(str(ROOT / "pages" / name / "page.py"))
    page.run()
    assert not page.exception
    return page


def form_is(page, dataset: str, plan: Plan) -> bool:
    return page.segmented_control(key=f"plan-{dataset}-mode").value == "own" and set(
        page.multiselect(key=f"plan-{dataset}-columns").value
    ) >= {"message", "seats"} and page.selectbox(key=f"plan-{dataset}-rows").value == plan.rows  # fmt: skip


@pytest.mark.parametrize("end", ["done", "cancelled"])
def test_a_lesson_leaves_the_form_the_board_and_the_address_as_they_were(compared, open_page, end):
    workspace, dataset, run = compared
    ended = lesson(workspace, dataset, end=end)
    page = open_page("compare")
    assert not page.exception
    assert form_is(page, dataset, trained.QUICK)
    assert "was cancelled" not in words(page)
    assert not [warning for warning in page.warning if "other settings" in warning.value]
    assert page.query_params["run"] in (run, [run])
    press(page, "Compare")
    assert submitted(workspace) == trained.QUICK
    assert ended != run


def test_a_lesson_asked_for_in_this_session_takes_nothing_either(compared, open_page):
    workspace, dataset, run = compared
    page = open_page("compare")
    turn_to(page, "ways")
    press(page, "Train all three")
    job = client.jobs(workspace, OWNER, kind="compare")[0]
    assert CompareParams.model_validate(job.params).lesson
    assert "starting" in words(page)
    turn_to(page, "compare")
    assert next(button for button in page.button if button.label == "Compare").disabled  # one at a time
    assert "starting" in words(page)
    client.cancel(workspace, job.id, OWNER)
    turn_to(page, "ways")
    assert "was cancelled" in words(page)  # where it was asked for
    turn_to(page, "compare")
    assert "was cancelled" not in words(page)
    assert form_is(page, dataset, trained.QUICK)
    assert page.query_params["run"] in (run, [run])


def test_the_three_ways_show_the_lesson_just_trained_until_a_run_is_chosen(compared, open_page):
    workspace, dataset, run = compared
    job = lesson(workspace, dataset, end="cancelled")
    partial_folder(workspace, job).mkdir(parents=True)
    write_model(comparison(line("cooperative", score=0.9)), partial_folder(workspace, job) / "result.json")
    page = open_page("ways")
    assert not page.metric  # another session's lesson
    page.session_state["own-lesson"] = (job, "")
    page.run()
    assert [metric.value for metric in page.metric] == ["0.90"]
    page.session_state["run"] = run
    page.run()
    assert not page.metric


def test_a_lesson_is_the_run_to_look_at_only_where_there_is_no_other(workspace, tickets, open_page):
    job = lesson(workspace, tickets, end="done")
    page = open_page("results")
    assert not page.exception
    assert page.selectbox[0].value == job
    turn_to(page, "compare")
    assert page.segmented_control(key=f"plan-{tickets}-mode").value == "amalgam"
    assert "Ranked by" not in words(page)


@pytest.mark.parametrize("place", ["compare", "ways", "results"])
@pytest.mark.parametrize("end", ["done", "cancelled", "waiting"])
def test_the_run_in_the_address_wins_always(compared, app, place, end):
    workspace, dataset, run = compared
    newer = trained.train(workspace, dataset, SMALL, "Newer")
    lesson(workspace, dataset, end=end)
    app.query_params["run"] = run
    app.run()
    page = turn_to(app, place)
    assert page.query_params["run"] in (run, [run])
    assert page.session_state["run"] == run
    if place == "compare":
        assert form_is(page, dataset, trained.QUICK)
        assert not [warning for warning in page.warning if "other settings" in warning.value]
    assert newer != run


def test_the_run_in_the_address_may_be_the_command_lines(compared, app):
    workspace, dataset, run = compared
    workspace.add_run(RunRow("typed00000000001", OWNER, dataset, "compare", "Typed", now()))
    workspace.run_folder("typed00000000001").symlink_to(workspace.run_folder(run), target_is_directory=True)
    app.query_params["run"] = "typed00000000001"
    app.run()
    page = turn_to(app, "compare")
    assert page.session_state["run"] == "typed00000000001"
    assert "Ranked by" in words(page)


def test_a_new_comparison_takes_the_place_of_the_run_in_the_address(compared, app):
    workspace, _dataset, run = compared
    app.query_params["run"] = run
    app.run()
    page = turn_to(app, "compare")
    press(page, "Compare")
    job = client.jobs(workspace, OWNER, kind="compare")[0].id
    trained.carry_out(workspace, job)
    turn_to(page, "compare")
    assert page.session_state["run"] == job


def test_an_address_of_a_run_alone_opens_its_table(compared, app, reader):
    _workspace, dataset, run = compared
    assert reader(sample="tickets", name="A newer table") != dataset
    app.query_params["run"] = run
    app.run()
    page = turn_to(app, "results")
    assert page.session_state["run"] == run
