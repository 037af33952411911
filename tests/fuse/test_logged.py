"""Candidates that learn a logarithm: scikit-learn's own answer, the target's unit everywhere, kept and opened again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.metrics import r2_score

from core.bundles import bundle
from core.compare.comparison import compare
from core.compare.files.folds import load
from core.compare.files.run_key import RunKeys
from core.compare.prepare import prepare
from core.data.schema import Schema
from core.explain.shapley.candidate_evaluators import OutOfLogarithms, evaluator_of
from core.explain.shapley.column_game import stacked
from core.explain.shapley.evaluators import Table
from core.fuse.assisted.margins import BoostedMargins
from core.fuse.auto.choice import Automatic
from core.fuse.candidates import build
from core.fuse.logged import Logged, in_own_unit
from core.fuse.setting import Setting
from core.jobs.context import Context
from core.plan import Plan, Search, TargetAs, Validation
from core.results.comparison import Comparison
from core.run_jobs import keeper
from core.workspace import Workspace
from tests.fuse.advisers import Hint, numbers, parent
from tests.fuse.tables import column

LOG = TargetAs(way="log")


def prices(n: int = 160, seed: int = 0) -> tuple[pd.DataFrame, Schema]:
    """A price whose logarithm is a sum of two columns."""
    random = np.random.default_rng(seed)
    x, z = random.normal(0, 1, n), random.normal(0, 1, n)
    frame = pd.DataFrame({"x": x, "z": z, "price": np.expm1(4 + 1.2 * x + 0.8 * z + random.normal(0, 0.1, n)).clip(0)})
    columns = [column("x", "number"), column("z", "number"), column("price", "target")]
    return frame, Schema(columns=columns, task="regression")


def setting(schema: Schema, **plan) -> Setting:
    return Setting(schema, Plan(target="price", target_as=LOG, **plan), "regression", "r2", n_rows=160)


def test_it_is_scikit_learns_transformed_target():
    frame, schema = prices()
    ours = build("columns", setting(schema)).fit(frame[["x", "z"]], frame["price"].to_numpy())
    plain = build("columns", Setting(schema, Plan(target="price"), "regression", "r2", n_rows=160))
    theirs = TransformedTargetRegressor(plain, func=np.log1p, inverse_func=np.expm1, check_inverse=False)
    theirs.fit(frame[["x", "z"]], frame["price"].to_numpy())
    assert isinstance(ours, Logged)
    assert np.allclose(ours.predict(frame), theirs.predict(frame[["x", "z"]]))


def test_guessing_stays_the_mean_and_an_automatic_choice_is_among_logarithms():
    _frame, schema = prices()
    assert not isinstance(build("dummy", setting(schema)), Logged)
    auto = build("auto", setting(schema))
    assert isinstance(auto, Automatic)
    assert all(isinstance(candidate, Logged) for _name, candidate in auto.cheap)


def test_no_answer_is_endless():
    assert in_own_unit([1e6, -1e6]).tolist() == [np.finfo(float).max, -1.0]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The same table compared as it is and by its logarithm.  →  table, folders, results"""
    place = tmp_path_factory.mktemp("logged")
    frame, schema = prices()
    found = {}
    for name, how in (("plain", TargetAs()), ("log", LOG)):
        folder = place / name
        plan = Plan(target="price", target_as=how, candidates=["dummy", "columns"], validation=Validation(folds=4))
        context = Context(Workspace(place / "home"), "o", name, folder, threads=1)
        found[name] = (folder, compare(frame, schema, plan, folder, context, keep=keeper("price", 0)))
    return frame, schema, found


def test_scores_are_of_the_targets_own_unit(run):
    frame, _schema, found = run
    folder, result = found["log"]
    predictions = pd.read_parquet(folder / "candidates" / "columns" / "predictions.parquet")
    assert np.allclose(predictions.sort_values("row")["truth"], frame["price"])
    own = r2_score(predictions["truth"], predictions["prediction"])
    line = result.candidate("columns")
    assert line.scores["r2"].mean == pytest.approx(own)
    assert line.scores["r2"].mean > found["plain"][1].candidate("columns").scores["r2"].mean + 0.1
    assert result.target_as == LOG
    assert "own unit" in str(result.warnings[0])


def test_a_fold_is_fitted_on_its_training_rows_alone(run):
    """It must not be that a statistic of the target comes from the rows held back."""
    frame, schema, found = run
    plan = Plan(target="price", target_as=LOG, validation=Validation(folds=4))
    prepared = prepare(frame, schema, plan)
    train, test = prepared.folds[0]
    other = frame["price"].to_numpy().copy()
    other[test] *= 1000
    fitted = build("columns", setting(schema)).fit(prepared.X.iloc[train], other[train])
    kept = load(found["log"][0] / "candidates" / "columns" / "folds" / "0.npz")
    assert np.allclose(fitted.predict(prepared.X.iloc[test]), kept.prediction)


def test_the_bundle_says_the_same(run):
    frame, _schema, found = run
    opened = bundle.load(found["log"][0] / "candidates" / "columns" / "bundle")
    assert opened.manifest.target_as == LOG
    said = opened.predict(frame)["prediction"]
    assert r2_score(frame["price"], said) > 0.9


def test_explanations_count_in_the_targets_own_unit(run):
    frame, _schema, found = run
    pipeline = bundle.load(found["log"][0] / "candidates" / "columns" / "bundle").pipeline
    rows = stacked(frame.loc[[0], pipeline.columns_], frame.loc[1:20, pipeline.columns_])
    table = Table(lambda given: pipeline.predict_both(given)[0], rows)
    cheap = evaluator_of(pipeline, rows, table.says)
    places = np.random.default_rng(0).integers(0, len(rows), (30, len(pipeline.columns_)))
    assert isinstance(cheap, OutOfLogarithms)
    assert np.allclose(cheap.outputs(places), table.outputs(places))
    assert cheap.closed(0, "margin", np.full(20, 0.05)) is None, "a sum of logarithms is no sum of prices"


def test_the_other_way_is_never_taken_up(run):
    """Files of the plain target must not be resumed by a plan that takes the logarithm: the rows are the same."""
    frame, schema, found = run
    keys = []
    for how in (TargetAs(), LOG):
        plan = Plan(target="price", target_as=how, candidates=["dummy", "columns"])
        made = RunKeys(prepare(frame, schema, plan), Setting(schema, plan, "regression", "r2"), found["log"][0])
        keys.append((made.key("columns"), made.key("dummy")))
    assert keys[0][0] != keys[1][0]
    assert keys[0][1] == keys[1][1], "guessing is the same"


def test_a_search_is_made_in_logarithms():
    frame, schema = prices(80)
    made = build("columns", setting(schema, search=Search(trials=2)))
    fitted = made.fit(frame[["x", "z"]], frame["price"].to_numpy())
    assert len(fitted.trials_) == 2
    assert fitted.settings_ == fitted.candidate_.settings_


def test_ranges_keep_their_order_in_result_and_bundle(tmp_path):
    frame, schema = prices()
    plan = Plan(
        target="price",
        target_as=TargetAs(way="bins", edges=[9, 50, 100]),
        candidates=["columns"],
        validation=Validation(kind="holdout"),
    )
    context = Context(Workspace(tmp_path / "home"), "o", "j", tmp_path / "run", threads=1)
    result: Comparison = compare(frame, schema, plan, tmp_path / "run", context, keep=keeper("price", 0))
    assert result.classes == ["below 9", "9 to 50", "50 to 100", "100 and more"]
    scored = bundle.load(tmp_path / "run" / "candidates" / "columns" / "bundle").predict(frame)
    assert [name.removeprefix("probability_") for name in scored.columns[1:]] == result.classes
    assert np.allclose(scored.iloc[:, 1:].sum(axis=1), 1)


def test_what_became_of_advice_is_told():
    frame, y = numbers()
    fitted = Logged(BoostedMargins(parent("regression", "lightgbm"), Hint(["hint"], "regression"), task="regression"))
    fitted.fit(frame, np.expm1(y - y.min()))
    assert fitted.advice() == fitted.candidate_.advice()
    assert fitted.advice().trust.value > 0
