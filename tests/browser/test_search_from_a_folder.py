"""The documentation opened as a file: what searches runs although a browser starts no worker from a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, NAMES

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).parents[2] / "docs" / "iframe-worker.js"
PAGE = """<!doctype html><head><script src="iframe-worker.js"></script></head><body><p></p><script>
const worker = new Worker("double.js"), shown = [];
worker.addEventListener("message", (message) => {
  document.querySelector("p").textContent = shown.push(message.data) && shown.join(" ");
});
worker.postMessage(1);
worker.postMessage(21);
setTimeout(() => worker.postMessage(50), 500);
</script></body>"""
WORKER = 'addEventListener("message", (message) => postMessage(2 * message.data));'


def test_a_worker_answers_in_order_from_a_folder(tmp_path):
    (tmp_path / "page.html").write_text(PAGE)
    (tmp_path / "double.js").write_text(WORKER)
    shutil.copy(SCRIPT, tmp_path)
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        page = browser.new_page()
        page.goto((tmp_path / "page.html").as_uri())
        expect(page.locator("p")).to_have_text("2 42 100", timeout=30_000)
        browser.close()
