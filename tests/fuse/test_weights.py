"""Weights of rare classes in whole candidates: who is built with them, what the details say, and what they change."""

from __future__ import annotations

import numpy as np
import pytest

from core.catalog import FUSIONS
from core.compare.comparison import compare
from core.fuse.assisted.margins import BoostedMargins
from core.fuse.candidates import build
from core.fuse.joint.estimator import Joint
from core.fuse.predictor import Predictor
from core.fuse.setting import Setting
from core.jobs.context import Context
from core.plan import Plan, Validation
from core.results.comparison import Detail
from core.workspace import Workspace
from tests.fuse.tables import tickets

TRAINED = [fusion.name for fusion in FUSIONS if fusion.name not in {"dummy", "zero-shot", "auto"}]


def rare(n: int = 300):
    """Tickets of which about one in nine is bad, which the hours tell only in part."""
    table, schema = tickets(2 * n)
    chance = np.random.default_rng(8)
    kept = (table["mood"] == "good") | (chance.random(2 * n) < 0.12)
    return table[kept].reset_index(drop=True), schema


def built(name: str, **plan) -> Predictor:
    found = build(
        name, Setting(tickets()[1], Plan(target="mood", **plan), "binary", n_rows=100, classes=("bad", "good"))
    )
    assert isinstance(found, Predictor)
    return found


@pytest.mark.parametrize("balanced", [False, True])
@pytest.mark.parametrize("name", TRAINED)
def test_every_family_that_is_trained_takes_the_weights(name, balanced):
    found = built(name, balanced=balanced)
    parts = [
        getattr(found, part)
        for part in ("parent", "teacher", "adviser")
        if isinstance(getattr(found, part, None), Predictor)
    ]
    weighted = [getattr(one.model, "class_weight", None) for one in parts or [found] if hasattr(one, "model")]
    if isinstance(found, Joint):
        assert found.balanced is balanced
    else:
        assert weighted
        assert set(weighted) == {"balanced" if balanced else None}


def test_the_choice_among_many_is_one_among_weighted_ones():
    models = [one.model for _label, one in built("auto", balanced=True).cheap]
    weighted = [model.class_weight for model in models if hasattr(model, "class_weight")]
    assert len(weighted) >= 3
    assert set(weighted) == {"balanced"}


def test_boosting_on_margins_starts_where_weighted_classes_stand():
    y = np.array([0] * 90 + [1] * 10)
    plain, weighted = built("assisted-margins"), built("assisted-margins", balanced=True)
    assert isinstance(plain, BoostedMargins)
    assert isinstance(weighted, BoostedMargins)
    for one in (plain, weighted):
        one.classes_ = np.array(["bad", "good", "odd"], dtype=object)
    assert np.exp(plain._log_shares(y)) == pytest.approx([0.9, 0.1, 1e-4])
    assert np.exp(weighted._log_shares(y)) == pytest.approx([0.5, 0.5, 1e-4])  # no row is odd


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The same comparison without weights and with them."""
    table, schema = rare()
    names = ["dummy", "columns", "columns+tree", "columns+svm-linear", "columns+knn"]
    found = {}
    for balanced in (False, True):
        place = tmp_path_factory.mktemp("weights")
        context = Context(Workspace(place / "home"), "me", "job", place / "run", threads=1)
        plan = Plan(target="mood", candidates=names, validation=Validation(folds=3), balanced=balanced, bundles=False)
        compare(table, schema, plan, context.folder, context)
        found[balanced] = {
            one.name: one
            for path in sorted((context.folder / "candidates").glob("*/detail.json"))
            if (one := Detail.model_validate_json(path.read_text()))
        }
    return found


@pytest.mark.parametrize("name", ["columns", "columns+tree", "columns+svm-linear", "columns+knn"])
def test_more_of_the_rare_class_is_found_in_a_comparison(runs, name):
    plain, weighted = (
        next(one for one in runs[way][name].classes if one.label == "bad").recall.mean for way in (False, True)
    )
    assert weighted > plain + 0.05


def test_the_details_say_what_the_weights_did(runs):
    assert runs[True]["columns+tree"].settings == {"min_samples_leaf": 10, "balanced": True}
    assert runs[False]["columns+tree"].settings == {"balanced": False}
    assert runs[True]["columns"].settings == {"balanced": True}
    assert runs[True]["dummy"].settings == {}
