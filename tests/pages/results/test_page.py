"""The Results page on real small runs: verdict, figures, every view, kept runs, and text that tries to be markup."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from core.access import audit
from core.data.schema import read_model
from core.evaluate.error_costs import error_costs
from core.evaluate.report import html
from core.job_params import ReportParams
from core.jobs import client
from core.results.comparison import Comparison, Interval
from core.results.endpoint_use import EndpointUse
from pages.results import run_keeper
from pages.results.compared import error_costs as result_costs
from pages.shared import numbers
from pages.shared.markup import plain
from pages.shared.runs import rows_behind
from pages.shared.runs.board import ranking, table
from pages.shared.runs.rows_behind import Choice
from tests.pages import trained
from tests.pages.conftest import OWNER, words

VIEWS = ("errors", "classes", "groups", "curves", "calibration", "learning", "settings")
COMPARED = ("cost", "folds", "disagree")


def only_run(workspace):
    return workspace.runs(OWNER, kind="compare")[0]


def test_without_a_run_the_page_says_what_to_do(open_page, tickets):
    page = open_page("results")
    assert not page.exception
    assert "Nothing has been trained on this table yet" in words(page)
    assert page.button(key="missing-compare").label == "Go to Compare"


def test_every_view_draws(finished, open_page):
    finished("tickets")
    page = open_page("results")
    assert not page.exception
    for view in VIEWS:
        page.segmented_control(key="results-view").set_value(view).run()
        assert not page.exception, view
    for view in COMPARED:
        page.segmented_control(key="compared-view").set_value(view).run()
        assert not page.exception, view


def test_figures_stand_beside_guessing(finished, open_page):
    finished("tickets")
    page = open_page("results")
    assert len(page.metric) == 3
    assert page.metric[0].label in {"Accuracy", "Balanced accuracy"}
    shown = words(page)
    assert "95 % interval" in shown
    assert sum(caption.value.startswith("guessing: ") for caption in page.caption) == 3


def test_the_rows_behind_have_headers_in_the_viewers_language(finished, open_page):
    finished("tickets")
    page = open_page("results")
    page.segmented_control(key="language").set_value("zh_CN").run()
    assert not page.exception
    table = next(table for table in page.dataframe if "truth" in table.value.columns)
    shown = json.loads(table.proto.columns)
    assert [shown[name]["label"] for name in ("truth", "prediction", "certainty")] == ["真值", "预测", "把握"]


def test_a_number_has_predicted_against_true_and_no_confusion_matrix(finished, open_page):
    finished("reviews")
    page = open_page("results")
    assert not page.exception
    assert {metric.label for metric in page.metric} == {"R²", "RMSE", "MAE"}
    assert "The rows with the largest errors." in words(page)


def test_a_cell_shows_the_rows_behind_it(finished, open_page):
    finished("tickets")
    page = open_page("results")
    truth = next(box for box in page.selectbox if box.key.endswith("-truth"))
    said = next(box for box in page.selectbox if box.key.endswith("-said"))
    truth.set_value("high")
    said.set_value("high").run()
    assert not page.exception
    rows = next(table.value for table in page.dataframe if "truth" in table.value.columns)
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
    page = open_page("results")
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


def test_work_that_is_asked_for_is_written_down_with_its_job(finished, open_page):
    workspace = finished("tickets")
    page = open_page("results")
    next(button for button in page.button if button.label == "Make a report").click().run()
    assert not page.exception
    (job,) = client.jobs(workspace, OWNER, kind="report")
    client.cancel(workspace, job.id, OWNER)
    page.run()
    page.button(key=f"resume-{job.id}").click().run()
    assert not page.exception
    told = [json.loads(line) for line in audit.log_file(workspace.home).read_text().splitlines()]
    assert [(line["act"], line["owner"], line["about"], line["job"]) for line in told] == [
        ("report", OWNER, job.dataset, job.id)
    ] * 2


def test_a_finished_report_can_be_downloaded(finished, open_page):
    workspace = finished("tickets")
    run = only_run(workspace)
    job = trained.work(workspace, "report", ReportParams(run=run.id), run.dataset)
    page = open_page("results")
    assert not page.exception
    assert f"/amalgam/download/{job}/report.html" in [link.url for link in page.link_button]


def test_markup_in_names_classes_and_cells_stays_text(finished, open_page):
    workspace = finished("hostile")
    page = open_page("results")
    assert not page.exception
    for view in VIEWS:
        page.segmented_control(key="results-view").set_value(view).run()
        assert not page.exception, view
        shown = words(page)
        for untrusted in (*trained.HOSTILE_CLASSES, *trained.HOSTILE_COLUMNS, only_run(workspace).name):
            assert untrusted not in shown or untrusted == plain(untrusted), (view, untrusted)
    for view in COMPARED:
        page.segmented_control(key="compared-view").set_value(view).run()
        assert not page.exception, view


def box(page, ending):
    return next(one for one in page.selectbox if one.key.endswith(ending) or one.key.startswith(ending))


def control(page, ending):
    return next(one for one in page.segmented_control if one.key.endswith(ending))


def table_with(page, column):
    return next(table.value for table in page.dataframe if column in table.value.columns)


def changed(workspace, **more):
    """The only run's ``result.json``, changed."""
    path = workspace.run_folder(only_run(workspace).id) / "result.json"
    result = Comparison.model_validate_json(path.read_text())
    path.write_text(result.model_copy(update=more).model_dump_json())
    return result


def test_what_an_endpoint_took_is_said_beside_the_costs(finished, open_page):
    workspace = finished("tickets")
    page = open_page("results")
    assert "llm.example" not in words(page)  # as of a run from before it was counted
    use = EndpointUse(host="llm.example", model="<b>large</b>", answers=12, tokens_in=600, tokens_out=12, cost=0.5)
    changed(workspace, endpoint=use)
    page = open_page("results")
    assert not page.exception
    [line] = [one.value for one in page.caption if "gave 12 answers" in one.value]
    assert "600 tokens in, 12 out, which cost about 0.50 by the prices that were set." in line
    assert "<b>" not in line


def test_score_stands_against_each_cost(finished, open_page):
    workspace = finished("tickets")
    result = changed(workspace)
    page = open_page("results")
    for cost in ("seconds", "milliseconds", "megabytes"):
        page.segmented_control(key="compared-cost").set_value(cost).run()
        assert not page.exception, cost
    frame = table_with(page, "On the line")
    assert len(frame) == len(result.candidates)
    assert list(frame["No."]) == [1, 2, 3]
    assert frame["On the line"].iloc[0] == "✓"  # nothing scores higher than the best
    assert frame["Accuracy"].is_monotonic_decreasing


def test_one_hold_out_has_no_folds_and_says_where_they_are_chosen(finished, open_page):
    finished("tickets")
    page = open_page("results")
    page.segmented_control(key="compared-view").set_value("folds").run()
    assert "there are no folds to look at" in words(page)
    assert "On the Compare page" in words(page)


def test_folds_are_lines_of_the_candidates_one_chooses(finished, open_page):
    workspace = finished("tickets")
    result = changed(workspace)
    lines = [line.model_copy(update={"fold_scores": [0.5, 0.6, 0.7]}) for line in result.candidates]
    changed(workspace, candidates=lines, folds=3)
    page = open_page("results")
    page.segmented_control(key="compared-view").set_value("folds").run()
    assert not page.exception
    chosen = page.multiselect[-1]
    assert len(chosen.value) == 3
    chosen.set_value([]).run()
    assert not page.exception
    assert "Choose at least one candidate." in words(page)


def test_a_single_candidate_has_nobody_to_be_compared_with(finished, open_page):
    workspace = finished("tickets")
    result = changed(workspace)
    changed(workspace, candidates=[line for line in result.candidates if line.name == result.best])
    page = open_page("results")
    assert not page.exception
    assert "Only one candidate finished" in words(page)


def test_two_candidates_disagree_on_rows_that_one_can_read(finished, open_page):
    finished("tickets")
    page = open_page("results")
    page.segmented_control(key="compared-view").set_value("disagree").run()
    assert not page.exception
    assert "that only one of them gets right" in words(page)
    control(page, "-outcome").set_value("second").run()
    assert not page.exception
    rows = table_with(page, "first says")
    assert (rows["first says"] != rows["truth"]).all()
    assert (rows["second says"] == rows["truth"]).all()
    assert len(rows.columns) > 4  # the row as it stands in the table
    box(page, "disagree-second").set_value(box(page, "disagree-first").value).run()
    assert not page.exception
    assert "Choose two different candidates." in words(page)


def test_numbers_disagree_by_who_is_closer(finished, open_page):
    finished("reviews")
    page = open_page("results")
    page.segmented_control(key="compared-view").set_value("disagree").run()
    assert not page.exception
    assert "where one of them is closer" in words(page)
    rows = table_with(page, "first says")
    assert ((rows["first says"] - rows["truth"]).abs() < (rows["second says"] - rows["truth"]).abs()).all()


def test_a_table_read_anew_shows_no_rows_of_the_old_one(finished, open_page):
    workspace = finished("tickets")
    changed(workspace, dataset_hash="of another table")
    page = open_page("results")
    page.segmented_control(key="compared-view").set_value("disagree").run()
    assert not page.exception
    assert list(table_with(page, "first says").columns) == ["truth", "first says", "second says"]
    page.segmented_control(key="results-view").set_value("groups").run()
    assert not page.exception
    assert "Compare again to see its groups." in words(page)


@pytest.mark.parametrize("home", ["tickets", "reviews", "hostile"])
def test_every_column_can_be_grouped_by(finished, open_page, home):
    finished(home)
    page = open_page("results")
    page.segmented_control(key="results-view").set_value("groups").run()
    assert not page.exception
    for column in box(page, "group-by").options:
        box(page, "group-by").set_value(column).run()
        assert not page.exception, column


def test_dear_misses_never_raise_the_best_threshold(finished, open_page):
    finished("hostile")
    page = open_page("results")
    page.segmented_control(key="results-view").set_value("costs").run()
    assert not page.exception
    assert [metric.label for metric in page.metric][-3:] == [
        "Best threshold",
        "Cost per 1,000 rows",
        "Saved against 0.50",
    ]
    dear_misses = page.number_input(key="cost-of-miss").set_value(50.0).run().metric[-3].value
    page.number_input(key="cost-of-miss").set_value(1.0).run()
    dear_alarms = page.number_input(key="cost-of-alarm").set_value(50.0).run().metric[-3].value
    assert float(dear_misses) <= float(dear_alarms)
    page.number_input(key="cost-of-miss").set_value(0.0)
    page.number_input(key="cost-of-alarm").set_value(0.0).run()
    assert not page.exception
    assert "Enter a cost above 0" in words(page)


def test_the_interval_of_a_saving_counts_groups_not_rows(finished, open_page, monkeypatch):
    workspace = finished("hostile")
    for path in workspace.run_folder(only_run(workspace).id).rglob("predictions.parquet"):
        held = pd.read_parquet(path)
        held.assign(unit=held["row"] // 10).to_parquet(path)  # as if ten rows were of one patient
    seen = []
    monkeypatch.setattr(result_costs, "error_costs", lambda *args, **how: seen.append(how) or error_costs(*args, **how))
    page = open_page("results")
    page.segmented_control(key="results-view").set_value("costs").run()
    assert not page.exception
    assert (seen[-1]["sampling"].units == seen[-1]["sampling"].rows // 10).all()


def test_a_number_has_no_costs_of_errors(finished, open_page):
    finished("reviews")
    page = open_page("results")
    assert "costs" not in [*page.segmented_control(key="results-view").options]
    assert "Costs of errors" not in [*page.segmented_control(key="results-view").options]


def test_the_leaderboards_table_says_what_was_gained_over_whom(finished):
    workspace = finished("tickets")
    board = table.table(changed(workspace)).set_index("Name")
    gain = board.loc["text-tfidf"]
    assert gain["Compared with"] == "Guessing"
    assert gain["Difference, low"] <= gain["Difference"] <= gain["Difference, high"]
    assert gain["Difference"] == pytest.approx(gain["Accuracy"] - board.loc["dummy", "Accuracy"])
    assert 0 <= gain["p"] <= 1
    assert gain["Text features"] == "fitted in the fold"
    assert board.loc["dummy", "Compared with"] == ""
    assert set(table.columns(board.reset_index())) < set(board.columns)


def test_badges_stand_under_the_board(finished, open_page):
    finished("tickets")
    page = open_page("compare")
    assert not page.exception
    shown = [caption for caption in page.caption if "Text features" in caption.value]
    assert len(shown) == 1
    assert "fitted in the fold" in shown[0].value
    assert "in every fold, on the training rows alone" in shown[0].help


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.8123, "0.812"), (41234.5, "41,234"), (0.00996, "0.00996"), (0.99996, "1.00"), (0.0, "0"), (None, "–")],
)
def test_figures_have_three_digits_that_count(value, shown):
    assert numbers.figure(value) == shown


def test_an_interval_decides_the_decimals():
    assert numbers.score_with_interval(Interval(mean=0.8123, low=0.79, high=0.8312)) == "0.812 (0.790 to 0.831)"
    assert numbers.score_with_interval(Interval(mean=1234.5, low=1200, high=1270)) == "1,234 (1,200 to 1,270)"


def test_the_same_cost_reads_the_same_on_compare_results_and_in_the_report(finished, open_page):
    workspace = finished("tickets")
    run = only_run(workspace)
    result = read_model(Comparison, workspace.run_folder(run.id) / "result.json")
    line = ranking.ranked(result)[0]
    seconds, size = ranking.costs(line).split(" · ")
    assert size.endswith(" MB")
    assert not size.startswith("0 ")
    page = open_page("results")
    page.segmented_control(key="results-view").set_value("settings").run()
    told = next(table.value for table in page.dataframe if "Value" in table.value.columns).set_index("What")["Value"]
    assert (told["Training"], told["Size with its encoder"]) == (seconds, size)
    report = html(result, {}, "en", title="Run")
    assert f"<td>{seconds}</td>" in report
    assert f"<td>{size}</td>" in report
