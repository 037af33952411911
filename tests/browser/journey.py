"""The steps of the main road as a person takes them, for the journeys on the samples and on real files."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from playwright.sync_api import expect

from core.jobs import client

LONG = 240_000  # milliseconds
HEAVY = ("torch", "transformers", "shap", "sklearn", "numba")
SAMPLES = Path(__file__).parents[2] / "assets" / "samples"
PAGES = ("home", "data", "compare", "results", "explain", "use", "ways", "lab", "tasks")


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


def running(server, kind):
    """Wait until the newest job of a kind has its process.  →  the job"""
    assert wait(lambda: (job := newest(server, kind)) and job.state == "running" and job.pid, 60)
    return newest(server, kind)


def upload(server, page, *files: Path):
    """Drop files on the Data page and wait until the table is there."""
    page.goto(f"{server.address}/data")
    expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()
    add = page.get_by_role("radio", name="Add a table")
    if wait(lambda: add.count() > 0, 3):
        add.click()
    expect(page.get_by_text("I have a separate test file")).to_be_visible()  # not the second file of a table at hand
    page.locator("input[type=file]").first.set_input_files(files)
    expect(page.get_by_role("heading", name=re.compile(re.escape(files[0].name)))).to_be_visible(timeout=LONG)


def choose(page, label: str, option: str):
    """One option of a select box; a page that is drawn anew closes it, so it may have to be opened twice."""
    wanted = page.get_by_role("option", name=option).first

    def opened():
        if not wanted.is_visible():
            page.get_by_role("combobox", name=label, exact=True).last.click()
            page.wait_for_timeout(1000)
        return wanted.is_visible()

    assert wait(opened, 30), label
    wanted.click()


def compare(server, page, *, rows: str = ""):
    """From the Data page to a comparison under way, with what is offered: MiniLM, logistic regression, 5 folds."""
    page.get_by_role("button", name="Compare models").click()
    page.wait_for_url(re.compile("/compare"))
    page.get_by_role("radio", name="I choose").click()
    if rows:
        choose(page, "Rows", rows)
    page.get_by_role("button", name="Compare", exact=True).click()
    return running(server, "compare")


def results(page, candidate: str = ""):
    """From the finished comparison to its scores."""
    page.get_by_role("button", name="See the results").click(timeout=LONG)
    page.wait_for_url(re.compile("/results"))
    expect(page.get_by_text("95 % interval").first).to_be_visible()
    if candidate:
        choose(page, "Candidate", candidate)
    expect(page.get_by_text("guessing:").first).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()


def summary(page):
    """Let the bundled model sum the run up."""
    page.get_by_role("button", name="Write a summary").click()
    end = re.compile("Written by a small model on this machine|Put together from the results by rules")
    expect(page.get_by_text(end).first).to_be_visible(timeout=LONG)


def explain(page):
    """The first row in columns and words, and the columns over all rows."""
    page.get_by_role("button", name="Explain it").click()
    page.wait_for_url(re.compile("/explain"))
    page.get_by_role("button", name="Explain", exact=True).last.click()
    expect(page.get_by_text("the bars sum to").first).to_be_visible(timeout=LONG)
    expect(page.get_by_text("opened into words").first).to_be_visible()
    page.get_by_role("radio", name="The whole data").click()
    page.get_by_role("button", name="Explain", exact=True).last.click()
    expect(page.get_by_text("How far each column moves the answer").first).to_be_visible(timeout=LONG)


def score(server, page, file: Path, sentence: str):
    """A new file on the Use page."""
    page.goto(f"{server.address}/use")
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.get_by_text(sentence).first).to_be_visible(timeout=LONG)


def nothing_broke(page):
    """No page shows a traceback."""
    for words in ("Traceback", "Error:", "Uncaught app"):
        assert page.get_by_text(words).count() == 0, words


def words(page) -> str:
    """All that stands on the page, charts included, without the invisible marks that keep it literal."""
    return re.sub("[\u200b\u2060]", "", page.locator("[data-testid=stMain]").first.text_content())


def look(page, name: str):
    """Pictures of the whole page, light and dark, wide and narrow, where somebody asked for them."""
    folder = os.environ.get("AMALGAM_SCREENSHOTS")
    if not folder:
        return
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 1000})
            page.wait_for_timeout(1000)
            height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
            page.set_viewport_size({"width": width, "height": min(6000, max(700, height + 20))})
            page.wait_for_timeout(1500)
            page.screenshot(path=f"{folder}/{name}_{theme}_{width}.png")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 1000})
