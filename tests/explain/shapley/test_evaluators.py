"""Whatever short way a model allows, it says what the model says, and exact values are exact."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from core.explain.shapley.candidate_evaluators import evaluator_of
from core.explain.shapley.column_game import Game, stacked
from core.explain.shapley.evaluators import Table
from core.explain.shapley.values import shares
from core.fuse.candidates import build
from core.fuse.ensemble import Ensemble
from core.fuse.setting import Setting
from core.plan import Plan
from tests.fuse.tables import tickets

FEW = {
    "forest": {"n_estimators": 20}, "extra-trees": {"n_estimators": 20},
    "boosting": {"max_iter": 20}, "lightgbm": {"n_estimators": 20},
}  # fmt: skip
MODELS = [
    ("linear", "binary"), ("linear", "multiclass"), ("svm-linear", "binary"), ("svm-linear", "multiclass"),
    ("svm-kernel", "binary"), ("svm-kernel", "multiclass"), ("svm-kernel", "regression"), ("forest", "multiclass"),
    ("boosting", "multiclass"), ("lightgbm", "binary"), ("knn", "regression"), ("bayes", "binary"),
]  # fmt: skip


def target(task: str, table: pd.DataFrame) -> np.ndarray:
    """Two classes, three, or a number, which the text and the hours tell."""
    hours = table["hours"].fillna(2.5)
    if task == "regression":
        return (hours + (table["mood"] == "good") * 3).to_numpy()
    if task == "multiclass":
        return np.where(hours > 3.2, "slow", table["mood"])
    return table["mood"].to_numpy()


def fitted(name: str, task: str, table: pd.DataFrame, schema):
    plan = Plan(target="mood", model_settings=FEW)
    candidate = build(name, Setting(schema, plan, task, n_rows=len(table), threads=1))
    return candidate.fit(table.drop(columns="mood"), target(task, table))


def says_of(candidate):
    def says(frame):
        prediction, probabilities = candidate.predict_both(frame)
        return np.asarray(prediction, dtype=float) if probabilities is None else probabilities

    return says


def game_of(candidate, table, *, place=0, output="margin", n=5, quick=True) -> Game:
    row, background = table.loc[[3], candidate.columns_], table.loc[20 : 19 + n, candidate.columns_]
    both = stacked(row, background)
    told = evaluator_of(candidate, both, says_of(candidate)) if quick else Table(says_of(candidate), both)
    weights = np.arange(1, n + 1) / np.arange(1, n + 1).sum()
    return Game(None, row, background, weights, evaluator=told, place=place, output=output)


@pytest.fixture(scope="module")
def small():
    return tickets(60)


@pytest.mark.parametrize(("model", "task"), MODELS)
def test_made_up_rows_are_answered_as_the_model_answers_them(small, model, task):
    table, schema = small
    candidate = fitted(f"cooperative:tfidf-svd+{model}", task, table, schema)
    place = {"binary": 1, "multiclass": 2, "regression": 0}[task]
    quick, plain = (game_of(candidate, table, place=place, quick=one) for one in (True, False))
    assert not isinstance(quick.evaluator, Table)
    shown = np.random.default_rng(0).random((12, 4)) < 0.5
    near = 1e-4 if model == "bayes" else 1e-6  # float32 features, multiplied by hundreds
    assert quick.values(shown) == pytest.approx(plain.values(shown), abs=near)
    texts = ["an awful note", "", "the lovely office"] * 4
    assert quick.with_texts(shown, "text", texts) == pytest.approx(plain.with_texts(shown, "text", texts), abs=near)


@pytest.mark.parametrize(
    ("name", "task", "output"),
    [
        ("cooperative:tfidf+linear", "binary", "margin"),
        ("cooperative:tfidf+svm-linear", "binary", "margin"),
        ("columns+linear", "regression", "margin"),
        ("columns+svm-linear", "regression", "margin"),
        ("columns+tree", "multiclass", "probability"),
        ("cooperative:tfidf-svd+forest", "binary", "probability"),
        ("columns+extra-trees", "regression", "margin"),
        ("columns+boosting", "binary", "margin"),
        ("cooperative:tfidf-svd+boosting", "regression", "margin"),
        ("columns+lightgbm", "binary", "margin"),
        ("cooperative:tfidf+lightgbm", "regression", "margin"),
    ],
)
def test_values_by_form_are_those_of_all_coalitions(small, name, task, output):
    table, schema = small
    candidate = fitted(name, task, table, schema)
    for place in range(1 if task == "regression" else 2):
        game = game_of(candidate, table, place=place, output=output)
        found = game.closed()
        assert found is not None
        assert found == pytest.approx(shares(game.values, len(game.players)).values, abs=1e-6)
        assert np.abs(found).max() > 0


def test_texts_whose_words_are_counted_for_trees_are_put_in_their_column(small):
    table, schema = small
    candidate = fitted("cooperative:tfidf+lightgbm", "regression", table, schema)
    quick, plain = (game_of(candidate, table, quick=one) for one in (True, False))
    assert sparse.issparse(quick.evaluator.features.matrix)
    shown = np.array([[True, False, True, False], [False, True, False, True], [True] * 4])
    texts = ["an awful note", "", "the lovely office"]
    assert quick.with_texts(shown, "text", texts) == pytest.approx(plain.with_texts(shown, "text", texts), abs=1e-6)


def test_a_mixture_adds_up_its_members_where_it_may(small):
    table, schema = small
    setting = Setting(schema, Plan(target="mood"), "binary", n_rows=len(table))
    members = [(name, build(name, setting)) for name in ("columns+forest", "cooperative:tfidf-svd+extra-trees")]
    candidate = Ensemble(members, [0.3, 0.7], "binary").fit(table.drop(columns="mood"), table["mood"])
    game = game_of(candidate, table, output="probability")
    assert game.closed() == pytest.approx(shares(game.values, 4).values, abs=1e-6)
    assert game_of(candidate, table, output="margin").closed() is None


def test_a_row_written_as_a_sentence_goes_the_long_way(small):
    table, schema = small
    candidate = fitted("columns-as-text:tfidf", "binary", table, schema)
    assert isinstance(game_of(candidate, table).evaluator, Table)
