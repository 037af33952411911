"""Rows explained on a small trained model: what is written adds up, keeps to its limits and tells the truth."""

from __future__ import annotations

import numpy as np
import pytest

from core.explain.row import estimate
from core.explain.row.jobs import explain
from core.job_params import ExplainParams
from core.jobs import client
from core.jobs.context import Context
from core.messages import Cancelled
from core.results.explanations.rows import Explanation
from tests.fuse.tables import tickets
from tests.pages import trained


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Made-up tickets whose mood shows in one word, with a model of text and columns."""
    return *trained.moods(tmp_path_factory.mktemp("explain"), 160, ["dummy", "cooperative:tfidf"]), tickets(160)[0]


def explained(home, **params) -> Explanation:
    workspace, dataset, run, _table = home
    wanted = ExplainParams(**{"run": run, "candidate": "cooperative:tfidf", "output": "probability"} | params)
    job = trained.work(workspace, "explain", wanted, dataset)
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


def test_the_class_asked_for_is_explained(home):
    bad, good = (explained(home, rows=[1], label=label).rows[0] for label in ("bad", "good"))
    assert (bad.label, good.label) == ("bad", "good")
    assert bad.output + good.output == pytest.approx(1)
    assert bad.columns[0].value == pytest.approx(-good.columns[0].value)


def test_no_time_means_little_but_honest_work(home):
    row = explained(home, rows=[1], budget_seconds=0.001).rows[0]
    assert row.base + sum(column.value for column in row.columns) == pytest.approx(row.output)


def test_the_same_seed_gives_the_same_explanation(home, full):
    again = explained(home, rows=[1, 2], budget_seconds=120)
    assert [row.columns for row in again.rows] == [row.columns for row in full.rows]


def test_a_class_has_log_odds_too(home, full):
    row = explained(home, rows=[1], output="margin").rows[0]
    assert row.output == pytest.approx(np.log(full.rows[0].output / (1 - full.rows[0].output)))
    assert row.base + sum(column.value for column in row.columns) == pytest.approx(row.output)


def test_a_row_that_is_gone_is_said(home):
    short = explained(home, rows=[10_000])
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


def test_more_of_anything_costs_more():
    assert estimate.row_seconds(5, 2, 1.0) > estimate.row_seconds(5, 1, 1.0)
    assert estimate.row_seconds(5, 1, 5.0) > estimate.row_seconds(5, 1, 1.0)
    assert estimate.row_seconds(8, 1, 1.0) > estimate.row_seconds(5, 1, 1.0)
