"""The same values as shap's reference explainers, with the same background and the same output."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shap

from core.data.schema import Schema
from core.explain.output import margin
from core.explain.shapley.candidate_evaluators import evaluator_of
from core.explain.shapley.column_game import Game, stacked
from core.explain.shapley.values import shares
from core.fuse.candidates import build
from core.fuse.ensemble import Ensemble
from core.fuse.setting import Setting
from core.plan import Plan
from tests.explain.shapley.test_evaluators import FEW, says_of
from tests.fuse.tables import column

NAMES = list("abcd")


@pytest.fixture(scope="module")
def numbers():
    """Four numbers; a class that turns on the product of two, and a number."""
    random = np.random.default_rng(1)
    table = pd.DataFrame(random.normal(size=(120, 4)), columns=NAMES)
    return table, np.where(table["a"] * table["b"] + table["c"] > 0, "yes", "no"), table["a"] ** 2 + table["d"]


def fitted(name: str, task: str, numbers):
    table, classes, amounts = numbers
    plan = Plan(target="y", model_settings=FEW)
    setting = Setting(_schema(), plan, task, n_rows=len(table), threads=1)
    return build(name, setting).fit(table, amounts if task == "regression" else classes)


def _schema():
    return Schema(columns=[*(column(name, "number") for name in NAMES), column("y", "target")], task="binary")


def game_of(candidate, table, output) -> Game:
    row, background = table.iloc[[0]], table.iloc[1:13]
    told = evaluator_of(candidate, stacked(row, background), says_of(candidate))
    return Game(None, row, background, evaluator=told, place=1, output=output)


@pytest.mark.slow
def test_any_function_of_columns():
    random = np.random.default_rng(1)
    frame = pd.DataFrame(random.normal(size=(13, 4)), columns=NAMES)

    def model(values):
        values = np.asarray(values)
        return np.tanh(values[:, 0] * values[:, 1]) + values[:, 2] ** 2

    game = Game(model, frame.iloc[[0]], frame.iloc[1:])
    reference = shap.explainers.Exact(model, shap.maskers.Independent(frame.iloc[1:].to_numpy(), max_samples=100))
    expected = reference(frame.iloc[[0]].to_numpy()).values[0]
    assert shares(game.values, 4).values == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "task", "output"),
    [
        ("columns+linear", "binary", "margin"),
        ("columns+linear", "binary", "probability"),
        ("columns+forest", "binary", "probability"),
        ("columns+forest", "binary", "margin"),
        ("columns+boosting", "binary", "margin"),
        ("columns+lightgbm", "regression", "margin"),
        ("ensemble", "binary", "probability"),
    ],
)
def test_each_structure_agrees_with_the_exact_explainer(numbers, name, task, output):
    table, classes, _amounts = numbers
    if name == "ensemble":
        members = [(one, fitted(one, task, numbers)) for one in ("columns+forest", "columns+tree")]
        candidate = Ensemble(members, [0.4, 0.6], "binary").fit(table, classes)
    else:
        candidate = fitted(name, task, numbers)
    game = game_of(candidate, table, output)

    def model(values):
        said = says_of(candidate)(pd.DataFrame(values, columns=NAMES))
        return said if said.ndim == 1 else margin(said[:, 1]) if output == "margin" else said[:, 1]

    reference = shap.explainers.Exact(model, shap.maskers.Independent(table.iloc[1:13].to_numpy(), max_samples=100))
    expected = reference(table.iloc[[0]].to_numpy()).values[0]
    closed = game.closed()
    found = shares(game.values, 4).values if closed is None else closed
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "task", "output"),
    [
        ("columns+forest", "binary", "probability"),
        ("columns+boosting", "binary", "margin"),
        ("columns+lightgbm", "binary", "margin"),
        ("columns+extra-trees", "regression", "margin"),
    ],
)
def test_trees_agree_with_the_tree_explainer(numbers, name, task, output):
    table, _classes, _amounts = numbers
    candidate = fitted(name, task, numbers)
    model = candidate.model_.steps[-1][1] if hasattr(candidate.model_, "steps") else candidate.model_
    made = candidate.features_.transform(table)
    reference = shap.TreeExplainer(model, made[1:13], feature_perturbation="interventional")
    expected = np.asarray(reference.shap_values(made[:1], check_additivity=False))
    expected = expected[0, :, 1] if output == "probability" else expected[0]
    assert game_of(candidate, table, output).closed() == pytest.approx(expected, abs=1e-6)
