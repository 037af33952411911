"""The main road in a real browser: one story on the bundled sample and one on a file, told in order."""

from __future__ import annotations

import csv
import re

import psutil
import pytest
from playwright.sync_api import expect

from tests.browser import journey
from tests.pages.trained import HOSTILE_CLASSES, HOSTILE_COLUMNS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]


def test_a_sample_is_trained_in_one_click_and_found_again_after_a_reload(server, page):
    page.goto(server.address)
    page.get_by_role("button", name="Read it and train").click()
    page.wait_for_url(re.compile("/compare"))
    journey.running(server, "compare")
    page.reload()
    expect(page.get_by_role("button", name="Cancel").first).to_be_visible(timeout=20_000)
    expect(page.get_by_text("So far: other candidates are still to come.").first).to_be_visible(timeout=journey.LONG)
    expect(page.get_by_text("95 % interval").first).to_be_visible()


def test_who_has_read_enough_cancels_and_has_results(server, page):
    page.get_by_role("button", name="Cancel").first.click()
    expect(page.get_by_role("button", name="See the results")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Where the gain comes from")).not_to_be_visible()
    journey.results(page)
    expect(page.get_by_text("Where the gain comes from").first).to_be_visible()


def test_results_show_scores_with_intervals_and_a_summary(server, page):
    page.goto(f"{server.address}/data")
    journey.compare(server, page)
    journey.results(page, "Cooperative")
    journey.summary(page)
    expect(page.get_by_text("usable rows; the model predicts “priority”").first).to_be_visible()


def test_the_numbers_of_the_confusion_matrix_can_be_read_in_either_theme(server, page):
    chart = page.locator(".js-plotly-plot").filter(has=page.locator(".heatmaplayer .hm")).first
    chart.scroll_into_view_if_needed()
    seen = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_timeout(1500)
        numbers = chart.locator(".annotation-text")
        seen[theme] = {numbers.nth(place).evaluate("one => getComputedStyle(one).fill") for place in range(9)}
    page.emulate_media(color_scheme="light")
    assert seen["light"] == seen["dark"] <= {"rgb(0, 0, 0)", "rgb(255, 255, 255)"}


def test_a_row_is_explained_in_columns_and_words(server, page):
    journey.explain(page)


def test_one_row_is_scored_from_a_form(server, page):
    page.goto(f"{server.address}/use")
    page.get_by_role("radio", name="Score one row").click()
    page.get_by_role("button", name="Score this row").click()
    expect(page.get_by_text("1 row scored in").first).to_be_visible(timeout=60_000)


def test_another_training_is_cancelled_and_its_process_is_gone(server, page):
    assert journey.wait(lambda: journey.newest(server, "explain").state == "done", 120)
    page.goto(f"{server.address}/compare")
    page.get_by_role("radio", name="let Amalgam compare").click()
    journey.choose(page, "Within", "1 min")
    page.get_by_role("button", name="Compare", exact=True).click()
    job = journey.running(server, "compare")
    page.get_by_role("button", name="Cancel").first.click()
    assert journey.wait(lambda: not psutil.pid_exists(job.pid), 5)
    assert journey.wait(lambda: journey.newest(server, "compare").state == "cancelled", 2)


def test_the_cancelled_training_is_resumed_and_the_leaderboard_fills_live(server, page):
    page.get_by_role("button", name="Resume").first.click()
    job = journey.running(server, "compare")
    expect(page.get_by_text("Best so far").first).to_be_visible(timeout=journey.LONG)
    expect(page.get_by_text("Ranked by").first).to_be_visible(timeout=journey.LONG)
    expect(page.get_by_role("button", name="See the results")).to_be_visible(timeout=journey.LONG)
    assert journey.newest(server, "compare").state == "done"
    assert (journey.newest(server, "compare").id, journey.newest(server, "compare").attempts) == (job.id, 2)


def test_a_file_with_hostile_names_goes_the_whole_road(server, page, tmp_path):
    number, kind, text, label = HOSTILE_COLUMNS
    words = ("the <b>door</b> is *broken* again", "all **fine** here, costs $5 and $6", "![x](y) <script>no</script>")
    with (tmp_path / "odd *names*.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow([number, kind, text, label])
        for place in range(60):
            odd = place % 2
            rows.writerow(
                [place % 7, "<i>a</i>" if place % 5 else "`b`", f"{words[place % 3]} {place}", HOSTILE_CLASSES[odd]]
            )
    journey.upload(server, page, tmp_path / "odd *names*.csv")
    journey.nothing_broke(page)
    journey.choose(page, "Predict", label)
    expect(page.get_by_role("button", name="Compare models")).to_be_enabled(timeout=20_000)
    journey.compare(server, page)
    journey.results(page, "Columns only")
    for shown in HOSTILE_CLASSES:
        assert journey.wait(lambda shown=shown: shown in journey.words(page), 20), journey.words(page)
    page.goto(f"{server.address}/explain")
    journey.choose(page, "Candidate", "Columns only")
    page.get_by_role("button", name="Explain", exact=True).last.click()
    expect(page.get_by_text("the bars sum to").first).to_be_visible(timeout=journey.LONG)
    for shown in (number, kind):
        assert journey.wait(lambda shown=shown: shown in journey.words(page), 20), journey.words(page)
    journey.score(server, page, tmp_path / "odd *names*.csv", "60 rows scored in")
    assert page.locator("[data-testid=stMain] script, [data-testid=stMain] .katex").count() == 0


def test_a_broken_file_ends_in_a_sentence(server, page, tmp_path):
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    page.goto(f"{server.address}/data")
    page.get_by_role("radio", name="Add a table").click()
    expect(page.get_by_text("I have a separate test file")).to_be_visible()
    page.locator("input[type=file]").first.set_input_files(tmp_path / "picture.csv")
    expect(page.get_by_text("picture.csv").first).to_be_visible(timeout=30_000)
    assert journey.wait(lambda: journey.newest(server, "read").state == "failed", 30)
    expect(page.get_by_role("alert").first).to_be_visible()
    journey.nothing_broke(page)


def test_every_page_opens_and_the_web_process_stays_light(server, page):
    for path in journey.PAGES:
        page.goto(f"{server.address}/{path}")
        expect(page.locator("h1").first).to_be_visible()
        journey.nothing_broke(page)
    mapped = {path.path for path in psutil.Process(server.process.pid).memory_maps()}
    for name in journey.HEAVY:
        assert not any(f"/{name}/" in path for path in mapped), name


def test_the_words_change_with_the_language(server, page):
    page.goto(f"{server.address}/data")
    page.get_by_text("中文", exact=True).click()
    expect(page.get_by_role("heading", name="数据", exact=True)).to_be_visible()
