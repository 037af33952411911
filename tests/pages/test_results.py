"""The Results page on real small runs: verdict, figures, every view, kept runs, and text that tries to be markup."""

from __future__ import annotations

import pandas as pd
import pytest

from core.evaluate.result import Comparison, Interval
from core.plan import ReportParams
from pages.parts import numbers, rows_behind, run_keeper
from pages.parts.plain import plain
from pages.parts.rows_behind import Choice
from tests.pages import trained
from tests.pages.conftest import OWNER, words

VIEWS = ("errors", "classes", "curves", "calibration", "learning", "settings")


def only_run(workspace):
    return workspace.runs(OWNER, kind="compare")[0]


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


def test_figures_stand_beside_guessing(finished, open_page):
    finished("tickets")
    page = open_page("road/results")
    assert len(page.metric) == 3
    assert page.metric[0].label in {"Accuracy", "Balanced accuracy"}
    shown = words(page)
    assert "95 % interval" in shown
    assert sum(caption.value.startswith("guessing: ") for caption in page.caption) == 3


def test_a_number_has_predicted_against_true_and_no_confusion_matrix(finished, open_page):
    finished("reviews")
    page = open_page("road/results")
    assert not page.exception
    assert {metric.label for metric in page.metric} == {"R²", "RMSE", "MAE"}
    assert "The rows with the largest errors." in words(page)


def test_a_cell_shows_the_rows_behind_it(finished, open_page):
    finished("tickets")
    page = open_page("road/results")
    truth = next(box for box in page.selectbox if box.key.endswith("-truth"))
    said = next(box for box in page.selectbox if box.key.endswith("-said"))
    truth.set_value("high")
    said.set_value("high").run()
    assert not page.exception
    rows = page.dataframe[-1].value
    assert len(rows) > 0
    assert set(rows["truth"]) == {"high"}
    assert set(rows["prediction"]) == {"high"}


def test_rows_behind_nothing_are_all_mistakes():
    held = pd.DataFrame({"truth": list("aabb"), "prediction": list("abba")})
    assert list(rows_behind.chosen(held, Choice(True)).index) == [1, 3]
    assert list(rows_behind.chosen(held, Choice(True, "a")).index) == [0, 1]
    assert list(rows_behind.chosen(held, Choice(True, "b", "a")).index) == [3]


def test_the_largest_errors_of_a_number_come_first():
    held = pd.DataFrame({"truth": [1.0, 2.0, 3.0], "prediction": [1.5, -2.0, 3.0]})
    assert list(rows_behind.chosen(held, Choice(False)).index) == [1, 0, 2]


def test_a_run_is_renamed_and_deleted(finished, open_page):
    workspace = finished("tickets")
    run = only_run(workspace)
    page = open_page("road/results")
    page.session_state["kept-runs"] = True
    page.run()
    page.text_input(key=f"run-name-{run.id}").set_value("<b>Second</b>").run()
    page.button(key=f"rename-{run.id}").click().run()
    assert not page.exception
    assert only_run(workspace).name == "<b>Second</b>"
    page.button(key=f"delete-{run.id}").click().run()
    assert not page.exception
    assert workspace.runs(OWNER) == []
    assert not workspace.run_folder(run.id).exists()
    assert "Nothing has been trained on this table yet" in words(page)


def test_runs_stand_side_by_side(finished):
    workspace = finished("tickets")
    result = Comparison.model_validate_json((workspace.run_folder(only_run(workspace).id) / "result.json").read_text())
    fewer = result.model_copy(update={"candidates": result.candidates[:1], "seed": 7})
    table = run_keeper.table({"first": result, "second": fewer})
    lines = table.set_index(table.columns[0])
    assert lines.loc["Seed", "second"] == "7"
    assert lines.loc["Guessing", "first"] == lines.loc["Guessing", "second"]
    assert (lines["second"] == "–").sum() == len(result.candidates) - 1


def test_a_finished_report_can_be_downloaded(finished, open_page):
    workspace = finished("tickets")
    run = only_run(workspace)
    job = trained.work(workspace, "report", ReportParams(run=run.id), run.dataset)
    page = open_page("road/results")
    assert not page.exception
    assert f"/amalgam/download/{job}/report.html" in [link.url for link in page.link_button]


def test_markup_in_names_classes_and_cells_stays_text(finished, open_page):
    workspace = finished("hostile")
    page = open_page("road/results")
    assert not page.exception
    for view in VIEWS:
        page.segmented_control(key="results-view").set_value(view).run()
        assert not page.exception, view
        shown = words(page)
        for untrusted in (*trained.HOSTILE_CLASSES, *trained.HOSTILE_COLUMNS, only_run(workspace).name):
            assert untrusted not in shown or untrusted == plain(untrusted), (view, untrusted)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.8123, "0.812"), (41234.5, "41,234"), (0.00996, "0.00996"), (0.99996, "1.00"), (0.0, "0"), (None, "–")],
)
def test_figures_have_three_digits_that_count(value, shown):
    assert numbers.figure(value) == shown


def test_an_interval_decides_the_decimals():
    assert numbers.score_with_interval(Interval(mean=0.8123, low=0.79, high=0.8312)) == "0.812 (0.790 to 0.831)"
    assert numbers.score_with_interval(Interval(mean=1234.5, low=1200, high=1270)) == "1,234 (1,200 to 1,270)"
