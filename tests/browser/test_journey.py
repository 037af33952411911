"""The main road in a real browser, on the bundled sample: one story, told in order."""

from __future__ import annotations

import time

import psutil
import pytest
from playwright.sync_api import expect

from core.jobs import client

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(420)]
HEAVY = ("torch", "transformers", "shap", "sklearn", "numba")
LONG = 240_000  # milliseconds


def newest(server, kind):
    with server.workspace.reading() as database:
        row = database.execute("SELECT id, owner FROM jobs WHERE kind = ? ORDER BY created DESC", (kind,)).fetchone()
    return client.get(server.workspace, row["id"], row["owner"]) if row else None


def wait(condition, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_a_sample_is_trained_in_one_click_and_found_again_after_a_reload(server, page):
    page.goto(server.address)
    page.get_by_role("button", name="Read it and train").click()
    page.wait_for_url("**/compare")
    assert wait(lambda: (job := newest(server, "compare")) is not None and job.state == "running", 60)
    page.reload()
    expect(page.get_by_role("button", name="Cancel").first).to_be_visible()
    expect(page.get_by_role("button", name="See the results")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("95 % interval").first).to_be_visible()


def test_results_show_scores_with_intervals_and_mistakes(server, page):
    page.get_by_role("button", name="See the results").click()
    page.wait_for_url("**/results")
    expect(page.get_by_role("heading", name="Results", exact=True)).to_be_visible()
    expect(page.get_by_text("guessing:").first).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()


def test_a_row_is_explained_in_columns_and_words(server, page):
    page.goto(f"{server.address}/explain")
    page.get_by_role("button", name="Explain", exact=True).last.click()
    expect(page.get_by_text("the bars sum to").first).to_be_visible(timeout=LONG)
    expect(page.get_by_text("opened into words").first).to_be_visible()
    expect(page.get_by_text("Over the whole data").first).to_be_visible(timeout=LONG)


def test_another_training_is_cancelled_and_its_process_is_gone(server, page):
    assert wait(lambda: newest(server, "explain").state == "done", 120)
    page.goto(f"{server.address}/compare")
    page.get_by_role("button", name="Compare", exact=True).click()
    assert wait(lambda: newest(server, "compare").state == "running" and newest(server, "compare").pid, 60)
    job = newest(server, "compare")
    page.get_by_role("button", name="Cancel").first.click()
    assert wait(lambda: not psutil.pid_exists(job.pid), 8)
    assert newest(server, "compare").state == "cancelled"


def test_every_page_opens_and_the_web_process_stays_light(server, page):
    for path in ("home", "data", "compare", "results", "explain", "use", "tasks"):
        page.goto(f"{server.address}/{path}")
        expect(page.locator("h1").first).to_be_visible()
        assert page.get_by_text("Traceback").count() == 0
    mapped = {path.path for path in psutil.Process(server.process.pid).memory_maps()}
    for name in HEAVY:
        assert not any(f"/{name}/" in path for path in mapped), name


def test_the_words_change_with_the_language(server, page):
    page.goto(f"{server.address}/data")
    page.get_by_text("中文", exact=True).click()
    expect(page.get_by_role("heading", name="数据", exact=True)).to_be_visible()
