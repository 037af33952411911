"""A real server, and a real Chromium that has been there."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from core.workspace import Workspace
from tests.server.conftest import Server

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="module")
def server(tmp_path_factory, unpacked_models):
    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(unpacked_models)
    made = Server(Workspace(home)).start(AMALGAM_JOB_KINDS="")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def page(server):
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="en-US")
        opened = context.new_page()
        opened.set_default_timeout(60_000)
        yield opened
        if folder := os.environ.get("AMALGAM_SCREENSHOTS"):
            opened.screenshot(path=f"{folder}/last.png", full_page=True)
        browser.close()
