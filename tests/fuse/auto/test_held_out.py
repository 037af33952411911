"""What is said of a row by a choice that it had no part in."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.splits.inner import Dependence
from core.fuse.auto.held_out import held_out
from core.fuse.auto.mixture import Mixer, Screened

N = 400


def noise(judge: Mixer, n: int, rows: np.ndarray) -> dict[str, Screened]:
    """Candidates that say whatever comes."""
    found = {}
    for seed in range(n):
        said = np.random.default_rng(seed).dirichlet([1, 1], N)
        found[f"c{seed}"] = Screened(
            f"c{seed}", said, 0.1, judge.score(said[rows], rows), judge.error(said[rows], rows)
        )
    return found


def test_the_best_of_many_that_know_nothing_is_not_said_to_know_something():
    """Whoever is chosen looks better than chance on the rows it was chosen by."""
    truth, rows = np.random.default_rng(99).integers(0, 2, N), np.arange(N)
    judge = Mixer("binary", "accuracy", truth, np.array(["no", "yes"]))
    found = noise(judge, 40, rows)
    weights, _measured = judge.choose(found, rows)
    flattered = judge.score(sum(weight * found[name].said for name, weight in weights.items()), rows)
    told = held_out(found, weights, rows, judge, 0, Dependence())
    assert told.rows.tolist() == rows.tolist()
    assert flattered > 0.55
    assert judge.score(told.said, told.rows) < 0.53


def test_what_is_said_of_a_row_does_not_depend_on_its_truth():
    numbers, rows = np.random.default_rng(3).normal(0, 1, N), np.arange(N)

    def told(truth: np.ndarray) -> np.ndarray:
        judge = Mixer("regression", "r2", truth, np.array([]))
        found = {}
        for seed in range(6):
            said = numbers + np.random.default_rng(seed).normal(0, 1 + seed / 4, N)
            found[f"c{seed}"] = Screened(f"c{seed}", said, 0.1, 0.0, 0.0)
        return held_out(found, {"c0": 1.0}, rows, judge, 0, Dependence()).said

    other = numbers.copy()
    other[7] += 100
    before, after = told(numbers), told(other)
    assert after[7] == before[7]
    assert not np.array_equal(before, after)  # of others, it is a part of the choice


def test_rows_that_a_chosen_one_was_not_tried_on_are_not_scored():
    truth, rows = np.arange(N) % 2, np.arange(50, N)
    judge = Mixer("binary", "accuracy", truth, np.array(["no", "yes"]))
    found = noise(judge, 3, rows)
    right = np.full((N, 2), np.nan)
    right[60:200] = np.eye(2)[truth[60:200]]
    found["part"] = Screened("part", right, 0.1, 1.0, 0.0)
    weights, _measured = judge.choose(found, rows)
    assert weights == {"part": 1.0}
    told = held_out(found, weights, rows, judge, 0, Dependence())
    assert told.rows.tolist() == list(range(60, 200))
    assert judge.score(told.said, told.rows) == 1.0


def test_what_depends_on_each_other_is_told_by_the_same_weights():
    """Two rows of one group are always in the same part."""
    truth, rows, groups = np.arange(N) % 2, np.arange(N), np.arange(N) // 10
    judge = Mixer("binary", "accuracy", truth, np.array(["no", "yes"]))
    found = {
        name: Screened(name, np.tile([1 - says, says], (N, 1)).astype(float), 0.1, 0.0, 0.0)
        for name, says in (("a", 0.4), ("b", 0.6))
    }
    told = held_out(found, {"a": 1.0}, rows, judge, 0, Dependence(groups))
    for group in np.unique(groups):
        assert len(np.unique(told.said[groups == group, 0])) == 1


@pytest.mark.parametrize("n", [1, 4, 19, 20])
def test_few_rows_are_told_too(n):
    truth, rows = np.arange(N) % 2, np.arange(n)
    judge = Mixer("binary", "accuracy", truth, np.array(["no", "yes"]))
    found = noise(judge, 3, np.arange(N))
    told = held_out(found, {"c1": 1.0}, rows, judge, 0, Dependence())
    assert told.rows.tolist() == rows.tolist()
    assert np.isfinite(told.said).all()


def test_the_best_of_many_on_few_rows_is_not_said_to_know_something():
    """Sixteen rows, which many guess right by chance."""
    told = []
    for seed in range(40):
        truth, rows = np.random.default_rng(seed).permutation(np.arange(N) % 2), np.arange(16)
        judge = Mixer("binary", "accuracy", truth, np.array(["no", "yes"]))
        found = noise(judge, 12, rows)
        weights, _measured = judge.choose(found, rows)
        one = held_out(found, weights, rows, judge, 0, Dependence())
        told.append(judge.score(one.said, one.rows))
    assert abs(np.mean(told) - 0.5) < 0.08
