"""No leak: shuffled labels score at chance in every family, planted leaks are caught, copies stay on one side."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.split import folds
from core.fuse import auto, candidates
from core.fuse.compare import compare
from core.fuse.prepare import prepare
from core.jobs.context import Context
from core.plan import Plan, Validation
from core.workspace import Workspace
from tests.fuse.tables import tickets

FAMILIES = [
    "columns",
    "text-tfidf",
    "text-llm",
    "columns-as-text",
    "zero-shot",
    "cooperative",
    "cooperative@words",
    "cooperative+lightgbm",
    "cooperative-tuned",
    "auto",
]


@pytest.fixture
def context(tmp_path):
    return Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=2)


def test_shuffled_labels_score_at_chance_in_every_family(context, monkeypatch):
    few = [entry for entry in auto.SCREENED if entry.name in {"cooperative", "columns", "text-tfidf"}]
    monkeypatch.setattr(candidates, "SCREENED", tuple(few))  # all of them would say the same in ten times the time
    table, schema = tickets(200)
    table["mood"] = np.random.default_rng(2).permutation(table["mood"].to_numpy())
    plan = Plan(target="mood", candidates=["dummy", *FAMILIES], validation=Validation(folds=2), bundles=False)
    result = compare(table, schema, plan, context.folder, context)
    for line in result.candidates:
        assert line.status == "ok", (line.name, line.reason)
        assert line.scores["roc_auc"].low <= 0.5, line.name  # a leak lifts it; under chance is what chance does, too
    assert np.mean([line.scores["roc_auc"].mean for line in result.candidates]) == pytest.approx(0.5, abs=0.08)
    assert result.verdict.code in {"no_better_than_guessing", "not_worth_it", "too_close"}


def test_every_badge_says_how_its_features_came_about(context):
    table, schema = tickets(60)
    plan = Plan(target="mood", candidates=FAMILIES[:-2], validation=Validation(folds=2), bundles=False)
    result = compare(table, schema, plan, context.folder, context)
    badges = {line.name: line.leak_badge for line in result.candidates}
    assert badges["columns"] == ""
    assert badges["text-tfidf"] == badges["cooperative@words"] == "fitted-in-fold"
    for name in ("text-llm", "columns-as-text", "zero-shot", "cooperative"):
        assert badges[name] == "label-free"


def test_a_feature_that_was_computed_on_all_rows_is_caught(context):
    """The mean of the target within a group, held-out rows included: it scores where nothing can be known."""
    random = np.random.default_rng(0)
    table, schema = tickets(240)
    table["mood"] = random.permutation(table["mood"].to_numpy())
    table["city"] = [f"group {number}" for number in random.integers(0, 80, len(table))]
    plan = Plan(target="mood", candidates=["dummy", "columns+boosting"], drop=["hours", "day", "text"], bundles=False)
    honest = compare(table, schema, plan, context.folder, context)
    auc = honest.candidate("columns+boosting").scores["roc_auc"]
    assert auc.low <= 0.5 <= auc.high
    leaky = table.copy()
    leaky["hours"] = leaky.groupby("city")["mood"].transform(lambda moods: np.mean(moods == "good"))
    planted = plan.model_copy(update={"drop": ["day", "text", "city"]})
    caught = compare(leaky, schema, planted, context.folder.with_name("leaky"), context)
    assert caught.candidate("columns+boosting").scores["roc_auc"].low > 0.6


def test_near_duplicates_stay_on_one_side_and_it_is_said():
    table, schema = tickets(120)
    nothing = table["text"].isna()
    table.loc[nothing, "text"] = [f"nobody wrote anything in row {place}" for place in table.index[nothing]]
    for place in range(40):
        table.loc[place + 60, ["text", "mood"]] = [f"{table.loc[place, 'text']}!", table.loc[place, "mood"]]
    plan = Plan(target="mood", validation=Validation(folds=4))
    prepared = prepare(table, schema, plan)
    assert any("nearly repeat" in str(message) for message in prepared.warnings)
    for train, test in prepared.folds:
        assert not [place for place in range(40) if (place in train) != (place + 60 in train)]
        assert len(test)
    apart = plan.model_copy(update={"validation": Validation(folds=4, near_duplicates_together=False)})
    plain = prepare(table, schema, apart)
    assert [test.tolist() for _train, test in plain.folds] == [
        test.tolist() for _train, test in folds(table["mood"].to_numpy(), apart.validation, seed=0)
    ]


def test_a_table_without_copies_is_cut_as_ever():
    table, schema = tickets(100)
    table["text"] = [f"text number {place} says {place * 7919}" for place in range(100)]
    prepared = prepare(table, schema, Plan(target="mood", validation=Validation(folds=4)))
    assert not prepared.warnings
    expected = folds(table["mood"].to_numpy(dtype=object), Validation(folds=4), seed=0)
    assert [test.tolist() for _train, test in prepared.folds] == [test.tolist() for _train, test in expected]
