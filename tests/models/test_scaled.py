"""The unit of a target or a column decides nothing, and numbers near the largest there are crash nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.svm import SVR

from core.bundles import bundle
from core.compare.comparison import compare
from core.data.schema import Column, Schema
from core.evaluate.intervals.influence import measured
from core.evaluate.intervals.paired_tests import joint_differences
from core.evaluate.intervals.uncertainty import Sampling
from core.evaluate.metrics import point
from core.evaluate.scores import score
from core.fuse.candidates import build
from core.fuse.columns import Numbers
from core.fuse.setting import Setting
from core.jobs.context import Context
from core.messages import say
from core.models.scaled import UnitSVR, factor_of
from core.plan import Plan, Validation
from core.workspace import Workspace

MODELS = ["linear", "additive", "svm-linear", "svm-kernel", "forest", "extra-trees", "boosting", "lightgbm", "knn"]
SMALL = {"forest": {"n_estimators": 10}, "extra-trees": {"n_estimators": 10}, "boosting": {"max_iter": 20}}
CHANCE = np.random.default_rng(0)
X, Z = CHANCE.normal(size=(2, 120))
Y = 2 * X + np.sin(3 * Z) + CHANCE.normal(0, 0.1, 120)
HUGE = np.where(np.arange(120) % 40 == 3, 1e308, np.where(np.arange(120) % 40 == 7, -1e308, X))


def schema(task: str) -> Schema:
    roles = {"x": "number", "z": "number", "y": "target"}
    columns = [Column(name=name, role=role, guessed=role, reason=say("")) for name, role in roles.items()]
    return Schema(columns=columns, task=task)


def fitted(model: str, table: pd.DataFrame, task: str = "regression"):
    plan = Plan(target="y", task=task, model_settings=SMALL)
    return build(f"columns+{model}", Setting(schema(task), plan, task, n_rows=80)).fit(
        table[["x", "z"]].head(80), table["y"].head(80).to_numpy()
    )


def r2(model: str, table: pd.DataFrame) -> float:
    rest = table.tail(40)
    return point("r2", "regression", rest["y"].to_numpy(), fitted(model, table).predict(rest), None, [])


@pytest.mark.parametrize("model", MODELS)
def test_the_unit_of_the_target_decides_nothing(model):
    """1e-13 is taken for no spread at all by scikit-learn's trees and kernel SVM; 1e200 overflows when squared."""
    usual = r2(model, pd.DataFrame({"x": X, "z": Z, "y": Y}))
    assert usual > 0.5
    for unit in (1e-200, 1e-13, 1e12, 1e200, 1e300):
        assert r2(model, pd.DataFrame({"x": X, "z": Z, "y": Y * unit})) == pytest.approx(usual, abs=1e-6), unit


@pytest.mark.parametrize("model", MODELS)
def test_the_unit_of_a_column_decides_nothing(model):
    usual = r2(model, pd.DataFrame({"x": X, "z": Z, "y": Y}))
    for unit in (1e-300, 1e-13, 1e12, 1e200, 1e307):
        assert r2(model, pd.DataFrame({"x": X * unit, "z": Z, "y": Y})) == pytest.approx(usual, abs=1e-6), unit


@pytest.mark.parametrize("task", ["regression", "binary"])
def test_the_largest_numbers_in_a_column_end_no_comparison(task, tmp_path):
    target = Y if task == "regression" else np.where(Y > 0, "up", "down")
    names = ["dummy", *(f"columns+{model}" for model in ("linear", "svm-kernel", "forest", "boosting"))]
    context = Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=1)
    plan = Plan(target="y", task=task, candidates=names, model_settings=SMALL, validation=Validation(folds=2))
    table = pd.DataFrame({"x": HUGE, "z": Z, "y": target})
    result = compare(table, schema(task), plan, tmp_path / "run", context)
    assert {line.status for line in result.candidates} == {"ok"}
    assert all(
        np.isfinite([one.mean, one.low, one.high]).all() for line in result.candidates for one in line.scores.values()
    )
    trees = result.candidate("columns+forest")
    assert trees.scores[result.metric].mean > (0.6 if task == "regression" else 0.75)  # the other rows still count


@pytest.mark.parametrize("model", [*MODELS, "tree"])
def test_the_largest_numbers_in_the_target_give_finite_answers(model):
    table = pd.DataFrame({"x": X, "z": Z, "y": np.where(np.abs(HUGE) > 1e300, HUGE, Y)})
    said = fitted(model, table).predict(table)
    assert np.isfinite(said).all()
    found = score("regression", table["y"].to_numpy(), said, None, [])
    assert np.isfinite(found["r2"].mean)


def test_scores_of_any_size_are_those_of_the_same_numbers_in_another_unit():
    truth, said = Y, Y + CHANCE.normal(0, 0.3, 120)
    usual = score("regression", truth, said, None, [])
    for unit in (1e-200, 1e200):
        found = score("regression", truth * unit, said * unit, None, [])
        assert found["r2"].mean == pytest.approx(usual["r2"].mean, abs=1e-12)
        assert found["r2"].low == pytest.approx(usual["r2"].low, abs=1e-12)
        for name in ("rmse", "mae"):
            bounds = found[name].low, found[name].mean, found[name].high
            assert 0 < bounds[0] < bounds[1] < bounds[2] < np.inf
            known = np.array([usual[name].low, usual[name].mean, usual[name].high])
            assert np.array(bounds) / unit == pytest.approx(known, rel=1e-12)


def test_gains_of_any_size_are_those_of_the_same_numbers_in_another_unit():
    """At 1e200 the squares are endless, at 1e-13 a gain is smaller than what rounding leaves of numbers about 1."""
    truth, rows = Y, Sampling.alone(120)
    said = {name: Y + CHANCE.normal(0, wide, 120) for name, wide in {"near": 0.3, "far": 0.6, "other": 0.5}.items()}

    def gains(unit: float):
        found = {name: measured("regression", truth * unit, one * unit, None, [])["rmse"] for name, one in said.items()}
        other = found.pop("other")
        return joint_differences("rmse", found, other, rows, to="other")

    for unit in (1e-200, 1e-13, 1e200):
        for name, usual in gains(1.0).items():
            found = gains(unit)[name]
            assert found.p == pytest.approx(usual.p, rel=1e-6)
            for bound in ("mean", "low", "high", "joint_low", "joint_high"):
                assert getattr(found, bound) / unit == pytest.approx(getattr(usual, bound), rel=1e-9)


def test_the_largest_errors_there_are_have_finite_bounds():
    truth = np.where(np.arange(20) == 3, 1e308, 1.0)
    found = score("regression", truth, -truth / 2, None, [])
    assert np.isfinite([[one.low, one.mean, one.high] for one in found.values()]).all()


def test_a_new_number_far_beyond_training_stays_finite():
    made = Numbers().fit(pd.DataFrame({"x": X})).transform(pd.DataFrame({"x": [1e308, -1e308, 0.0]}))
    assert np.isfinite(made.astype(np.float32)).all()
    assert made[0, 0] > 1000


def test_usual_numbers_are_scaled_as_ever():
    made = Numbers().fit(pd.DataFrame({"x": X})).transform(pd.DataFrame({"x": X}))
    assert made[:, 0] == pytest.approx((X - X.mean()) / X.std(), rel=1e-12)


def test_a_kernel_machine_is_scikit_learns_on_a_target_of_deviation_one():
    rows = np.column_stack([X, Z])
    unit = (Y - Y.mean()) / Y.std()
    mine = UnitSVR(C=2.0).fit(rows, 1000 * unit + 5)
    theirs = 1000 * SVR(C=2.0).fit(rows, unit).predict(rows) + 5
    assert mine.predict(rows) == pytest.approx(theirs, abs=3)  # its search ends at a thousandth of the unit


def test_a_rescaled_model_says_how_many_numbers_it_takes():
    assert fitted("forest", pd.DataFrame({"x": X, "z": Z, "y": Y * 1e-13})).model_.n_features_in_ == 2


def test_targets_of_a_usual_size_are_left_as_they_are():
    assert factor_of(Y) == 1.0
    assert factor_of(np.full(5, 3.0)) == 1.0
    assert factor_of(Y * 1e200) == 2.0 ** np.round(np.log2((Y * 1e200).max() / Y.max() * Y.std()))


@pytest.mark.parametrize("model", ["svm-kernel", "forest"])
def test_a_rescaled_model_is_kept_in_a_bundle(model, tmp_path):
    table = pd.DataFrame({"x": X, "z": Z, "y": Y * 1e-13})
    one = fitted(model, table)
    bundle.save(one, tmp_path / "b", name=model, target="y", schema=schema("regression"), rows=table[["x", "z"]])
    assert np.array_equal(bundle.load(tmp_path / "b").predict(table)["prediction"].to_numpy(), one.predict(table))
