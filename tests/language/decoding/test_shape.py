"""Shaping a distribution before a token is drawn, by hand."""

import numpy as np

from core.language.decoding import shape
from core.results.language.laboratory import Decoding

P = np.array([0.5, 0.3, 0.15, 0.05])


def test_temperature_by_hand():
    halves = shape.at_temperature(P, 0.5)  # squares: .25 .09 .0225 .0025, together .365
    np.testing.assert_allclose(halves, np.array([0.25, 0.09, 0.0225, 0.0025]) / 0.365)
    np.testing.assert_array_equal(shape.at_temperature(P, 0), [1, 0, 0, 0])


def test_narrowing_by_hand():
    np.testing.assert_allclose(shape.top_k(P, 2), [0.625, 0.375, 0, 0])
    np.testing.assert_allclose(shape.top_p(P, 0.8), [0.625, 0.375, 0, 0])
    np.testing.assert_allclose(shape.top_p(P, 0.81), P * [1, 1, 1, 0] / 0.95)
    np.testing.assert_allclose(shape.top_p(P, 0.1), [1, 0, 0, 0])
    np.testing.assert_allclose(shape.min_p(P, 0.3), P * [1, 1, 1, 0] / 0.95)  # .15 is .3 of .5


def test_repetition_penalty_by_hand():
    squared = shape.repeated_less(P, 2, [0, 0])
    np.testing.assert_allclose(squared, np.array([0.25, 0.3, 0.15, 0.05]) / 0.75)


def test_stages_are_in_order_and_all_sum_to_one():
    settings = Decoding(temperature=0.5, top_k=3, top_p=0.9, min_p=0.1, repetition_penalty=2)
    found = dict(shape.stages(np.log(P), settings, [0]))
    assert list(found) == ["model", "repetition_penalty", "temperature", "top_k", "top_p", "min_p"]
    assert all(abs(p.sum() - 1) < 1e-12 for p in found.values())
    # after the penalty ∝ .25 .3 .15 .05; squared ∝ .0625 .09 .0225; of .175 top-p needs all, min-p cuts none
    np.testing.assert_allclose(shape.shaped(np.log(P), settings, [0]), np.array([0.0625, 0.09, 0.0225, 0]) / 0.175)


def test_draws_are_as_frequent_as_their_probabilities():
    random = np.random.default_rng(0)
    counted = np.bincount([shape.drawn(P, random) for _ in range(20_000)], minlength=4)
    np.testing.assert_allclose(counted / 20_000, P, atol=0.012)
    assert all(shape.drawn(np.array([0.0, 1.0, 0.0]), random) == 1 for _ in range(10))
