"""The pictures in ``docs/tasks``: ``make screenshots`` walks through the app on its samples and takes them anew.

    python -m scripts.screenshots                     # all of them, in order
    python -m scripts.screenshots HOME lab terminal   # some, in a home folder that is kept

A picture that needs a comparison takes the newest one in the home folder, or waits until it has made one.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect, sync_playwright

from core.encode.engines.unpack_smollm2 import prepared
from core.workspace import Workspace
from pages.server.identity.owner import COOKIE, sign
from tests.browser import journey
from tests.browser.conftest import ARGUMENTS, NAMES
from tests.server.conftest import Server

FOLDER = Path(__file__).parent.parent / "docs" / "tasks"
OWNER = "reader"
WIDTH, HEIGHT = 1280, 900  # pixels
MOST_BYTES = 150_000
SETTLED_MS = 2500  # for charts to be drawn and fonts to be there
SLOW_MS = 240_000  # on a busy machine
LONG_MS = 900_000


def read(server: Server, page: Page) -> None:
    """The columns of the support tickets, as they were understood."""
    if journey.newest(server, "compare") is None:
        page.goto(server.address)
        page.get_by_role("button", name="Read it and train").click()
        page.wait_for_url(re.compile("/compare"))
        journey.running(server, "compare")
    page.goto(f"{server.address}/data")
    expect(page.get_by_text("What the table looks like").first).to_be_visible()
    _at_the_top(page.get_by_role("heading", name="Columns", exact=True))


def compare(server: Server, page: Page) -> None:
    """The Results page of that comparison: the verdict and where the gain comes from."""
    page.goto(f"{server.address}/compare")
    expect(page.get_by_role("button", name="See the results")).to_be_visible(timeout=LONG_MS)
    journey.results(page)


def explain(server: Server, page: Page) -> None:
    """The first row's bars and words."""
    page.goto(f"{server.address}/explain")
    page.get_by_role("button", name="Explain", exact=True).last.click()
    journey.running(server, "explain")
    expect(page.get_by_text("opened into words").first).to_be_visible(timeout=LONG_MS)
    assert journey.wait(lambda: journey.newest(server, "explain").state == "done", LONG_MS / 1000)
    page.wait_for_timeout(SETTLED_MS)
    _at_the_top(page.get_by_text("Why row 1 was called").last)


def use(server: Server, page: Page) -> None:
    """The sample's own rows, scored as a new file."""
    page.goto(f"{server.address}/use")
    page.locator("input[type=file]").first.set_input_files(journey.SAMPLES / "support_tickets.csv")
    expect(page.get_by_text("738 rows scored in").first).to_be_visible(timeout=LONG_MS)


def lab(server: Server, page: Page) -> None:
    """Three models that have learned, judged on the same text."""
    page.goto(f"{server.address}/lab")
    if journey.newest(server, "lm-train") is None:
        page.get_by_role("button", name="Train", exact=True).click()
        journey.running(server, "lm-train")
    judged = page.get_by_text("predicts unseen text best").first
    expect(judged).to_be_visible(timeout=LONG_MS)
    _at_the_top(page.get_by_role("heading", name="How good they are"))


def tasks(server: Server, page: Page) -> None:
    """Names in the sample's texts, found in three ways, with their scores."""
    page.goto(f"{server.address}/tasks")
    page.get_by_text("Names in texts", exact=True).first.click()
    page.get_by_text("the sample that comes along", exact=True).first.click()
    expect(page.get_by_text("CRF with the language model").first).to_be_visible()
    page.wait_for_timeout(SETTLED_MS)  # a click while the page is still being drawn is lost
    page.get_by_role("button", name="Run", exact=True).click()
    journey.running(server, "task")
    assert journey.wait(lambda: journey.newest(server, "task").state == "done", LONG_MS / 1000)
    expect(page.get_by_text("Entity F1").first).to_be_visible()
    expect(page.get_by_text("Choose a row to read its answers in full.")).to_be_visible()
    page.wait_for_timeout(SETTLED_MS)
    _at_the_top(page.get_by_text("Entity F1").first)


def terminal(server: Server, page: Page) -> None:
    """The command that does the same as the page."""
    page.goto(f"{server.address}/compare")
    opened = page.get_by_text("The command that does the same").first
    opened.click()
    opened.scroll_into_view_if_needed()


PICTURES: tuple[Callable[[Server, Page], None], ...] = (read, compare, explain, use, lab, tasks, terminal)


def _at_the_top(place: Locator) -> None:
    place.evaluate("one => one.scrollIntoView({block: 'start'})")


def small(png: bytes) -> bytes:
    """A picture of a screen in at most 256 colours."""
    written = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        few = picture.convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(written, "PNG", optimize=True)
    return written.getvalue()


def take(page: Page, name: str) -> None:
    """Wait until the page has settled, and keep its picture."""
    page.mouse.move(WIDTH - 1, HEIGHT - 1)  # no toolbar of a table
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
    page.wait_for_timeout(SETTLED_MS)
    if name != "lab":  # the text learned from speaks of tracebacks
        journey.nothing_broke(page)
    png = small(page.screenshot())
    if len(png) > MOST_BYTES:
        raise SystemExit(f"{name}.png has {len(png):,} bytes; at most {MOST_BYTES:,} are wanted.")
    (FOLDER / f"{name}.png").write_bytes(png)
    print(f"{name}.png  {len(png):,} bytes")


def main(home: Path, names: list[str]) -> None:
    """Start a server and a browser, and take the pictures."""
    if not (home / "models").exists():
        prepared(home / "models")
    workspace = Workspace(home)
    server = Server(workspace).start(AMALGAM_JOB_KINDS="")
    try:
        with sync_playwright() as playwright:
            found = next((path for name in NAMES if (path := shutil.which(name))), None)
            browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
            size = {"width": WIDTH, "height": HEIGHT}
            context = browser.new_context(viewport=size, locale="en-US", color_scheme="light")
            cookie = {"name": COOKIE, "value": sign(OWNER, workspace.secret()), "url": server.address}
            context.add_cookies([cookie])
            context.set_default_timeout(SLOW_MS)
            expect.set_options(timeout=SLOW_MS)
            page = context.new_page()
            for step in PICTURES:
                if not names or step.__name__ in names:
                    step(server, page)
                    take(page, step.__name__)
            browser.close()
    finally:
        server.stop()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]).resolve(), sys.argv[2:])
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made), [])
