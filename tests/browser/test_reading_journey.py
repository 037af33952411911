"""A table below titles and three header rows in a real browser: its rows are clicked, a column is masked, and all is
taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import journey

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

ROW = 35  # pixels of a row of a table on screen
LINES = [
    "Wells of the district;;;;", "Station;;Water;;", "Code;Keeper;pH;Nitrate;Fit to drink", ";;;mg/l;",
    *[f"B-{n % 7};keeper{n}@wells.example;7,{n % 10};{n},5;{'no' if n > 30 else 'yes'}" for n in range(10, 50)],
]  # fmt: skip


@pytest.fixture(scope="module")
def wells(tmp_path_factory):
    path = tmp_path_factory.mktemp("wells") / "wells.csv"
    path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    return path


def raw_rows(page):
    """The rows of the file as they stand there."""
    return page.locator("[class*=st-key-raw-]").first


def tick(page, *places: int):
    """Tick rows of the raw rows at their left edge, counted from 0."""
    for place in places:
        box = raw_rows(page).bounding_box()
        page.mouse.click(box["x"] + 18, box["y"] + ROW * (place + 1.5))
        page.wait_for_timeout(700)


def test_the_rows_that_name_the_columns_are_clicked(server, page, wells):
    journey.upload(server, page, wells)
    page.get_by_text("Say how to read it").first.click()
    page.get_by_text("Choose the header and the rows by hand").click()
    expect(raw_rows(page)).to_be_visible()
    raw_rows(page).scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    tick(page, 1, 2, 3)
    page.get_by_role("button", name="These rows name the columns").click()
    expect(page.get_by_label("Data from row")).to_have_value("")
    page.get_by_role("button", name="Read again").click()
    expect(page.get_by_text("The header is in rows 2–4, the data from row 5 to row 44.")).to_be_attached(
        timeout=journey.LONG
    )
    assert "40 rows, 5 columns" in journey.words(page)


def test_a_masked_column_shows_none_of_its_cells_in_the_raw_rows_either(server, page):
    page.get_by_role("button", name="Keep it").first.click()
    page.get_by_role("button", name="Mask them").click()
    expect(page.get_by_text("Masked: pseudonyms stand for them").first).to_be_visible()
    if not raw_rows(page).is_visible():
        page.get_by_text("Say how to read it").first.click()
    if raw_rows(page).count() == 0:
        page.get_by_text("Choose the header and the rows by hand").click()
    expect(raw_rows(page)).to_be_visible()
    shown = re.compile("<e-mail [a-z2-7]{6}>")
    assert journey.wait(lambda: shown.search(page.content().replace("&lt;", "<").replace("&gt;", ">")), 30)
    assert "@wells.example" not in page.content()
    page.get_by_role("button", name="Show them again").click()
    assert journey.wait(lambda: "@wells.example" in page.content(), 30)
    journey.nothing_broke(page)
