"""The label test on a candidate that was searched: it is trained again as it was."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer

from core.explain.quality import label_test
from core.fuse.candidate import Candidate
from core.fuse.columns import Numbers
from core.fuse.written.formulas import Formulas
from core.fuse.written.rewording import Rewording
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


@pytest.mark.parametrize(
    "made", [Formulas(Candidate(None, None), "bundled", {}), Rewording(Candidate(None, None), "bundled")]
)
def test_what_a_language_model_wrote_for_is_not_trained_again(made):
    """It would be asked anew, with shuffled labels, too; an endpoint would be paid for it."""
    model = SimpleNamespace(pipeline=made, manifest=SimpleNamespace(target="mood", task="binary"))
    rows = pd.DataFrame({"mood": ["good", "bad"] * 20})
    found = label_test.refit(model, rows, None, 0)
    assert "asked anew" in str(found.reason)
    assert found.again is None
