"""Candidates on inner folds: who goes on, who is given up, what is kept of those that take long."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data.splits.inner import Dependence, inner_folds
from core.fuse.auto.mixture import Mixer
from core.fuse.auto.race import Allowance, Race
from tests.fuse.auto.test_choice import Sleeper, Slow
from tests.fuse.tables import tickets

TABLE = tickets(200)[0]
GOOD = (TABLE["mood"] == "good").astype(float)


def race(seconds: float = 60.0, dependence: Dependence | None = None, n_folds: int = 5) -> Race:
    truth, bound = GOOD.to_numpy(dtype=int), dependence or Dependence()
    mixer = Mixer("binary", "accuracy", truth, np.array(["bad", "good"], dtype=object))
    folds = inner_folds("binary", truth, 0, n_folds, bound)
    return Race(TABLE, TABLE["mood"].to_numpy(dtype=object), folds, bound, mixer, Allowance(seconds), 0)


def saying(share: float, seed: int = 0) -> pd.Series:
    """Right for this share of the rows, and not too sure."""
    chance = np.random.default_rng(seed)
    towards = np.where(chance.random(len(GOOD)) < share, GOOD, 1 - GOOD)
    return pd.Series(towards * 0.6 + 0.2, TABLE.index)


def test_what_is_said_of_a_row_comes_from_a_fold_that_held_it_back():
    made, seen = race(), []

    class Spy(Sleeper):
        def fit(self, X, y):
            seen.append(set(X.index))
            return super().fit(X, y)

        def predict_both(self, X):
            assert not seen[-1] & set(X.index)
            return super().predict_both(X)

    made.again("columns", Spy(0.0, saying(0.8)), 5)
    one = made.found["columns"]
    assert one.said[:, 1] == pytest.approx(saying(0.8).to_numpy())
    assert one.score == pytest.approx(np.mean((saying(0.8) > 0.5) == (GOOD > 0.5)))
    assert made.rows.tolist() == list(range(200))


@pytest.mark.parametrize(("share", "given_up"), [(0.2, True), (0.85, False)])
def test_who_is_clearly_behind_goes_no_further_than_one_fold(share, given_up):
    made = race()
    made.enter("columns", Sleeper(0.0, saying(0.85)), 60.0)
    made.enter("text-tfidf", Sleeper(0.0, saying(share, seed=1)), 60.0)
    assert made.trials[-1]["folds"] == (1 if given_up else 5)
    assert ("text-tfidf" in made.found) != given_up
    assert made.left_out == []


def test_a_fold_of_few_rows_shows_nothing():
    made = race(n_folds=10)
    made.enter("columns", Sleeper(0.0, saying(0.85)), 60.0)
    made.enter("text-tfidf", Sleeper(0.0, saying(0.2, seed=1)), 60.0)
    assert [trial["folds"] for trial in made.trials] == [10, 10]


def test_who_is_behind_but_helps_the_mixture_goes_on():
    """The best is sure and mistaken where the other is right."""
    best = GOOD * 0.9 + 0.05
    best[GOOD.index % 5 == 0] = 1 - best
    other = pd.Series(0.5, TABLE.index)
    other[GOOD.index % 5 == 0] = GOOD * 0.9 + 0.05
    made = race()
    made.enter("columns", Sleeper(0.0, best), 60.0)
    made.enter("text-tfidf", Sleeper(0.0, other), 60.0)
    assert set(made.found) == {"columns", "text-tfidf"}


def test_by_time_the_first_fold_is_the_last_which_trains_on_most_rows():
    made = race(dependence=Dependence(times=np.arange(200.0)))
    assert len(made.folds[0][0]) == max(len(train) for train, _test in made.folds)
    assert made.folds[0][1].max() == 199
    assert made.rows.min() > 0


def test_of_what_takes_long_the_model_is_kept_and_time_for_all_rows():
    made = race()
    made.enter_costly("cooperative-tuned", Slow(0.002, saying(0.9)))
    assert made.models["cooperative-tuned"].n_rows_ == 160
    assert made.reserve == pytest.approx(made.on_all_rows("cooperative-tuned"))
    assert int(made.found["cooperative-tuned"].knows(made.rows).sum()) == 40
    made.more_folds("cooperative-tuned", Slow(0.002, saying(0.9)))
    assert made.found["cooperative-tuned"].knows(made.rows).all()
    assert [trial["folds"] for trial in made.trials] == [5]


def test_what_takes_long_is_tried_on_as_many_more_folds_as_there_is_time_for():
    """A fold takes .4 s, all rows .5 s: of 1.8 s that are left after the first, .5 s are kept; 3 more take 1.2 s."""
    made, slow = race(2.2), Slow(0.0025, saying(0.9))
    made.enter_costly("cooperative-tuned", slow)
    made.more_folds("cooperative-tuned", slow)
    n = made.trials[-1]["folds"]
    assert 2 <= n <= 4
    assert int(made.found["cooperative-tuned"].knows(made.rows).sum()) == 40 * n
    assert made.allowance.left() > 0.4


def test_what_says_that_it_would_not_end_in_time_is_left_out():
    made = race(0.5)
    made.enter_costly("cooperative-tuned", Slow(0.01, saying(0.9)))
    assert made.left_out == ["cooperative-tuned"]
    assert made.trials == []


def test_what_can_not_fit_is_not_asked_for_its_time(monkeypatch):
    """All that is left is kept for another one."""
    made = race(10.0)
    made.reserve = 20.0
    monkeypatch.setattr("core.fuse.auto.race.fit_seconds", lambda *args: pytest.fail("it was tried"))
    made.enter("columns", Sleeper(0.0), 10.0)
    assert (made.left_out, made.failed) == (["columns"], {})


def test_the_only_one_that_can_be_had_after_all_did_not_fail():
    made = race()
    made.failed["columns"] = RuntimeError("Once.")
    made.enter_fastest({"columns": Sleeper(0.0)})
    assert made.failed == {}
