"""The Results page on real small runs: verdict, figures, every view, kept runs, and text that tries to be markup."""

from __future__ import annotations

from tests.pages.conftest import words

VIEWS = ("errors", "classes", "curves", "calibration", "learning", "settings")


def test_without_a_run_the_page_says_what_to_do(open_page, tickets):
    page = open_page("road/results")
    assert not page.exception
    assert "Nothing has been trained on this table yet" in words(page)
    assert page.button(key="missing-compare").label == "Go to Compare"


def test_every_view_draws(finished, open_page):
    finished("tickets")
    page = open_page("road/results")
    assert not page.exception
    for view in VIEWS:
        page.segmented_control(key="results-view").set_value(view).run()
        assert not page.exception, view
