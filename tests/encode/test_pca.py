"""Embeddings condensed: scikit-learn's principal components, told how many there are and what they keep."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from core.encode.base import TextEncoder
from core.encode.pca import Condensed


class Known(TextEncoder):
    """Texts are places in a table of numbers."""

    def __init__(self, rows):
        self.rows = rows

    def fit(self, texts, y=None):
        return self

    def transform(self, texts):
        self._report(len(texts), 9)
        return self.rows[[int(text) for text in texts]]


@pytest.mark.parametrize("shape", [(40, 6), (6, 6), (6, 40)])
@pytest.mark.parametrize("share", [0.3, 0.95])
def test_directions_are_scikit_learns(shape, share):
    rows = np.random.default_rng(0).normal(size=shape) * np.arange(1, shape[1] + 1)
    texts = [str(place) for place in range(shape[0])]
    made = Condensed(Known(rows), share)
    found, expected = made.fit_transform(texts), PCA(share, svd_solver="full").fit(rows)
    assert np.abs(found) == pytest.approx(np.abs(expected.transform(rows)), abs=1e-3)
    assert found.dtype == np.float32
    assert made.variance_kept_ == pytest.approx(expected.explained_variance_ratio_.sum())
    assert made.n_components_ == made.n_features_out_ == expected.n_components_ == found.shape[1]
    assert made.n_encoded_ == shape[1]
    assert made.get_feature_names_out().tolist() == [f"component_{number}" for number in range(found.shape[1])]
    assert f"of {shape[1]} numbers" in str(made.describe())
    assert made.transform(texts[::-1]) == pytest.approx(found[::-1], abs=1e-4)


def test_texts_that_are_all_alike_have_one_direction_and_are_its_zero():
    rows = np.array([[2.0, 3.0], [2.0, 3.0], [4.0, 5.0]])
    made = Condensed(Known(rows), 0.9)
    assert made.fit_transform(["0", "1"]).tolist() == [[0], [0]]
    assert (made.n_components_, made.variance_kept_, made.n_encoded_) == (1, pytest.approx(1), 2)
    assert abs(made.transform(["2"]).item()) == pytest.approx(8**0.5)


def test_progress_is_the_encoders_and_reaches_it_in_every_fit():
    made, told = Condensed(Known(np.eye(3))), []
    assert made.progress is None
    made.progress = lambda done, total: told.append((done, total))
    assert made.encoder.progress is made.progress
    assert made.fit(["0", "1", "2"]) is made
    assert told == [(3, 9)]
    assert made.encoder_ is not made.encoder
    assert made.variance == 0.9
    assert "progress" not in made.encoder.__getstate__()
