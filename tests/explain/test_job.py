"""The whole job on a small trained model: what is written adds up, keeps to its limits and tells the truth."""

from __future__ import annotations

import pandas as pd
import pytest

from core.evaluate.result import Explanation
from core.explain import estimate, whole
from core.explain.jobs import explain
from core.jobs import client
from core.jobs.context import Context
from core.messages import Cancelled
from core.plan import ExplainParams, Plan, Validation
from core.workspace import Workspace
from tests.fuse.tables import BAD, GOOD, tickets
from tests.pages import trained


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Made-up tickets whose mood shows in one word, with a model of text and columns."""
    place = tmp_path_factory.mktemp("explain")
    workspace = Workspace(place / "home")
    table, _schema = tickets(160)
    dataset = trained.read(workspace, place, paste=table.to_csv(index=False), name="Tickets", target="mood")
    plan = Plan(target="mood", candidates=["dummy", "cooperative:tfidf"], validation=Validation(kind="holdout"))
    return workspace, dataset, trained.train(workspace, dataset, plan, "Moods"), table


def explained(home, **params) -> Explanation:
    workspace, dataset, run, _table = home
    job = trained.work(
        workspace, "explain", ExplainParams(**{"run": run, "candidate": "cooperative:tfidf"} | params), dataset
    )
    return Explanation.model_validate_json((client.folder(workspace, job) / "explanation.json").read_text())


@pytest.fixture(scope="module")
def full(home):
    return explained(home, rows=[1, 2], budget_seconds=120)


def test_bars_sum_to_the_output_and_words_to_their_bar(full):
    assert [row.row for row in full.rows] == [1, 2]
    for row in full.rows:
        assert row.base + sum(column.value for column in row.columns) == pytest.approx(row.output)
        assert abs(row.error) < 1e-9
        text = next(column for column in row.columns if column.name == "text")
        assert sum(part.value for part in text.parts) == pytest.approx(text.value)
        assert all(text.shown[part.start : part.end] == part.text for part in text.parts)


def test_only_source_columns_are_named(full):
    names = {"text", "hours", "city", "day"}
    assert {column.name for row in full.rows for column in row.columns} <= names
    assert {one.name for one in full.shapley} <= names
    assert {one.name for one in full.permutation} <= names


def test_the_whole_ranks_the_text_first_and_its_telling_words(full):
    assert full.n_rows == estimate.WHOLE_ROWS
    assert full.shapley[0].name == full.permutation[0].name == "text"
    assert full.permutation[0].value.low > 0.1
    assert all(one.value.low <= one.value.mean <= one.value.high for one in [*full.shapley, *full.permutation])
    assert {one.text for one in full.words[:3]} <= {*GOOD, *BAD}
    assert {one.label for one in full.words} == {"good", "bad"}


def test_the_class_asked_for_is_explained(home):
    bad, good = (explained(home, rows=[1], whole=False, label=label).rows[0] for label in ("bad", "good"))
    assert (bad.label, good.label) == ("bad", "good")
    assert bad.output + good.output == pytest.approx(1)
    assert bad.columns[0].value == pytest.approx(-good.columns[0].value)


def test_no_time_means_little_but_honest_work(home):
    short = explained(home, rows=[1], budget_seconds=0.001)
    assert short.n_rows == 1
    assert len(short.permutation) == 4
    assert any("instead of 30" in str(message) for message in short.warnings)
    row = short.rows[0]
    assert row.base + sum(column.value for column in row.columns) == pytest.approx(row.output)


def test_the_same_seed_gives_the_same_explanation(home, full):
    again = explained(home, rows=[1, 2], budget_seconds=120)
    assert [row.columns for row in again.rows] == [row.columns for row in full.rows]
    assert (again.shapley, again.permutation, again.words) == (full.shapley, full.permutation, full.words)


def test_a_row_that_is_gone_is_said(home):
    short = explained(home, rows=[10_000], whole=False)
    assert short.rows == []
    assert "10001" in str(short.warnings[0])


def test_cancelling_stops_and_keeps_what_there_is(home, tmp_path):
    workspace, _dataset, run, _table = home
    asked = []

    def stop() -> bool:
        asked.append((tmp_path / "explanation.json").exists())
        return asked[-1]

    context = Context(workspace, trained.OWNER, "job", tmp_path, stop=stop, threads=1)
    wanted = ExplainParams(run=run, candidate="cooperative:tfidf", rows=[1, 2]).model_dump()
    with pytest.raises(Cancelled):
        explain(wanted, context)
    assert len(Explanation.model_validate_json((tmp_path / "explanation.json").read_text()).rows) == 1


def test_rows_of_a_test_file_measure_the_shuffling(home, full, tmp_path):
    """Labels of the test file are all wrong, so shuffling can only help: the loss is not that of the training rows."""
    workspace, dataset, _run, table = home
    path = workspace.dataset_folder(dataset) / "test.parquet"
    flipped = table.assign(mood=table["mood"].map({"good": "bad", "bad": "good"}))
    trained_rows = pd.read_parquet(workspace.dataset_folder(dataset) / "table.parquet")
    flipped["day"] = trained_rows["day"].to_numpy()
    flipped.to_parquet(path)
    try:
        found = explained(home, rows=[], budget_seconds=60)
    finally:
        path.unlink()
    loss = {one.name: one.value.mean for one in found.permutation}
    assert loss["text"] < 0 < full.permutation[0].value.mean


def test_words_are_counted_without_their_marks():
    assert whole.plain_word("“Great!”") == "great"
    assert whole.plain_word("很棒，") == "很棒"
    assert whole.plain_word("?!") == ""


def test_more_of_anything_costs_more():
    def seconds(columns=5, rows=1, ms=1.0, whole=True):
        return estimate.estimate_seconds(columns, rows, ms, whole=whole)

    assert seconds(rows=2) > seconds()
    assert seconds(ms=5.0) > seconds()
    assert seconds(columns=8) > seconds() > seconds(whole=False)
