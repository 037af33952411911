"""scikit-learn's own checks of estimators, on the families that take any table."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.utils.estimator_checks import check_estimator

from core.fuse.assisted.augment import Augmentation
from core.fuse.assisted.distilled import Distilled
from core.fuse.assisted.margins import BoostedMargins
from core.fuse.assisted.priors import NamePriors
from core.fuse.assisted.probabilities import Probabilities
from core.fuse.assisted.weak import WeakSupervision
from core.fuse.auto.choice import Automatic
from core.fuse.candidate import Candidate
from core.fuse.columns import Numbers
from core.fuse.ensemble import Ensemble
from core.models.factory import build as build_model

WIDER = {
    "check_n_features_in_after_fitting": "a table to be scored may have further columns; they are ignored, by contract"
}
SUBTRACTING = (
    "check_estimators_pickle",
    "check_methods_sample_order_invariance",
    "check_methods_subset_invariance",
    "check_fit_idempotent",
)
NAMES = dict.fromkeys(SUBTRACTING, "classes are predicted by their names, which can't be subtracted from each other")


def candidate(task: str = "multiclass") -> Candidate:
    features = ColumnTransformer([("numbers", Numbers(), make_column_selector())])
    return Candidate(features, Ridge() if task == "regression" else LogisticRegression(), task)


def boosted() -> Candidate:
    return candidate("regression").set_params(model=build_model("lightgbm", "regression", {"n_estimators": 10}))


class Lengths(TransformerMixin, BaseEstimator):
    """Texts as rows, by their length: an encoder that takes no time."""

    def fit(self, texts, y=None):
        return self

    def transform(self, texts):
        return np.array([[np.cos(len(text)), np.sin(len(text))] for text in texts])


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        (candidate(), WIDER | NAMES),
        (candidate("regression"), WIDER),
        (Ensemble([("a", candidate()), ("b", candidate())], [0.5, 0.5]), WIDER | NAMES),
        (Ensemble([("a", candidate("regression"))], [1.0], "regression"), WIDER),
        (Automatic([("a", candidate()), ("b", candidate())]), WIDER | NAMES),
        pytest.param(
            BoostedMargins(boosted(), candidate("regression"), task="regression"), WIDER, marks=pytest.mark.slow
        ),
        (Probabilities(candidate(), candidate()), WIDER | NAMES),
        (NamePriors(candidate("regression"), Lengths(), "target", task="regression"), WIDER),
        (WeakSupervision(candidate()), WIDER | NAMES),
        (Augmentation(candidate(), Lengths()), WIDER | NAMES),
        (Distilled(candidate("regression"), candidate("regression"), task="regression"), WIDER),
    ],
    ids=[
        "candidate",
        "candidate of numbers",
        "mixture",
        "mixture of numbers",
        "automatic",
        "margins of numbers",
        "probabilities",
        "priors of numbers",
        "weak",
        "augment",
        "distilled of numbers",
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_what_scikit_learn_asks_of_an_estimator(estimator, expected):
    found = check_estimator(estimator, expected_failed_checks=expected, on_skip=None)
    passed = [one for one in found if one["status"] == "passed"]
    assert len(passed) >= 30
    assert {one["check_name"] for one in found if one["status"] == "xfail"} <= set(expected)
