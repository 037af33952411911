"""What models say of themselves agrees with what they do, in the units of the source columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core import bundle
from core.evaluate.own_explanation import OwnExplanation, Tree
from core.evaluate.result import candidate_folder
from core.explain import own_features, own_trees
from core.explain.own_jobs import unwrapped
from core.fuse.candidates import build
from core.fuse.setting import Setting
from core.jobs import client
from core.plan import OwnParams, Plan
from tests.fuse.tables import tickets
from tests.pages import trained

SETTINGS = {
    "tree": {"max_depth": 6},
    "forest": {"n_estimators": 12},
    "lightgbm": {"n_estimators": 10},
    "boosting": {"max_iter": 10},
}


def seen(name: str, without: str = ""):
    """The table, a fitted candidate, its model and what each of the model's numbers is."""
    table, schema = tickets(150)
    schema = schema.model_copy(update={"columns": [one for one in schema.columns if one.name != without]})
    plan = Plan(target="mood", model_settings=SETTINGS)
    candidate = build(name, Setting(schema, plan, "binary")).fit(table, table["mood"])
    model = unwrapped(candidate.model_)
    return table, candidate, model, own_features.features(candidate, model.n_features_in_)


def leaf(tree: Tree, row: pd.Series):
    """Follow the questions by the row's own values."""
    place = 0
    while (node := tree.nodes[place]).feature is not None:
        feature, value = node.feature, row[node.feature.column]
        if feature.kind == "number":
            yes = value <= node.threshold
        else:
            yes = feature.kind == "missing" or value != feature.detail
        place = next(n for n, one in enumerate(tree.nodes) if one.above == place and one.left == yes)
    return node


def test_features_carry_columns_and_words():
    _table, candidate, _model, known = seen("cooperative:tfidf")
    assert len(known) == candidate.n_made_
    kinds = {(one.column, one.kind) for one in known}
    assert ("hours", "number") in kinds
    assert ("hours", "missing") in kinds
    assert ("city", "category") in kinds
    assert ("day", "date") in kinds
    assert "awful" in {one.detail for one in known if (one.column, one.kind) == ("text", "word")}


def test_a_trees_questions_are_in_the_columns_own_units():
    table, candidate, model, known = seen("columns+tree", without="day")
    tree = own_trees.first_trees(model, known, ["bad", "good"], ["good"])[0][0]
    assert tree.n_leaves == model.get_n_leaves()
    rows = table[table["hours"].notna()].head(40)
    told = candidate.predict_proba(rows)
    assert not any(node.cut for node in tree.nodes)
    for place, (_index, row) in enumerate(rows.iterrows()):
        assert leaf(tree, row).values == pytest.approx(told[place])
    root = tree.nodes[0]
    below = [node for node in tree.nodes if node.above == 0]
    assert sum(node.n_rows for node in below) == root.n_rows == len(table)


@pytest.mark.parametrize("name", ["columns+forest", "columns+boosting", "columns+lightgbm"])
def test_importances_add_up_by_source_column(name):
    _table, _candidate, model, known = seen(name)
    ranked = own_features.shares(own_trees.gains(model, len(known)), known)
    assert sum(one.share for one in ranked) == pytest.approx(1)
    assert {one.name for one in ranked} == {"hours", "city", "day"}
    trees, n_trees = own_trees.first_trees(model, known, ["bad", "good"], ["good"])
    assert n_trees >= 10
    assert trees[0].nodes[0].feature.column in {"hours", "city", "day"}
    assert trees[0].boosted == ("forest" not in name)


def test_a_boosted_tree_adds_what_lightgbm_says():
    table, _candidate, model, known = seen("columns+lightgbm")
    tree = own_trees.first_trees(model, known, ["bad", "good"], ["good"])[0][0]
    leaves = {round(node.number, 9) for node in tree.nodes if node.feature is None and not node.cut}
    frame = model.booster_.trees_to_dataframe()
    first = frame[(frame.tree_index == 0) & frame.split_feature.isna()]
    assert leaves == {round(value, 9) for value in first.value}
    assert tree.nodes[0].n_rows == len(table)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    names = ["columns", "text-tfidf", "columns+knn", "columns+svm-kernel", "columns+bayes", "columns+svm-linear"]
    return trained.moods(tmp_path_factory.mktemp("own"), 120, names)


def own(home, candidate: str, row: int = 1) -> OwnExplanation:
    workspace, dataset, run = home
    job = trained.work(workspace, "model-itself", OwnParams(run=run, candidate=candidate, row=row), dataset)
    return OwnExplanation.model_validate_json((client.folder(workspace, job) / "own.json").read_text())


def bundled(home, candidate: str):
    workspace, _dataset, run = home
    return bundle.load(candidate_folder(workspace.run_folder(run), candidate) / "bundle").pipeline


def test_one_hour_more_adds_its_coefficient(home):
    found = own(home, "columns")
    told = next(one for one in found.linear.coefficients if (one.feature.kind, one.label) == ("number", "bad"))
    pipeline = bundled(home, "columns")
    rows = tickets(120)[0].head(2).copy()
    rows["hours"], rows["city"], rows["day"] = [2.0, 3.0], "Rome", rows["day"].iloc[0]
    probability = pipeline.predict_proba(rows)[:, 0]
    log_odds = np.log(probability / (1 - probability))
    assert told.per_unit == pytest.approx(log_odds[1] - log_odds[0], rel=1e-6)
    assert found.linear.unit == "log-odds"
    assert found.linear.intercepts["bad"] == pytest.approx(-found.linear.intercepts["good"])


def test_words_of_a_linear_model_push_where_they_should(home):
    found = own(home, "text-tfidf")
    words = {one.feature.detail: one.value for one in found.linear.coefficients if one.label == "bad"}
    assert words["awful"] > 0 > words["lovely"]
    assert [block.column for block in found.linear.blocks] == ["text", "text"]


def test_neighbours_are_those_the_model_asks(home):
    found = own(home, "columns+knn").neighbours
    assert found.votes
    pipeline = bundled(home, "columns+knn")
    table = tickets(120)[0]
    row = table.iloc[[1]]
    distances, places = unwrapped(pipeline.model_).kneighbors(pipeline._made(row), n_neighbors=4)
    assert distances[0][0] == pytest.approx(0, abs=1e-9)  # the row itself, which is left out
    assert [one.row for one in found.found[:3]] == places[0][1:].tolist()
    assert found.asked.row == 1
    assert [one.distance for one in found.found[:3]] == pytest.approx(distances[0][1:])
    assert [one.truth for one in found.found[:3]] == table["mood"].iloc[places[0][1:]].tolist()


def test_support_vectors_are_counted_and_shown(home):
    found = own(home, "columns+svm-kernel")
    model = unwrapped(bundled(home, "columns+svm-kernel").model_)
    assert sum(found.vectors.counts.values()) == len(model.support_)
    assert found.vectors.n_rows == 120
    assert found.vectors.cap == model.C
    assert found.vectors.heaviest[0].row in model.support_
    assert set(found.vectors.heaviest[0].cells) == {"hours", "city", "day"}


def test_a_model_without_rules_says_so(home):
    found = own(home, "columns+bayes")
    assert found.kind == "none"
    assert "Naive Bayes" in str(found.notes[0])
    assert own(home, "columns+svm-linear").linear.unit == "margin"
