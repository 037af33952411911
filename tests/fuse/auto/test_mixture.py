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


def scored(name, said, score, error) -> Screened:
    """A candidate whose score and error are as told."""
    return Screened(name, np.asarray(said, dtype=float), 0.1, score, error)


@pytest.mark.parametrize(("both_wrong", "sure", "kept"), [(3, False, True), (5, False, False), (3, True, False)])
def test_a_mixture_may_score_two_hundredths_less_than_the_best_if_it_errs_less(both_wrong, sure, kept):
    """One is right everywhere but hardly says so; two are sure, each wrong on ten rows, and on a few both."""
    of_truth = {"timid": np.full(N, 0.99 if sure else 0.51), "one": np.full(N, 0.9), "other": np.full(N, 0.9)}
    of_truth["one"][:10] = of_truth["other"][10:20] = 0.3
    of_truth["one"][20 : 20 + both_wrong] = of_truth["other"][20 : 20 + both_wrong] = 0.4
    judge, rows = mixer(), np.arange(N)
    found = {
        name: scored(name, np.where(np.arange(2) == TRUTH[:, None], p[:, None], 1 - p[:, None]), 0, 0)
        for name, p in of_truth.items()
    }
    weights = judge.weights(found, rows)
    assert (set(weights) >= {"one", "other"}) == kept
    assert kept or weights == {"timid": 1.0}
    if kept:
        told = judge.measured(weights, found, rows)
        assert (told["score"], told["single_score"]) == (0.985, 1.0)
        assert told["error"] < told["single_error"]


def test_of_two_that_score_alike_the_one_that_errs_less_is_chosen():
    found = {name: screened(name, np.where(TRUTH, sure, 1 - sure)) for name, sure in (("timid", 0.6), ("sure", 0.9))}
    assert mixer().weights(found, ROWS) == {"sure": 1.0}


def test_one_that_was_tried_on_some_rows_gets_its_share_by_these():
    found = {name: screened(name, noisy(0.7, seed)) for seed, name in enumerate(("first", "second"))}
    part = screened("part", TRUTH * 1.0)
    part.said[60:] = np.nan
    assert mixer().choose({**found, "part": part}, ROWS) == ({"part": 1.0}, {})
    assert part.knows(np.array([59, 60])).tolist() == [True, False]


def test_only_the_five_heaviest_of_a_mixture_stay():
    """Six candidates, each right about its own sixth of the rows: the mean of all has the least error."""
    truth, n = np.arange(60.0), 6
    said = {f"c{place}": np.where(np.arange(60) % n == place, truth + 50.0, truth - 10.0) for place in range(n)}
    judge = Mixer("regression", "r2", truth, np.array([]))
    found = {name: scored(name, one, -9.0, 900.0) for name, one in said.items()}
    weights = judge.weights(found, np.arange(60))
    assert len(weights) == 5
    assert sum(weights.values()) == pytest.approx(1)
    assert list(weights.values()) == sorted(weights.values(), reverse=True)


def test_a_costly_ones_share_is_the_one_of_least_error_by_hand():
    truth, rows = np.arange(10.0), np.arange(10)
    judge = Mixer("regression", "r2", truth, np.array([]))
    cheap = {"up": scored("up", truth + 2, 0, 4), "down": scored("down", truth + 4, 0, 16)}
    costly = scored("costly", truth - 2.2, 0, 9)
    mixed, measured = judge.beside(costly, cheap, {"up": 0.5, "down": 0.5}, rows)
    assert mixed == pytest.approx({"up": 0.2, "down": 0.2, "costly": 0.6})  # off by 3 · 0.4 − 2.2 · 0.6 = −0.12
    assert measured == {
        "single": "up",
        "single_score": pytest.approx(1 - 10 * 4 / 82.5),
        "single_error": pytest.approx(4),
        "score": pytest.approx(1 - 10 * 0.12**2 / 82.5),
        "error": pytest.approx(0.12**2),
        "rows": 10,
    }


def test_a_mixture_that_is_worse_than_the_best_alone_in_both_is_left_for_it():
    """The best alone was not among those weighed before."""
    rows = np.arange(10)
    judge = Mixer("regression", "r2", np.arange(10.0), np.array([]))
    cheap = {
        "right": scored("right", np.arange(10.0), 1, 0),
        "poor": scored("poor", np.arange(10.0) + 4, 0, 16),
    }
    costly = scored("costly", np.arange(10.0) - 3, 0, 9)
    assert judge.beside(costly, cheap, {"poor": 1.0}, rows) == ({"right": 1.0}, None)


def test_of_several_classes_the_score_is_of_the_likeliest_and_one_that_is_no_class_is_not_the_positive():
    truth, said = np.array([0, 1, 2]), np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2], [0.1, 0.2, 0.7]])
    judge = Mixer("multiclass", "accuracy", truth, np.array(["a", "b", "c"]), positive="z")
    assert judge.score(said, np.arange(3)) == pytest.approx(2 / 3)
    assert judge.error(said, np.arange(3)) == pytest.approx((0.38 + 0.78 + 0.14) / 3)
    assert mixer("average_precision", positive="gone").score(np.eye(2)[TRUTH[ROWS]], ROWS) == 1
