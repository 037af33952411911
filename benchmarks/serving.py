"""The web process: start to first page, one more drawing of a page, and its memory while a large file arrives.

    python -m benchmarks.serving [--megabytes N] [--repeats N]

A real server and a real Chromium, as the browser tests use them. Processor time is that of the server process alone.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks._machine import machine
from core.workspace import Workspace
from tests.browser import journey
from tests.browser.conftest import ARGUMENTS, NAMES
from tests.server.conftest import Server

TARGETS = {"start_seconds": 4.0, "rerun_milliseconds": 30.0, "upload_growth_mb": 100.0}


def started(server: Server, page: Page) -> float:
    """Seconds from the command to the first page drawn."""
    begun = time.perf_counter()
    server.start(AMALGAM_JOB_KINDS="")
    page.goto(server.address)
    expect(page.locator("h1").first).to_be_visible()
    return time.perf_counter() - begun


def reruns(server: Server, page: Page, repeats: int) -> dict[str, float]:
    """Processor milliseconds per drawing of Compare and Results after a training: the mean, less an idle server's."""
    page.goto(server.address)
    page.get_by_role("button", name="Read it and train").click()
    page.wait_for_url("**/compare")
    expect(page.get_by_role("button", name="See the results")).to_be_visible(timeout=journey.LONG)
    compare = _redrawn(server, page, ("I choose", "let Amalgam compare"), repeats)
    page.get_by_role("button", name="See the results").click()
    page.wait_for_url("**/results")
    return {"compare": compare, "results": _redrawn(server, page, ("By class", "Errors"), repeats)}


def _redrawn(server: Server, page: Page, choices: tuple[str, str], repeats: int) -> float:
    process = psutil.Process(server.process.pid)
    for choice in choices:  # once each to warm up
        page.get_by_role("radio", name=choice).click()
        page.wait_for_timeout(1500)
    begun, before = time.perf_counter(), sum(process.cpu_times()[:2])
    for turn in range(repeats):
        page.get_by_role("radio", name=choices[turn % 2]).click()
        page.wait_for_timeout(500)
    taken, busy = time.perf_counter() - begun, sum(process.cpu_times()[:2]) - before
    before = sum(process.cpu_times()[:2])
    page.wait_for_timeout(1000 * taken)
    idle = sum(process.cpu_times()[:2]) - before
    return round(1000 * (busy - idle) / repeats, 1)


def growth(server: Server, megabytes: int) -> float:
    """Most megabytes the server's memory grew by while a file came in."""
    process, peak, done = psutil.Process(server.process.pid), 0, threading.Event()
    before = process.memory_info().rss

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.01):
            peak = max(peak, process.memory_info().rss)

    def body() -> Iterator[bytes]:
        yield b"a,b\n"
        for _ in range(megabytes):
            yield b"1234,some words\n" * 62_500

    watcher = threading.Thread(target=watch)
    watcher.start()
    answer = server.browser().post(
        f"{server.address}/amalgam/upload", params={"name": "large.csv"}, data=body(), timeout=120
    )
    done.set()
    watcher.join()
    answer.raise_for_status()
    return (peak - before) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=20)
    options = parser.parse_args()
    browser_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        page = browser.new_context(locale="en-US").new_page()
        page.set_default_timeout(60_000)
        server = Server(Workspace(Path(folder, "home")))
        starts = []
        for _ in range(3):
            starts.append(started(server, page))
            server.stop()
        server.start(AMALGAM_JOB_KINDS="")
        try:
            drawn = reruns(server, page, options.repeats)
            results = {
                "start_seconds": round(statistics.median(starts), 2),
                "rerun_milliseconds": max(drawn.values()),
                "upload_growth_mb": round(growth(server, options.megabytes), 1),
            }
        finally:
            server.stop()
            browser.close()
    reached = {name: results[name] <= target for name, target in TARGETS.items()}
    print(
        json.dumps(
            {"results": results, "pages": drawn, "targets": TARGETS, "reached": reached, "machine": machine()}, indent=2
        )
    )


if __name__ == "__main__":
    main()
