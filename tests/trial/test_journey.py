"""The main road on a real file in a real browser, told in order. AMALGAM_SCREENSHOTS names a folder for pictures."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

from tests.browser import journey

FOLDER = Path(os.environ.get("AMALGAM_TRIAL_DATA", ""))
pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        not os.environ.get("AMALGAM_TRIAL_DATA"), reason="AMALGAM_TRIAL_DATA names no folder with the real tables"
    ),
]


def test_tweets_are_trained_on_and_found_again_after_a_reload(server, page):
    journey.upload(server, page, FOLDER / "airline_tweets.csv")
    expect(page.get_by_text("14,640 rows, 8 columns").first).to_be_visible()
    journey.look(page, "data")
    journey.compare(server, page, rows="a sample of 3,000")
    page.reload()
    expect(page.get_by_role("button", name="Cancel").first).to_be_visible(timeout=20_000)
    journey.results(page, "Cooperative")
    assert "negative" in journey.words(page)
    journey.look(page, "results")
    journey.summary(page)


def test_a_tweet_is_opened_into_words(server, page):
    journey.explain(page)
    journey.look(page, "explain")


def test_new_tweets_are_scored(server, page, tmp_path):
    lines = (FOLDER / "airline_tweets.csv").read_text("utf-8").splitlines()
    (tmp_path / "new.csv").write_text("\n".join(lines[:1] + [line for line in lines[1:60] if line.count(",") == 7]))
    journey.score(server, page, tmp_path / "new.csv", "rows scored in")
    journey.look(page, "use")


def test_a_cancelled_training_is_gone_within_five_seconds(server, page):
    page.goto(f"{server.address}/compare")
    page.get_by_role("radio", name="I choose").click()
    page.get_by_role("button", name="Compare", exact=True).click()
    job = journey.running(server, "compare")
    page.get_by_role("button", name="Cancel").first.click()
    assert journey.wait(lambda: not psutil.pid_exists(job.pid), 5)
    assert journey.wait(lambda: journey.newest(server, "compare").state == "cancelled", 2)


def test_chinese_reviews_go_the_same_road(server, page):
    journey.upload(server, page, FOLDER / "waimai_10k_zh.csv")
    page.get_by_text("中文", exact=True).click()
    expect(page.get_by_role("heading", name="数据", exact=True)).to_be_visible()
    journey.look(page, "data_zh")
    page.get_by_role("link", name="2 比较").click()
    expect(page.get_by_role("heading", name="比较", exact=True)).to_be_visible()
    journey.look(page, "compare_zh")
