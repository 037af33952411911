"""Flat arrays give back the very trees and words they were made of, and no tree that points outside itself."""

from __future__ import annotations

import copy
import io
import zipfile

import numpy as np
import pytest
import skops.io
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.tree import DecisionTreeClassifier

from core.bundles.trusted import TRUSTED
from core.models.packing import packed, unpack

CHANCE = np.random.default_rng(0)
X = CHANCE.normal(size=(200, 4))
CLASSES = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)
GAPS = np.where(CHANCE.random(X.shape) < 0.1, np.nan, X)
LEVELS = np.column_stack([X[:, 0], CHANCE.integers(0, 5, 200)])


def written(fitted: BaseEstimator) -> tuple[object, int]:
    """What comes back from a file, and how many files lie in it."""
    with packed(fitted):
        content = skops.io.dumps(fitted)
    opened = skops.io.loads(content, trusted=list(TRUSTED))
    unpack(opened)
    return opened, len(zipfile.ZipFile(io.BytesIO(content)).namelist())


ENSEMBLES = {
    "forest": (RandomForestClassifier(12, class_weight="balanced", random_state=0), X, CLASSES),
    "forest with gaps": (RandomForestClassifier(12, random_state=0), GAPS, CLASSES),
    "best-first forest": (RandomForestClassifier(12, max_leaf_nodes=7, random_state=0), X, CLASSES),
    "extra trees": (ExtraTreesRegressor(12, random_state=0), X, X[:, 0] * 1e9 + X[:, 1]),
    "one class each": (HistGradientBoostingClassifier(max_iter=12, early_stopping=False), X, CLASSES),
    "boosted numbers": (HistGradientBoostingRegressor(max_iter=12), X, X[:, 0] * X[:, 1]),
    "inside": (CalibratedClassifierCV(RandomForestClassifier(12, random_state=0), cv=2), X, CLASSES),
}


@pytest.mark.parametrize("kind", ENSEMBLES)
def test_an_ensemble_comes_back_bit_by_bit(kind):
    model, rows, target = ENSEMBLES[kind]
    fitted = model.fit(rows, target)
    ask = "predict_proba" if hasattr(fitted, "predict_proba") else "predict"
    before = getattr(fitted, ask)(rows)
    opened, files = written(fitted)
    assert np.array_equal(getattr(opened, ask)(rows), before)
    assert np.array_equal(getattr(fitted, ask)(rows), before)  # and what was written is as it was
    assert files < 80


def test_the_trees_of_a_forest_are_those_of_scikit_learn():
    fitted = RandomForestClassifier(5, random_state=0).fit(X, CLASSES)
    opened, _files = written(fitted)
    for tree, other in zip(opened.estimators_, fitted.estimators_, strict=True):
        mine, theirs = tree.tree_.__getstate__(), other.tree_.__getstate__()
        assert all(np.array_equal(mine["nodes"][name], theirs["nodes"][name]) for name in theirs["nodes"].dtype.names)
        assert np.array_equal(mine["values"], theirs["values"])
        assert mine["max_depth"] == theirs["max_depth"]
        assert tree.get_params() == other.get_params()


def test_the_predictors_of_boosting_are_those_of_scikit_learn():
    fitted = HistGradientBoostingRegressor(max_iter=5, categorical_features=[1]).fit(LEVELS, LEVELS[:, 1])
    with packed(fitted):
        opened = copy.deepcopy(fitted)
    unpack(opened)
    assert np.array_equal(opened.predict(LEVELS), fitted.predict(LEVELS))
    for (mine,), (theirs,) in zip(opened._predictors, fitted._predictors, strict=True):
        assert mine.nodes.dtype == theirs.nodes.dtype
        assert all(np.array_equal(mine.nodes[name], theirs.nodes[name]) for name in mine.nodes.dtype.names)
        assert np.array_equal(mine.raw_left_cat_bitsets, theirs.raw_left_cat_bitsets)


def test_more_trees_and_words_are_not_more_files():
    few, many = (written(RandomForestClassifier(n, random_state=0).fit(X, CLASSES))[1] for n in (10, 100))
    assert few == many
    words = [" ".join(f"word{number}" for number in range(n)) for n in (10, 1000)]
    few, many = (written(CountVectorizer().fit([text]))[1] for text in words)
    assert few == many


def test_a_vocabulary_comes_back_with_its_odd_letters():
    texts = ["naïve 好吃 \U0001f600", "a\ud800b line\nbreak", "naïve again"]
    fitted = CountVectorizer(analyzer="char", ngram_range=(1, 2)).fit(texts)
    opened, _files = written(fitted)
    assert opened.vocabulary_ == fitted.vocabulary_
    assert (opened.transform(texts) != fitted.transform(texts)).nnz == 0


@pytest.mark.parametrize("field", ["left_child", "feature"])
def test_a_tree_that_points_outside_itself_is_refused(field):
    fitted = DecisionTreeClassifier(random_state=0).fit(X, CLASSES)
    state = fitted.tree_.__getstate__()
    state["nodes"][field][0] = 1_000_000
    fitted.tree_.__setstate__(state)
    with pytest.raises(ValueError, match=r"not there|outside"):
        unpack(fitted)


def test_an_endless_path_is_refused():
    fitted = RandomForestClassifier(3, random_state=0).fit(X, CLASSES)
    with packed(fitted):
        fitted.estimators_["left_child"] = np.zeros_like(fitted.estimators_["left_child"])
        with pytest.raises(ValueError, match="outside"):
            unpack(fitted)


def test_a_booster_that_points_outside_itself_is_refused():
    fitted = HistGradientBoostingRegressor(max_iter=3).fit(X, X[:, 0])
    fitted._predictors[1][0].nodes["feature_idx"][0] = 99
    with pytest.raises(ValueError, match="not there"):
        unpack(fitted)
