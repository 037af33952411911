"""The What if view beside a resident worker in the test's own process."""

from __future__ import annotations

import threading
import time

import pytest

from core import catalog
from core.jobs.resident import client
from core.jobs.resident.server import Residence
from tests.pages.conftest import OWNER, words


@pytest.fixture
def residing():
    """Starts a resident worker on a workspace; it ends with the test."""
    started = []

    def start(workspace):
        residence = Residence(workspace, catalog.RESIDENT_OPS, idle_seconds=60)
        thread = threading.Thread(target=residence.run)
        thread.start()
        started.append((residence, thread))

    yield start
    for residence, thread in started:
        residence.leaving.set()
        thread.join(timeout=5)


@pytest.fixture
def what_if(finished, open_page, residing):
    """The view on a trained workspace."""

    def opened(name):
        workspace = finished(name)
        residing(workspace)
        page = open_page("explain")
        if name == "tickets":
            run = workspace.runs(OWNER, kind="compare")[0].id
            page.selectbox(key=f"candidate-of-{run}-1").set_value("text-tfidf").run()
        page.segmented_control(key="explain-view").set_value("what-if").run()
        assert not page.exception
        return page

    return opened


def cell(page, label):
    return next(box for box in [*page.text_area, *page.number_input, *page.selectbox] if box.label == label)


def button(page, label):
    return next(button for button in page.button if button.label == label)


def settled(page):
    """Run until the words are there, too."""
    for _time in range(40):
        if "Opening the texts" not in words(page):
            return page
        page.run()
    raise AssertionError("the words did not come")


def test_a_change_moves_the_answer_and_can_be_taken_back(what_if):
    page = settled(what_if("tickets"))
    assert "The model says" in words(page)
    assert button(page, "Undo").disabled
    text = page.text_area[0]
    before = text.value
    text.set_value("The whole warehouse cannot work, this is urgent").run()
    assert not page.exception
    assert "it was" in words(page)
    assert len(page.get("plotly_chart")) == 2
    button(page, "Undo").click().run()
    assert page.text_area[0].value == before
    assert "The model says" in words(page)


def test_back_to_the_row_takes_all_changes_back(what_if):
    page = what_if("tickets")
    before = page.text_area[0].value
    page.text_area[0].set_value("one").run()
    page.text_area[0].set_value("two").run()
    button(page, "Back to the row as it is").click().run()
    assert page.text_area[0].value == before
    button(page, "Undo").click().run()
    assert page.text_area[0].value == "two"


def test_a_number_is_predicted_again(what_if):
    page = what_if("reviews")
    box = next(box for box in page.number_input if box.key and "-cell-" in box.key)
    box.set_value((box.value or 0) + 5).run()
    assert not page.exception
    assert "is now" in words(page)


def test_hostile_names_and_cells_are_shown_literally(what_if):
    page = settled(what_if("hostile"))
    assert not page.exception
    shown = words(page)
    assert "**no** $" not in shown
    assert r"\*\*no\*\* \$x\^2\$" in shown


def test_without_a_worker_the_reason_stands_there(finished, open_page, monkeypatch):
    finished("tickets")
    monkeypatch.setattr(client, "ALONE_SECONDS", 0.2)
    page = open_page("explain")
    page.segmented_control(key="explain-view").set_value("what-if").run()
    assert not page.exception
    assert "did not start" in page.error[0].value
    assert button(page, "Ask again")


def searched(page):
    """Press the button and wait for the end of the search."""
    next(button for button in page.button if button.key and button.key.endswith("-flip")).click().run()
    for _time in range(60):
        if "tried in" in words(page):
            return page
        time.sleep(0.2)
        page.run()
    raise AssertionError("the search did not end")


def test_a_change_that_flips_the_answer_is_found_and_can_be_tried(what_if):
    page = searched(settled(what_if("tickets")))
    assert not page.exception
    assert "→ the model says" in words(page)
    button(page, "Try it").click().run()
    assert not page.exception
    assert "The answer changes" in words(page)
    assert button(page, "Try it")


def test_a_number_is_moved_past_a_threshold(what_if):
    page = searched(what_if("reviews"))
    assert not page.exception
    assert "tried in" in words(page)


def test_what_is_found_is_shown_literally(what_if):
    page = searched(what_if("hostile"))
    assert not page.exception
    assert "<i>call</i> **number**" not in words(page)
