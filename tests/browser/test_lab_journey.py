"""The Language lab in a real browser: trained, watched, stopped, gone on with, asked; and a text task on its sample."""

from __future__ import annotations

import re

import psutil
import pytest
from playwright.sync_api import expect

from tests.browser import journey

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(420)]


def test_models_learn_side_by_side_before_ones_eyes(server, page):
    page.goto(f"{server.address}/lab")
    expect(page.get_by_text("No model has been trained yet")).to_be_visible()
    slider = page.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("about 2 min", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Train", exact=True).click()
    journey.running(server, "lm-train")
    expect(page.get_by_text("tokens a second").first).to_be_visible(timeout=120_000)
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=60_000)
    journey.look(page, "lab-live")


def test_a_reload_finds_it_again_and_it_can_be_stopped_and_gone_on_with(server, page):
    page.reload()
    expect(page.get_by_text("tokens a second").first).to_be_visible()
    job = journey.running(server, "lm-train")
    page.get_by_role("button", name="Cancel").first.click()
    assert journey.wait(lambda: not psutil.pid_exists(job.pid), 8)
    page.get_by_role("button", name="Resume").first.click()
    assert journey.running(server, "lm-train").attempts == 2
    assert journey.wait(lambda: journey.newest(server, "lm-train").state == "done", 360)
    expect(page.get_by_text("predicts unseen text best")).to_be_visible()
    journey.look(page, "lab-judged")


def test_its_models_write_step_by_step_and_are_looked_into(server, page):
    page.get_by_label("Prompt", exact=True).fill("The function")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Write", exact=True).click()
    expect(page.get_by_text(re.compile(r"\d+ tokens in")).nth(1)).to_be_visible(timeout=journey.LONG)
    journey.look(page, "lab-write")
    page.get_by_role("radio", name="Token by token").click()
    page.get_by_role("button", name="Take the likeliest").first.click()
    undo = page.get_by_role("button", name="Undo").first
    expect(undo).to_be_enabled()
    undo.click()
    expect(undo).to_be_disabled()
    page.get_by_role("radio", name="Look inside").click()
    expect(page.get_by_text("Each line is a token and where it looks")).to_be_visible()
    journey.look(page, "lab-attention")
    assert page.locator("[data-testid=stException]").count() == 0  # the text learned from speaks of tracebacks


def test_a_text_task_runs_on_its_sample(server, page):
    page.goto(f"{server.address}/tasks")
    page.get_by_text("Names in texts", exact=True).first.click()
    for way in ("Language model's words", "CRF with the language model"):
        page.get_by_text(way, exact=True).first.click()
        page.wait_for_timeout(500)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("Entity F1").first).to_be_visible(timeout=journey.LONG)
    expect(page.get_by_text("Choose a row to read its answers in full.")).to_be_visible(timeout=journey.LONG)
    journey.look(page, "task-entities")
    journey.nothing_broke(page)
