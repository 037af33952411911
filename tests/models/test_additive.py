"""Sums of curves: they bend where the data bend, go on straight, and stay in the range of what was seen."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import SplineTransformer

from core.models.additive import MOST_CURVES, AdditiveClassifier, AdditiveRegressor, Curves

X = np.random.default_rng(0).uniform(-3, 3, (400, 3))
NOISE = np.random.default_rng(1).normal(0, 0.05, 400)


def test_the_basis_is_that_of_scikit_learn():
    made = Curves().fit(X[:, :1])
    own = made.transform(X[:, :1])[:, 1:]
    known = SplineTransformer(knots=made.knots_[0][:, None], degree=3).fit_transform(X[:, :1])
    # the same space of functions, whatever the basis: what one can say, the other can
    assert np.linalg.matrix_rank(np.column_stack([own, np.ones(400), known])) == known.shape[1]


def test_it_finds_curves_that_a_straight_line_does_not():
    y = np.sin(2 * X[:, 0]) + X[:, 1] ** 2 + NOISE
    assert AdditiveRegressor(100.0).fit(X[:300], y[:300]).score(X[300:], y[300:]) > 0.95
    assert Ridge().fit(X[:300], y[:300]).score(X[300:], y[300:]) < 0.2
    inside = np.abs(X[:, 0]) < 1.5
    assert AdditiveClassifier().fit(X[:300], inside[:300]).score(X[300:], inside[300:]) > 0.95
    assert LogisticRegression().fit(X[:300], inside[:300]).score(X[300:], inside[300:]) < 0.7


def test_what_multiplies_a_positive_target_adds_up():
    y = np.exp(X.sum(axis=1) + NOISE)
    fitted = AdditiveRegressor().fit(X[:300], y[:300])
    assert abs(float(fitted.power_.lambdas_[0])) < 0.05  # the logarithm
    assert np.abs(np.log(fitted.predict(X[300:])) - X[300:].sum(axis=1)).max() < 0.5


@pytest.mark.parametrize("factor", [1e-9, 1e9])
def test_the_unit_of_a_target_makes_no_difference(factor):
    y = np.exp(X[:, 0])
    first, second = (AdditiveRegressor().fit(X, one).predict(X) for one in (y, factor * y))
    assert second == pytest.approx(factor * first, rel=1e-6)


@pytest.mark.parametrize(
    "y", [np.full(50, 7.0), np.full(50, 0.0), np.r_[[1e-300] * 49, 1e300], np.r_[[0.0] * 49, 1.0], np.arange(50) + 1e9]
)
def test_any_target_gives_numbers_within_its_range(y):
    said = AdditiveRegressor().fit(X[:50], y).predict(X * 1e6)
    assert np.isfinite(said).all()
    assert said.min() >= y.min() * (1 - 1e-6) - 1e-12 * y.max()
    assert said.max() <= y.max() * (1 + 1e-6)


def test_few_values_have_no_curve_and_an_embedding_has_none():
    few = np.column_stack([X[:, 0], X[:, 1] > 0, np.zeros(400)])
    assert Curves().fit(few).curved_.tolist() == [0]
    wide = np.random.default_rng(2).normal(size=(60, MOST_CURVES + 1))
    assert Curves().fit(wide).transform(wide).shape == wide.shape
