"""Mixtures of candidates: weights by a hand-made case, probabilities in order, storable."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.schema import Schema
from core.fuse.candidates import build
from core.fuse.ensemble import Ensemble, aligned, greedy_weights, loss
from core.fuse.setting import Setting
from core.plan import Plan
from tests.fuse.tables import tickets


def setting(schema: Schema) -> Setting:
    return Setting(schema, Plan(target="mood"), "binary", n_rows=120)


def test_two_that_err_in_opposite_ways_are_mixed_in_halves():
    truth = np.array([1.0, 2.0, 3.0, 4.0])
    above, below, useless = truth + 1, truth - 1, np.full(4, 10.0)
    assert greedy_weights([useless, above, below], truth) == pytest.approx([0, 0.5, 0.5])


def test_one_that_is_always_right_stands_alone():
    truth = np.array([0, 1, 1, 0])
    right = np.eye(2)[truth]
    assert greedy_weights([np.full((4, 2), 0.5), right], truth) == pytest.approx([0, 1])


def test_the_loss_is_the_brier_score_or_the_squared_error():
    said = np.array([[0.8, 0.2], [0.4, 0.6]])
    assert loss(said, np.array([0, 0])) == pytest.approx((0.04 + 0.04 + 0.36 + 0.36) / 2)
    assert loss(np.array([1.0, 4.0]), np.array([2.0, 2.0])) == pytest.approx((1 + 4) / 2)


def test_a_class_that_a_member_does_not_know_has_probability_zero():
    class Fitted:
        classes_ = np.array(["b", "c"], dtype=object)

    assert aligned(np.array([[0.3, 0.7]]), Fitted(), ["a", "b", "c"]).tolist() == [[0.0, 0.3, 0.7]]


def test_a_mixture_is_the_weighted_mean_of_its_members():
    table, schema = tickets(120)
    members = [(name, build(name, setting(schema))) for name in ("columns", "text-tfidf")]
    mixed = Ensemble(members, [0.25, 0.75], "binary").fit(table, table["mood"])
    alone = [build(name, setting(schema)).fit(table, table["mood"]).predict_proba(table) for name, _one in members]
    assert mixed.predict_proba(table) == pytest.approx(0.25 * alone[0] + 0.75 * alone[1])
    assert set(mixed.columns_) == {"text", "hours", "city", "day"}
    assert mixed.predict(table).tolist() == mixed.classes_[mixed.predict_proba(table).argmax(axis=1)].tolist()
