"""Candidates weighed by what they said of held-back rows: scores are scikit-learn's, weights are what they earned."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from core.fuse.auto.mixture import MOST_MEMBERS, Mixer, Screened

N = 200
TRUTH = np.arange(N) % 2
ROWS = np.arange(20, N)  # the earliest are never held back


def mixer(metric="accuracy", **more) -> Mixer:
    return Mixer("binary", metric, TRUTH, np.array(["bad", "good"]), **more)


def screened(name, good, judge=None) -> Screened:
    """A candidate that finds “good” so probable, shape (N,)."""
    said = np.column_stack([1 - good, good])
    judge = judge or mixer()
    return Screened(name, said, 0.1, judge.score(said[ROWS], ROWS), judge.error(said[ROWS], ROWS))


def noisy(share, seed=0):
    """Right for this share of rows, by a different chance each."""
    random = np.random.default_rng(seed)
    return np.where(random.random(N) < share, TRUTH, 1 - TRUTH) * random.uniform(0.4, 0.9) + 0.05


def test_scores_and_errors_are_scikit_learns():
    good = noisy(0.7)
    said = np.column_stack([1 - good, good])[ROWS]
    assert mixer().score(said, ROWS) == pytest.approx(metrics.accuracy_score(TRUTH[ROWS], said[:, 1] > 0.5))
    for positive, place in (("good", 1), ("bad", 0)):
        expected = metrics.average_precision_score(TRUTH[ROWS] == place, said[:, place])
        assert mixer("average_precision", positive=positive).score(said, ROWS) == pytest.approx(expected)
    numbers = Mixer("regression", "r2", TRUTH * 1e6, np.array([]), unit=1e6)
    assert numbers.score(good[ROWS] * 1e6, ROWS) == pytest.approx(metrics.r2_score(TRUTH[ROWS], good[ROWS]))
    assert numbers.error(good[ROWS] * 1e6, ROWS) == pytest.approx(metrics.mean_squared_error(TRUTH[ROWS], good[ROWS]))


def test_one_that_knows_all_is_chosen_alone():
    found = {one.name: one for one in (screened("perfect", TRUTH * 1.0), screened("poor", noisy(0.6)))}
    assert mixer().weights(found, ROWS) == {"perfect": 1.0}
    assert mixer().measured({"perfect": 1.0}, found, ROWS) == {}
    assert mixer().weights({"poor": found["poor"]}, ROWS) == {"poor": 1.0}


def test_a_mixture_has_few_members_whose_weights_sum_to_one_and_errs_less_than_the_best_alone():
    found = {f"c{seed}": screened(f"c{seed}", noisy(0.75, seed)) for seed in range(8)}
    weights = mixer().weights(found, ROWS)
    assert 1 < len(weights) <= MOST_MEMBERS
    assert sum(weights.values()) == pytest.approx(1)
    told = mixer().measured(weights, found, ROWS)
    assert told["single_score"] == max(one.score for one in found.values())
    assert told["error"] < told["single_error"]
    assert told["rows"] == len(ROWS)


def test_rows_that_were_not_held_back_play_no_part():
    found = {f"c{seed}": screened(f"c{seed}", noisy(0.75, seed)) for seed in range(4)}
    weights = mixer().weights(found, ROWS)
    for one in found.values():
        one.said[:20] = np.nan
    assert mixer().weights(found, ROWS) == weights


def test_a_costly_one_gets_what_it_earned_on_its_fold():
    cheap = {name: screened(name, noisy(0.7, seed)) for seed, name in enumerate(("first", "second"))}
    before, fold = {"first": 0.5, "second": 0.5}, np.arange(20, 60)
    right, wrong = screened("costly", TRUTH * 1.0), screened("costly", 1.0 - TRUTH)
    assert mixer().beside(right, cheap, before, fold)[0] == {"costly": 1.0}
    assert mixer().beside(wrong, cheap, before, fold) == (before, None)
