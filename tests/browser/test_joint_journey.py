"""Joint and assisted candidates in a real browser: chosen, watched, stopped, resumed, looked into."""

from __future__ import annotations

import re

import psutil
import pytest
from playwright.sync_api import expect

from tests.browser import journey

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
ROWS = 80
STEP = re.compile(r"step \d+ of \d+")


def tick(page, *labels: str):
    """Turn check boxes over."""
    for label in labels:
        page.locator("[data-testid=stCheckbox] label").filter(has_text=re.compile(rf"^{re.escape(label)}$")).click()
        page.wait_for_timeout(300)


def test_joint_and_advised_candidates_are_chosen_and_watched(server, page, tmp_path):
    tickets = (journey.SAMPLES / "support_tickets.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "few tickets.csv").write_text("\n".join(tickets[: ROWS + 1]), encoding="utf-8")
    journey.upload(server, page, tmp_path / "few tickets.csv")
    journey.choose(page, "Predict", "priority")
    page.get_by_role("button", name="Compare models").click()
    page.wait_for_url(re.compile("/compare"))
    page.get_by_role("radio", name="I choose").click()
    expect(page.get_by_text("Baselines", exact=True)).to_be_visible()
    tick(page, "Columns only", "Classical, no LLM", "Cooperative", "Joint", "Assisted by margins")
    page.get_by_role("button", name="soft tree").click()
    page.get_by_role("button", name="linear head").click()
    page.get_by_role("button", name="top layers only").last.click()
    page.get_by_role("button", name="all layers").last.click()
    page.get_by_role("radio", name="one part held back").click()
    journey.look(page, "choose")
    page.get_by_role("button", name="Compare", exact=True).click()
    journey.running(server, "compare")
    expect(page.get_by_text(STEP).first).to_be_visible(timeout=120_000)
    journey.look(page, "live")


def test_it_is_stopped_in_the_middle_and_goes_on(server, page):
    job = journey.running(server, "compare")
    page.get_by_role("button", name="Cancel").first.click()
    assert journey.wait(lambda: not psutil.pid_exists(job.pid), 5)
    page.get_by_role("button", name="Resume").first.click()
    assert journey.running(server, "compare").attempts == 2
    assert journey.wait(lambda: journey.newest(server, "compare").state == "done", 240)
    expect(page.get_by_role("button", name="See the results")).to_be_visible()


def test_its_training_its_tree_and_its_advice_are_shown(server, page):
    journey.results(page, "Joint")
    for view, words in (("Training", "on rows held back"), ("Soft tree", "Read it from the top down")):
        page.get_by_role("radio", name=view, exact=True).click()
        expect(page.get_by_text(words).first).to_be_visible()
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
        journey.look(page, view)
    journey.choose(page, "Candidate", "Assisted by margins")
    page.get_by_role("radio", name="Advice", exact=True).click()
    expect(page.get_by_text(re.compile("The LLM's advice was")).first).to_be_visible()
    journey.look(page, "Advice")
    journey.nothing_broke(page)
