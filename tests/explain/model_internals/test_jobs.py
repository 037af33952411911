"""What models say of themselves agrees with what they do, in the units of the source columns."""

from __future__ import annotations

from copy import copy
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from core.bundles import bundle
from core.explain.model_internals import features
from core.explain.model_internals import trees as own_trees
from core.explain.model_internals.jobs import Work, unwrapped
from core.fuse.candidates import build
from core.fuse.setting import Setting
from core.job_params import OwnParams
from core.jobs import client
from core.plan import Plan, Validation
from core.results.comparison import candidate_folder
from core.results.explanations.model_internals import Feature, OwnExplanation, Tree
from core.workspace import Workspace
from tests.fuse.tables import tickets
from tests.pages import trained

LARGE = 2.0**24
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
    return table, candidate, model, features.features(candidate, model.n_features_in_)


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
    ranked = features.shares(own_trees.gains(model, len(known)), known)
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
    names += ["columns+boosting", "columns+additive"]
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


def test_boosted_trees_of_two_classes_add_to_the_second(home):
    found = own(home, "columns+boosting")
    assert found.kind == "boosting"
    assert {tree.adds_to for tree in found.trees} == {"good"}


def test_a_model_without_rules_says_so(home):
    found = own(home, "columns+bayes")
    assert found.kind == "none"
    assert "Naive Bayes" in str(found.notes[0])
    assert own(home, "columns+svm-linear").linear.unit == "margin"
    assert "A sum of curves" in str(own(home, "columns+additive").notes[0])


@pytest.fixture(scope="module")
def units(tmp_path_factory):
    """The same table twice: a target of deviation about 1, and one 2^24 times as large, which models see divided."""
    names = [f"columns+{model}" for model in ("linear", "tree", "lightgbm", "boosting", "knn", "svm-kernel")]
    chance = np.random.default_rng(0)
    rows = pd.DataFrame({"size": chance.normal(5, 3, 90), "age": chance.normal(0, 1, 90)})
    worth = rows["size"] / 3 + np.sin(rows["age"]) + chance.normal(0, 0.3, 90)
    worth = worth / worth.std(ddof=0)
    plan = Plan(target="price", task="regression", candidates=names, validation=Validation(kind="holdout"))
    plan = plan.model_copy(update={"model_settings": SETTINGS})

    def home(unit: float):
        place = tmp_path_factory.mktemp("units")
        workspace = Workspace(place / "home")
        text = rows.assign(price=worth * unit).to_csv(index=False)
        dataset = trained.read(workspace, place, paste=text, name="Prices", target="price")
        return workspace, dataset, trained.train(workspace, dataset, plan, "Prices")

    return home(1.0), home(LARGE)


@pytest.mark.parametrize("model", ["linear", "tree", "lightgbm", "boosting", "knn", "svm-kernel"])
def test_a_model_of_a_large_target_says_the_same_in_the_targets_unit(units, model):
    usual, large = (own(home, f"columns+{model}") for home in units)
    assert type(bundled(units[1], f"columns+{model}").model_).__name__ == "Rescaled"
    assert (large.kind, large.model, large.importances) == (usual.kind, usual.model, usual.importances)
    assert usual.kind != "none"
    assert [one.row for one in large.neighbours.found] == [one.row for one in usual.neighbours.found]
    assert [one.distance for one in large.neighbours.found] == pytest.approx(
        [one.distance for one in usual.neighbours.found]
    )
    assert large.neighbours.votes == usual.neighbours.votes == (model == "knn")
    assert numbers_of(large) == pytest.approx([LARGE * number for number in numbers_of(usual)], rel=1e-6)
    assert bool(numbers_of(usual)) == (model != "knn")


def numbers_of(found: OwnExplanation) -> list[float]:
    """All that is in the unit of the target."""
    numbers = [node.number for tree in found.trees for node in tree.nodes]
    if found.linear is not None:
        numbers += found.linear.intercepts.values()
        numbers += [number for one in found.linear.coefficients for number in (one.value, one.per_unit, one.effect)]
        numbers += [block.effect for block in found.linear.blocks]
    if found.vectors is not None:
        numbers += [found.vectors.cap, *(one.weight for one in found.vectors.heaviest)]
    return numbers


def test_a_leaf_and_a_coefficient_of_a_large_target_are_what_is_predicted(units):
    pipeline, tree = bundled(units[1], "columns+tree"), own(units[1], "columns+tree").trees[0]
    row = pd.Series({"size": 4.2, "age": 0.3})
    assert leaf(tree, row).number == pytest.approx(pipeline.predict(row.to_frame().T)[0])
    pipeline, told = bundled(units[1], "columns+linear"), own(units[1], "columns+linear").linear
    said = pipeline.predict(pd.DataFrame({"size": [4.0, 5.0], "age": [0.0, 0.0]}))
    size = next(one for one in told.coefficients if one.feature.column == "size")
    assert size.per_unit == pytest.approx(said[1] - said[0])


def test_the_weight_of_a_capped_support_vector_is_the_cap(units):
    for home in units:
        vectors = own(home, "columns+svm-kernel").vectors
        assert vectors.n_capped > 0
        assert vectors.heaviest[0].weight == pytest.approx(vectors.cap)


def test_what_is_made_anew_for_each_row_has_no_coefficient():
    """A model that learned from advice too, of which the background has none: the columns are told as without it."""
    table, candidate, model, known = seen("columns")
    background = SimpleNamespace(bundle=SimpleNamespace(background=table.head(20)))
    advised = copy(model)
    advised.coef_ = np.hstack([model.coef_, [[5.0, -7.0]]])
    told = []
    for one, features_of_it in [
        (model, known),
        (advised, [*known, *(Feature(column="text", kind="advice", number=place) for place in (1, 2))]),
    ]:
        looked = SimpleNamespace(
            model=one, candidate=candidate, opened=background, classes=["bad", "good"], result=SimpleNamespace()
        )
        Work._linear(looked, features_of_it)
        told.append(looked.result.linear)
    assert len(told[0].coefficients) > 2
    assert told[1] == told[0]
