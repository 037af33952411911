"""Home: each card starts real work, and recent runs can be opened, renamed and deleted."""

from __future__ import annotations

import pytest

from core.data import jobs as data_jobs
from core.jobs import client
from core.jobs.context import Context
from core.workspace import COMMAND_LINE, DatasetRow, RunRow, new_id, now
from pages.shared.markup import plain
from tests.pages.conftest import OWNER, words


@pytest.fixture
def run(workspace, tickets) -> str:
    """A listed comparison on the support tickets."""
    row = RunRow(id=new_id(), owner=OWNER, dataset=tickets, kind="compare", name="First **try**", created=now())
    workspace.run_folder(row.id).mkdir()
    workspace.add_run(row)
    return row.id


def test_one_click_reads_the_sample_and_trains_on_it(app, workspace):
    page = app.run()
    page.button(key="home-start").click().run()
    read = client.jobs(workspace, OWNER, kind="read")[0]
    assert read.params["sample"] == "tickets"
    assert "Reading a file" in words(page)
    data_jobs.read(read.params, Context(workspace=workspace, owner=OWNER, job=read.id, folder=workspace.home))
    client.cancel(workspace, read.id, OWNER)
    page.run()
    compare = client.jobs(workspace, OWNER, kind="compare")[0]
    assert compare.params["plan"]["target"] == "priority"
    assert compare.dataset == read.params["dataset"]


def test_training_is_started_once(app, workspace):
    test_one_click_reads_the_sample_and_trains_on_it(app, workspace)
    app.run()
    app.run()
    assert len(client.jobs(workspace, OWNER, kind="compare")) == 1


def test_a_cancelled_reading_starts_no_training(app, workspace):
    page = app.run()
    page.button(key="home-start").click().run()
    client.cancel(workspace, client.jobs(workspace, OWNER, kind="read")[0].id, OWNER)
    page.run()
    assert not page.exception
    assert client.jobs(workspace, OWNER, kind="compare") == []
    assert "was cancelled" in words(page)


def test_the_tour_steps_forward_while_the_sample_is_read(app, workspace):
    page = app.run()
    page.button(key="home-tour").click().run()
    assert client.jobs(workspace, OWNER, kind="read")[0].params["sample"] == "tickets"
    assert "A table with words in it" in words(page)
    page.button(key="tour-next").click().run()
    assert "Two ways to read a message" in words(page)
    page.button(key="tour-back").click().run()
    assert "A table with words in it" in words(page)


def test_recent_runs_are_renamed_and_deleted(app, workspace, run):
    page = app.run()
    assert f"**{plain('First **try**')}**" in words(page)
    page.text_input(key=f"name-run-{run}").set_value("Second").run()
    page.button(key=f"rename-run-ok-{run}").click().run()
    assert workspace.run(run, OWNER).name == "Second"
    page.button(key=f"delete-run-ok-{run}").click().run()
    assert workspace.runs(OWNER) == []
    assert not page.exception


def test_without_runs_there_is_no_list_of_them(app, workspace):
    assert "Recent runs" not in words(app.run())


def test_what_the_terminal_made_is_shown_for_its_code(app, workspace):
    assert "Made in the terminal" not in words(app.run())
    workspace.add_dataset(DatasetRow("1", COMMAND_LINE, "table", "", 1, 1, now()))
    page = app.run()
    assert "Made in the terminal" in words(page)
    assert workspace.datasets(OWNER) == []
    page.text_input(key="terminal-code").set_value("ABCD-EFGH-JKLM").run()
    page.button(key="terminal-claim").click().run()
    assert "This is not the code" in words(page)
    page.text_input(key="terminal-code").set_value(workspace.code()).run()
    page.button(key="terminal-claim").click().run()
    assert not page.exception
    assert [row.id for row in workspace.datasets(OWNER)] == ["1"]
    assert "Made in the terminal" not in words(page)


def test_the_servers_link_brings_the_code_along(app, workspace):
    workspace.add_dataset(DatasetRow("1", COMMAND_LINE, "table", "", 1, 1, now()))
    app.query_params["code"] = workspace.code()
    app.run()
    assert [row.id for row in workspace.datasets(OWNER)] == ["1"]
    assert "code" not in app.query_params
