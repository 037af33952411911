"""A candidate that asks an endpoint on the Explain page: consent, number and price before anything is asked."""

from __future__ import annotations

import json

import pytest

from core.access import consent
from pages.shared.markup import JOINER
from tests.pages.conftest import OWNER, words

NAME = "text-tfidf"
TOLD = {"asked": {"message": 2}, "encoders": {"message": "asked@1"}}  # as the manifest of one that asks says it


@pytest.fixture
def asking(finished, open_page, endpoint, monkeypatch):
    """The Explain page on a candidate that is said to ask two questions about each text.  →  page, workspace, run"""
    monkeypatch.setenv("AMALGAM_LLM_PRICE_IN", "10")
    workspace = finished("tickets")
    [run] = workspace.runs(OWNER, kind="compare")
    file = workspace.run_folder(run.id) / "candidates" / NAME / "bundle" / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | TOLD))
    page = open_page("explain")
    page.selectbox(key=f"candidate-of-{run.id}-1").set_value(NAME).run()
    assert not page.exception
    return page, workspace, run


def said(page):
    return words(page).replace(JOINER, "").replace("\\", "")


def test_without_consent_it_can_be_given_here(asking, endpoint):
    page, workspace, run = asking
    assert "No text of this table goes to a language model elsewhere" in said(page)
    assert "at most about" not in said(page)
    page.button(key=f"sending-allow-{run.dataset}").click().run()
    assert not page.exception
    assert consent.given(workspace, run.dataset, endpoint.host, OWNER)
    text = said(page)
    # 120 rows to open it, the row, and 400 texts with words left out: two questions about each
    assert f"This takes at most about {2 * (120 + 1 + 400):,} answers of large at {endpoint.host}" in text
    assert "which costs about" in text
    assert "asked for again" in text
    assert endpoint.asked == []


@pytest.mark.parametrize("view", ["whole", "trust"])
def test_longer_work_says_its_number_too(asking, endpoint, view):
    page, workspace, run = asking
    consent.give(workspace, run.dataset, endpoint.host, OWNER)
    page.segmented_control(key="explain-view").set_value(view).run()
    assert not page.exception
    assert f"answers of large at {endpoint.host}" in said(page)
    assert not [button for button in page.button if button.key == "learn-words-start"]


def test_what_if_asks_nothing_until_it_is_switched_on(asking, endpoint, monkeypatch):
    page, workspace, run = asking
    calls = []
    monkeypatch.setattr("pages.explain.what_if.answer.draw", lambda sheet, params: calls.append(params))
    page.segmented_control(key="explain-view").set_value("what-if").run()
    assert not page.exception
    assert not page.toggle  # nobody has allowed it
    consent.give(workspace, run.dataset, endpoint.host, OWNER)
    page.run()
    assert calls == []
    [switch] = page.toggle
    switch.set_value(True).run()
    assert not page.exception
    [params] = calls
    assert params.words is False  # 400 answers for each key that was pressed


def test_a_candidate_that_asks_nobody_says_nothing_of_it(finished, open_page, endpoint):
    finished("tickets")
    page = open_page("explain")
    assert not page.exception
    assert endpoint.host not in said(page)
