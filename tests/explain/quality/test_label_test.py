"""The label test on a candidate that was searched: it is trained again as it was."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer

from core.explain.quality import label_test
from core.fuse.candidate import Candidate
from core.fuse.columns import Numbers
from core.models.factory import build as build_model


def test_a_searched_model_of_a_large_target_is_trained_again_as_it_was():
    chance = np.random.default_rng(0)
    X = pd.DataFrame({"size": chance.normal(0, 1, 80)})
    y = 1e12 * (X["size"].to_numpy() + chance.normal(0, 0.1, 80))
    features = ColumnTransformer([("numbers", Numbers(), ["size"])])
    one = Candidate(features, build_model("svm-linear", "regression", {}), "regression").fit(X, y)
    one.search = {"trials": 1}  # its settings came from a search
    again = label_test._fresh(one).fit(X, y)
    assert again.model_.estimator.__class__ is one.model_.estimator.__class__
    assert np.array_equal(again.predict(X), one.predict(X))
