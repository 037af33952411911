"""shap's Tree explainer is asked where its values are those of the columns, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from core.explain.against_shap.trees import by_trees
from tests.explain.against_shap.test_check import by_hand, checked, model_of, numbers
from tests.fuse.tables import tickets


def told(model, position, place):
    """What the trees themselves say of a row, each row of the background counting as often as it does."""
    frame = model.rows.loc[[position], model.pipeline.columns_]
    times = np.round(model.weights * len(model.bundle.background)).astype(int)
    hidden = np.repeat(np.arange(1, len(model.background) + 1), times)
    output = float(model.value(frame, place)[0])
    return by_trees(model.game(frame, place), hidden, output), output


@pytest.mark.parametrize(
    ("name", "task", "output"),
    [
        ("columns+tree", "binary", "probability"),
        ("columns+forest", "binary", "probability"),
        ("columns+boosting", "binary", "margin"),
        ("columns+boosting", "regression", "margin"),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_the_values_are_those_of_every_set_of_columns(tmp_path, name, task, output, place):
    """`by_hand` asks shap's Exact explainer, which knows nothing of trees."""
    model = model_of(tmp_path, name, numbers(list("abcd")), "y", task, output)
    place = 0 if task == "regression" else place
    answer, said = told(model, 3, place)
    label = model.manifest.classes[place] if model.manifest.classes else ""
    assert answer.values == pytest.approx(by_hand(model, 3, label), abs=1e-6)
    assert answer.base + answer.values.sum() == pytest.approx(said, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "output"),
    [("columns+linear", "margin"), ("columns+forest", "margin"), ("columns+boosting", "probability")],
)
def test_no_trees_or_another_scale_have_no_answer(tmp_path, name, output):
    model = model_of(tmp_path, name, numbers(list("abcd")), "y", "binary", output)
    assert told(model, 3, 0)[0] is None


def test_what_does_not_sum_to_the_output_is_no_answer(tmp_path):
    model = model_of(tmp_path, "columns+forest", numbers(list("abcd")), "y")
    frame = model.rows.loc[[3], model.pipeline.columns_]
    output = float(model.value(frame, 0)[0])
    assert by_trees(model.game(frame, 0), np.arange(1, 3), output) is not None
    assert by_trees(model.game(frame, 0), np.arange(1, 3), output + 0.01) is None


def test_a_category_of_several_features_is_not_left_to_the_tree_explainer(tmp_path):
    table, schema = tickets(120)
    table["hours"] = table["hours"].fillna(2.0)
    model = model_of(tmp_path, "columns+forest", (table, schema), "mood")
    (part,) = checked(model, 3).parts
    assert part.explainer == "Exact"
    assert part.agreement == "rounding"
    for position in range(12):  # where features sum to the output, too
        frame = model.rows.loc[[position], model.pipeline.columns_]
        output = float(model.value(frame, 0)[0])
        assert by_trees(model.game(frame, 0), np.arange(1, len(model.background) + 1), output) is None
