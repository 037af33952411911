"""The unit of a number to predict decides nothing: of advised and jointly trained candidates, mixtures and encoders."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.tree import DecisionTreeRegressor

from core.bundles import bundle
from core.data.schema import Schema
from core.encode.finetuning.encoder import TunedEncoder
from core.evaluate.metrics import point
from core.explain.shapley.candidate_evaluators import evaluator_of
from core.fuse.assisted.distilled import Distilled
from core.fuse.assisted.margins import BoostedMargins
from core.fuse.assisted.priors import NamePriors
from core.fuse.auto.choice import Automatic
from core.fuse.candidate import Candidate
from core.fuse.columns import Numbers, TextColumn
from core.fuse.ensemble import greedy_weights, loss
from core.fuse.joint.estimator import Joint
from core.models.scaled import LARGEST, unscaled
from core.results.advice import Advice
from tests.fuse.advisers import numbers, parent
from tests.fuse.assisted.test_augment import Meanings
from tests.fuse.tables import column

UNITS = (1e-200, 1e-13, 1e12, 1e200, 1e300)
TRAIN, TEST = slice(160), slice(160, None)


def table():
    """Columns and a text that each say a part of a number of deviation about 1."""
    X, y = numbers()
    y = y / y.std()
    X["text"] = [f"{text} {'big' if value > 0 else 'small'}" for text, value in zip(X["text"], y, strict=True)]
    X["loose"] = y + np.random.default_rng(1).normal(0, 0.7, len(y))
    return X, y


def margins() -> BoostedMargins:
    return BoostedMargins(parent("regression", "lightgbm", text=False), parent("regression"), task="regression")


def distilled() -> Distilled:
    return Distilled(parent("regression", "lightgbm"), parent("regression"), texts=["text"], task="regression")


def priors() -> NamePriors:
    axes = Meanings([["hint"]])
    one = parent("regression", text=False)
    one.features.set_params(transformers=[("numbers", Numbers(), ["size", "hint"])])
    return NamePriors(one, axes, "hint", texts=[], task="regression")


def joint(head: str = "linear") -> Joint:
    roles = {"size": "number", "hint": "number"}
    return Joint(columns=roles, task="regression", epochs=5, threads=1, head=head)


def tree() -> Joint:
    return joint("tree")


def automatic() -> Automatic:
    """A mixture of what reads texts and a tree on one column."""
    columns = ColumnTransformer([("numbers", Numbers(), ["loose"])])
    cheap = [
        ("words", parent("regression")),
        ("tree", Candidate(columns, DecisionTreeRegressor(max_depth=3, random_state=0), "regression")),
    ]
    return Automatic(cheap, task="regression", metric="r2")


@pytest.mark.parametrize("make", [margins, distilled, priors, joint, tree, automatic])
def test_the_unit_of_the_target_decides_nothing(make):
    """LightGBM keeps labels in single precision; the mean of squares is endless at 1e200 and 0 at 1e-200."""
    X, y = table()

    def fitted(unit: float):
        made = make().fit(X[TRAIN], y[TRAIN] * unit)
        said = made.predict(X[TEST])
        return made, point("r2", "regression", y[TEST] * unit, said, None, [])

    usual, r2 = fitted(1.0)
    assert r2 > 0.2
    for unit in UNITS:
        made, found = fitted(unit)
        assert found == pytest.approx(r2, abs=1e-6), unit
        assert getattr(made, "trust_", None) == getattr(usual, "trust_", None)
        assert getattr(made, "chosen_", None) == pytest.approx(getattr(usual, "chosen_", None))


@pytest.mark.parametrize("make", [margins, distilled])
def test_what_trust_costs_is_in_the_targets_own_unit_and_can_be_written(make):
    X, y = table()
    usual, large, endless = (make().fit(X[TRAIN], y[TRAIN] * unit).advice() for unit in (1.0, 2.0**24, 1e200))
    assert losses(usual)
    assert losses(large) == pytest.approx([2.0**48 * one for one in losses(usual)])
    assert max(losses(endless)) == LARGEST
    assert Advice.model_validate_json(endless.model_dump_json()) == endless


def losses(found: Advice) -> list[float]:
    """All squared errors."""
    told = [number for one in found.trust.curve for number in (one.loss, one.low, one.high)]
    if (beside := found.distillation) is not None:
        told += [beside.teacher_loss, beside.student_loss, beside.alone_loss]
    return told


def test_a_kept_advised_candidate_of_a_large_target_predicts_the_same(tmp_path):
    X, y = table()
    made = margins().fit(X[TRAIN], y[TRAIN] * 1e12)
    roles = {"size": "number", "text": "text", "y": "target"}
    schema = Schema(columns=[column(name, role) for name, role in roles.items()], task="regression")
    bundle.save(made, tmp_path / "b", name="margins", target="y", schema=schema, rows=X[TEST])
    assert np.array_equal(bundle.load(tmp_path / "b").predict(X[TEST])["prediction"], made.predict(X[TEST]))


def test_the_model_of_an_advised_candidate_is_opened_with_its_factor():
    X, y = table()
    made = distilled().fit(X, y * 2.0**24)
    model, factor = unscaled(made)
    assert factor == 2.0**24
    assert factor * model.predict(made._made(X)) == pytest.approx(made.predict(X))
    told = evaluator_of(made, X[made.columns_].head(20), made.predict)
    assert type(told).__name__ == "Assembled"
    assert told.outputs(np.zeros((1, len(made.columns_)), dtype=int)) == pytest.approx(made.predict(X.head(1)))


def test_the_error_of_a_mixture_is_told_in_the_targets_own_unit():
    X, y = table()
    usual, large = (automatic().fit(X, y * unit) for unit in (1.0, 2.0**24))
    assert len(usual.chosen_) == 2
    for name in ("error", "single_error"):
        assert large._told()[name] == pytest.approx(2.0**48 * usual._told()[name])
        assert usual._told() == usual.measured_


def test_a_mixture_is_weighed_alike_in_any_unit():
    truth = np.array([1.0, 2.0, 3.0, 4.0])
    said = [np.full(4, 10.0), truth + 1, truth - 1]
    for unit in (2.0**-500, 2.0**-40, 2.0**700):
        found = greedy_weights([unit * one for one in said], unit * truth, unit=unit)
        assert found == pytest.approx(greedy_weights(said, truth))
        assert loss(unit * said[1], unit * truth, unit) == pytest.approx(1)


def test_an_encoder_that_learns_from_the_target_learns_the_same_in_any_unit():
    X, y = table()
    features = ColumnTransformer(
        [("text", TextColumn(TunedEncoder(task="regression", method="top", epochs=1, threads=1)), ["text"])]
    )
    one = Candidate(features, DecisionTreeRegressor(max_depth=2, random_state=0), "regression")
    usual, large = (clone(one).fit(X[:60], y[:60] * unit) for unit in (1.0, 2.0**600))
    assert np.array_equal(large._made(X[60:80]), usual._made(X[60:80]))
    assert large.predict(X[60:80]) / 2.0**600 == pytest.approx(usual.predict(X[60:80]))
