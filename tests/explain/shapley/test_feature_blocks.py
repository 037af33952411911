"""Features picked together are those of the made-up rows computed anew."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import OneHotEncoder

from core.explain.shapley.feature_blocks import Features, can_assemble, owners
from core.fuse.columns import Numbers

FRAME = pd.DataFrame(
    {"size": [1.0, np.nan, 3.0], "colour": ["red", "blue", "red"], "age": [10.0, 20.0, 60.0], "shape": list("xyz")}
)
NAMES = list(FRAME.columns)


def maker(**kind):
    parts = [
        ("numbers", Numbers(), ["size", "age"]),
        ("colour", OneHotEncoder(sparse_output=kind.get("sparse", False)), ["colour"]),
        ("shape", OneHotEncoder(sparse_output=kind.get("sparse", False)), ["shape"]),
    ]
    return ColumnTransformer(parts, sparse_threshold=1.0).fit(FRAME)


def test_a_mark_for_missing_values_belongs_to_its_column():
    """Numbers: size, age, then the mark of size; two colours; three shapes."""
    assert owners(maker(), NAMES).tolist() == [0, 2, 0, 1, 1, 3, 3, 3]


@pytest.mark.parametrize("as_sparse", [False, True])
def test_picked_features_are_those_of_the_row_computed_anew(as_sparse):
    made = maker(sparse=as_sparse)
    features = Features(made, FRAME)
    places = np.array([[0, 1, 2, 0], [1, 0, 0, 2], [2, 2, 2, 2]])
    assembled = pd.DataFrame({name: FRAME[name].to_numpy()[places[:, at]] for at, name in enumerate(NAMES)})
    found = features.rows(places)
    assert sparse.issparse(found) == as_sparse
    wanted = made.transform(assembled)
    assert (found.toarray() if as_sparse else found) == pytest.approx(wanted.toarray() if as_sparse else wanted)


@pytest.mark.parametrize("as_sparse", [False, True])
def test_factors_multiply_every_feature(as_sparse):
    features = Features(maker(sparse=as_sparse), FRAME)
    places, factors = np.array([[0, 1, 2, 0]]), np.arange(1.0, 9.0)
    before = features.rows(places)
    features.weighted(factors)
    after = features.rows(places)
    before, after = (one.toarray() if as_sparse else one for one in (before, after))
    assert after == pytest.approx(before * factors)


def test_columns_that_are_encoded_together_can_not_be_picked_apart():
    together = ColumnTransformer([("both", OneHotEncoder(), ["colour", "shape"])]).fit(FRAME)
    assert can_assemble(maker())
    assert not can_assemble(together)
    assert not can_assemble(OneHotEncoder())
