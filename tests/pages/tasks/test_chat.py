"""Answers in chat: their facts are numbered, nothing is markup, and what would answer a question is one click away."""

from __future__ import annotations

import pytest

from core.jobs import client
from core.messages import say
from core.results.comparison import Comparison
from core.results.language.chat import ChatReply, Offer, Said
from tests.pages.conftest import OWNER, words

ODD = "<b>urgent</b> $x$"


@pytest.fixture
def run(finished):
    workspace = finished("tickets")
    return workspace, workspace.runs(OWNER, kind="compare")[0]


@pytest.fixture
def chat(open_page, run):
    """Opens the chat after a question was answered so."""
    _workspace, row = run

    def opened(reply):
        page = open_page("tasks")
        page.session_state["task"] = "chat"
        page.session_state[f"chat-{row.dataset}-{row.id}"] = [("Which words make a ticket high?", reply)]
        return page.run()

    return opened


@pytest.fixture
def offered(run):
    workspace, row = run
    best = Comparison.model_validate_json((workspace.run_folder(row.id) / "result.json").read_text()).best
    return ChatReply(facts=[], note=say("There is none."), offer=Offer(run=row.id, candidate=best))


def test_an_answer_lists_the_facts_it_stands_on(chat):
    reply = ChatReply(
        facts=[say("“{word}” pushes.", word=ODD), say("Another.")], sources=[say("the leaderboard"), say("the table")],
        said=[Said(text=say("Words: {words}.", words=[ODD]), cites=[1, 2])],
    )  # fmt: skip
    page = chat(reply)
    assert not page.exception
    assert f"Words: {ODD}. [1] [2]" in [text.value for text in page.text]
    shown = words(page)
    assert "\\[2\\] Another. :gray[the table]" in shown
    assert "<b>urgent" not in shown.replace(f"Words: {ODD}. [1] [2]", "")


def test_the_explanation_that_would_answer_is_made_at_a_click_and_the_question_asked_again(chat, run, offered):
    workspace, row = run
    page = chat(offered)
    assert not page.exception
    page.button(key="chat-explain").click().run()
    assert not page.exception
    (job,) = client.jobs(workspace, OWNER, kind="explain-whole")
    assert (job.dataset, job.params["run"], job.params["candidate"]) == (row.dataset, row.id, offered.offer.candidate)
    assert job.params["output"] == "probability"
    keys = [button.key for button in page.button]
    assert f"cancel-{job.id}" in keys
    assert "chat-explain" not in keys
    with workspace.database() as database:
        database.execute("UPDATE jobs SET state = 'done' WHERE id = ?", (job.id,))
    page.run()
    assert page.button(key="chat-again").label == "Ask again"


def test_only_the_last_answer_offers(chat, run, offered):
    _workspace, row = run
    page = chat(offered)
    page.session_state[f"chat-{row.dataset}-{row.id}"].append(("How many rows?", ChatReply(facts=[])))
    page.run()
    assert not page.exception
    assert "chat-explain" not in [button.key for button in page.button]
