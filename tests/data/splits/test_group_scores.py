"""The two scores of an offered group: rows of known values are easy, those of new values as hard as they are."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

from core.data.schema import Column, Grouping, Schema
from core.data.splits import group_scores, groups
from core.data.splits.inner import Dependence
from core.messages import say
from tests.data.grouped import schema_of, sensors, visits


def test_a_quick_model_knows_patients_again_and_not_new_ones(tmp_path):
    table = visits()
    schema = schema_of(table, "sick", tmp_path)
    began = time.monotonic()
    (one,) = [group_scores.scored(found, table, schema) for found in groups.find(table, schema)]
    assert time.monotonic() - began < 20
    assert one.measure == "accuracy"
    assert one.known_score > 0.8
    assert one.new_score < 0.7
    assert one.clear
    said = str(groups.sentence(one))
    assert "40 values, about 10 rows each" in said
    assert f"{one.known_score:.3f}" in said
    assert f"{one.new_score:.3f}" in said
    assert groups.findings([one])[0].severity == "warning"


def test_where_new_ones_are_as_easy_as_known_ones_it_is_only_noted(tmp_path):
    """Every patient's label hangs on what was measured at that visit, and nothing else."""
    table = visits(60, 10)
    table["visit_value"] = np.random.default_rng(0).normal(size=len(table))
    table["sick"] = np.where(table["visit_value"] + np.random.default_rng(1).normal(0, 0.2, 600) > 0, "yes", "no")
    schema = schema_of(table, "sick", tmp_path)
    (one,) = [group_scores.scored(found, table, schema) for found in groups.find(table, schema)]
    assert one.column == "patient_id"
    assert not one.clear
    assert one.new_score > 0.85
    assert groups.findings([one])[0].severity == "note"


def test_a_number_is_scored_by_its_share_of_explained_variance(tmp_path):
    table = sensors().assign(Messwert=lambda frame: frame["Messwert"] * 1e200)
    schema = schema_of(table, "Messwert", tmp_path)
    (one,) = [group_scores.scored(found, table, schema) for found in groups.find(table, schema)]
    assert one.measure == "r2"
    assert one.known_score > 0.8
    assert one.new_score < 0.5
    assert one.clear


def test_rows_of_folds_that_could_not_be_learned_from_are_not_counted_as_right(tmp_path):
    """All of one class are one value's: held back, they leave one class, and no fold says anything about them.

    The other nine are taken for that class by a forest that knows it (100 rows against 90), and are all wrong.
    """
    table = pd.DataFrame(
        {
            "patient_id": np.repeat([f"P{number:03}" for number in range(10)], [100] + 9 * [10]),
            "constant": 1.0,
            "sick": np.repeat(["yes", "no"], [100, 90]),
        }
    )
    roles = {"patient_id": "id", "constant": "number", "sick": "target"}
    schema = Schema(
        columns=[Column(name=name, role=role, guessed=role, reason=say("")) for name, role in roles.items()],
        task="binary",
    )
    found = Grouping(column="patient_id", n_values=10, rows_each=19, likeness=1)
    one = group_scores.scored(found, table, schema)
    assert one.known_score == one.new_score == 0
    assert not one.clear


def test_rows_of_new_values_are_scored_as_scikit_learn_scores_them():
    table = visits(30, 8)
    made, y = table[["visit", "hr", "bp"]].to_numpy(), (table["sick"] == "yes").to_numpy().astype(int)
    codes = pd.factorize(table["patient_id"])[0]
    losses = group_scores._losses(made, y, "binary", Dependence(codes), seed=0)
    folds = StratifiedGroupKFold(group_scores.FOLDS, shuffle=True, random_state=0)
    forest = RandomForestClassifier(group_scores.TREES, random_state=0)
    said = cross_val_predict(forest, made, y, groups=codes, cv=folds)
    assert np.array_equal(losses, (said != y).astype(float))


@pytest.mark.parametrize(
    "fault", [{"target": None}, {"few": True}, {"alike": True}], ids=["no target", "few groups", "one class"]
)
def test_what_can_not_be_scored_stays_as_it_was(fault, tmp_path):
    table = visits(4 if "few" in fault else 20)
    if "alike" in fault:
        table["sick"] = "yes"
    schema = schema_of(visits(20), "sick", tmp_path).model_copy(update={"task": "binary"})
    if "target" in fault:
        schema = schema.model_copy(update={"columns": [one for one in schema.columns if one.role != "target"]})
    found = Grouping(column="patient_id", n_values=20, rows_each=10, likeness=1)
    assert group_scores.scored(found, table, schema) is found


def test_categories_count_by_how_frequent_they_are_and_gaps_below_all():
    assert group_scores._numbers(pd.Series(["b", "a", "a", None])).tolist() == [2, 1, 1, 0]
    assert group_scores._numbers(pd.Series([1e308, -1e308, np.nan, 0.0])).tolist() == [3, 1, 0, 2]
