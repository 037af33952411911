"""The web process: start to first page, what a click costs it, and its memory while a large file arrives.

    python -m benchmarks.serving [--megabytes N] [--repeats N]

A real server and a real Chromium, as the browser tests use them. Processor time is that of the server process alone,
WebSocket included; the runs of a page's script that a click causes are counted in what the browser receives.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from playwright.sync_api import Locator, Page, WebSocket, expect, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks._machine import machine
from core.workspace import Workspace
from tests.browser import journey
from tests.browser.conftest import ARGUMENTS, NAMES
from tests.server.conftest import Server

TARGETS = {"start_seconds": 2.0, "click_milliseconds": 30.0, "upload_growth_mb": 100.0}


def started(server: Server, page: Page) -> float:
    """Seconds from the command to the first page drawn."""
    begun = time.perf_counter()
    server.start(AMALGAM_JOB_KINDS="")
    page.goto(server.address)
    expect(page.locator("h1").first).to_be_visible()
    return time.perf_counter() - begun


class Runs:
    """Counts how often the server starts to draw a page or a part of one."""

    def __init__(self, page: Page) -> None:
        self.started = 0
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._count)

    def _count(self, payload: str | bytes) -> None:
        if isinstance(payload, bytes):
            self.started += ForwardMsg.FromString(payload).WhichOneof("type") == "new_session"


def clicks(server: Server, page: Page, repeats: int) -> dict[str, dict[str, float]]:
    """What a click costs after a training: Compare and Results drawn whole, and one view of Results drawn alone."""
    runs = Runs(page)
    page.goto(server.address)
    page.get_by_role("button", name="Read it and train").click()
    page.wait_for_url(re.compile("/compare"))
    whole = 5 * journey.LONG  # of what is trained by default
    expect(page.get_by_role("button", name="See the results")).to_be_visible(timeout=whole)
    modes = [page.get_by_role("radio", name=name) for name in ("I choose", "let Amalgam compare")]
    views = [page.get_by_role("radio", name=name) for name in ("By class", "Errors")]
    compare = _cost(server, page, runs, modes, repeats)
    page.get_by_role("button", name="See the results").click()
    page.wait_for_url(re.compile("/results"))
    kept_runs = page.get_by_text("Kept runs of this table")
    return {
        "compare": compare,
        "results": _cost(server, page, runs, [kept_runs, kept_runs], repeats),
        "results_view": _cost(server, page, runs, views, repeats),
    }


def _cost(server: Server, page: Page, runs: Runs, places: list[Locator], repeats: int) -> dict[str, float]:
    """Processor milliseconds per click in two places in turn, the mean, less an idle server's; and per run."""
    process = psutil.Process(server.process.pid)

    def spent(work: Callable[[], None]) -> float:
        before = sum(process.cpu_times()[:2])
        work()
        return 1000 * (sum(process.cpu_times()[:2]) - before)

    def click() -> None:
        for turn in range(repeats):
            places[turn % 2].click()
            page.wait_for_timeout(500)

    for place in places:  # once each to warm up
        place.click()
        page.wait_for_timeout(1500)
    begun, before = time.perf_counter(), runs.started
    busy = spent(click)
    taken, started = time.perf_counter() - begun, runs.started - before
    busy -= spent(lambda: page.wait_for_timeout(1000 * taken))
    return {
        "click_milliseconds": round(busy / repeats, 1),
        "runs_per_click": round(started / repeats, 2),
        "run_milliseconds": round(busy / max(1, started), 1),
    }


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
            drawn = clicks(server, page, options.repeats)
            results = {
                "start_seconds": round(statistics.median(starts), 2),
                "click_milliseconds": max(cost["click_milliseconds"] for cost in drawn.values()),
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
