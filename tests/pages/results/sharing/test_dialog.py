"""“Share this run” on the Results page: a link shown once, the live ones listed, each to be taken back."""

from __future__ import annotations

import json

import pytest

from core.access import audit, shares
from tests.pages.conftest import OWNER, words


@pytest.fixture
def run(finished):
    workspace = finished("tickets")
    return workspace, workspace.runs(OWNER, kind="compare")[0]


@pytest.fixture
def page(run, open_page):
    _workspace, row = run
    page = open_page("results")
    page.session_state["kept-runs"] = True
    page.session_state[f"share-{row.id}"] = True
    return page.run()


def link(page):
    """What opens the link that stands on the page; nothing where none does."""
    found = [code.value for code in page.code if "?share=" in code.value]
    return found[0].rpartition("=")[2] if found else ""


def acts(workspace):
    file = audit.log_file(workspace.home)
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_a_link_is_made_shown_once_and_listed(run, page):
    workspace, row = run
    assert not page.exception
    assert "sees no row and no text" in words(page)
    page.segmented_control(key=f"share-days-{row.id}").set_value(7).run()
    page.button(key=f"share-make-{row.id}").click().run()
    assert not page.exception
    assert shares.opened(workspace, link(page)).id == row.id
    (live,) = shares.links(workspace, row.id, OWNER)
    assert live.expires - live.created == 7 * shares.DAY_SECONDS
    assert page.button(key=f"revoke-{live.digest}")
    page.session_state[f"share-{row.id}"] = False
    page.run()
    page.session_state[f"share-{row.id}"] = True
    page.run()
    assert link(page) == ""
    assert page.button(key=f"revoke-{live.digest}")


def test_a_link_is_good_for_thirty_days_unless_others_are_chosen(run, page):
    workspace, row = run
    page.button(key=f"share-make-{row.id}").click().run()
    (live,) = shares.links(workspace, row.id, OWNER)
    assert live.expires - live.created == 30 * shares.DAY_SECONDS


def test_a_link_is_taken_back(run, page):
    workspace, row = run
    page.button(key=f"share-make-{row.id}").click().run()
    token = link(page)
    (live,) = shares.links(workspace, row.id, OWNER)
    page.button(key=f"revoke-{live.digest}").click().run()
    assert not page.exception
    assert shares.opened(workspace, token) is None
    assert link(page) == ""


def test_sharing_and_taking_back_are_written_down(run, page):
    workspace, row = run
    page.button(key=f"share-make-{row.id}").click().run()
    token = link(page)
    (live,) = shares.links(workspace, row.id, OWNER)
    page.button(key=f"revoke-{live.digest}").click().run()
    page.button(key=f"delete-{row.id}").click().run()
    assert [(line["act"], line["owner"], line["about"]) for line in acts(workspace)] == [
        (act, OWNER, row.id) for act in ("share", "take-back", "delete")
    ]
    assert token not in audit.log_file(workspace.home).read_text()


def test_too_many_links_are_a_sentence(run, page):
    workspace, row = run
    for _link in range(shares.MOST_LINKS):
        shares.make(workspace, row.id, OWNER)
    page.button(key=f"share-make-{row.id}").click().run()
    assert not page.exception
    assert "This run has 20 links, the most there can be. Take one back first." in words(page)
