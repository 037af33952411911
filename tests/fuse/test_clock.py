"""What a budget still allows, by seconds that pass when told to."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator

from core.fuse import clock
from core.fuse.clock import Clock, TooSlow, costly_seconds, ends_with, fit_seconds, gives_up, read_ahead, running
from core.fuse.predictor import FrozenWork


@pytest.fixture
def passing(monkeypatch):
    """Seconds that pass when told to."""
    now = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    return now


class Reader(BaseEstimator):
    """An encoder that takes a set time for each text, and keeps what it read where it has a folder."""

    label_free = True

    def __init__(self, model, pace, passing, cache_folder=None):
        self.model, self.pace, self.passing, self.cache_folder = model, pace, passing, cache_folder

    def __sklearn_clone__(self):
        return self

    def fit(self, texts, y=None):
        return self

    def transform(self, texts):
        self.passing.seconds += self.pace * len(texts)
        return np.zeros((len(texts), 2))


class Fits:
    """A candidate that takes a set time for each row, and one more for each that it predicts."""

    def __init__(self, pace, passing):
        self.pace, self.passing = pace, passing

    def __sklearn_clone__(self):
        return self

    def fit(self, X, y):
        self.passing.seconds += self.pace * len(X)
        return self

    def predict_both(self, X):
        self.passing.seconds += self.pace * len(X)

    def estimate_seconds(self, X, y):
        return self.pace * len(X)


def work(reader, n=100):
    return FrozenWork("text", reader, np.array([f"text {number}" for number in range(n)], dtype=object))


def test_time_is_kept_for_scoring_and_writing(passing):
    one = Clock(100.0, began=0.0)
    passing.seconds = 30.0
    assert one.left() == pytest.approx(100 - 2 - 3 - 30)


def test_fits_still_to_come_share_what_is_left(passing):
    one = Clock(102.0 / 0.97, fits=2, began=0.0)
    assert one.take(5.0) == pytest.approx(50)
    passing.seconds = 20.0
    assert one.take(5.0) == pytest.approx(80)  # the second and last has all that is left
    assert one.take(5.0) == 5.0  # others have their own, as far as it goes
    passing.seconds = 97.0
    assert one.take(5.0) == pytest.approx(3)


def test_a_clock_within_a_clock_ends_with_the_inner_one():
    outer, inner = Clock(10.0), Clock(5.0)
    with ends_with(outer):
        with ends_with(inner):
            assert running() is inner
        assert running() is outer
    assert running() is None


def test_texts_are_read_ahead_the_fastest_first_as_far_as_there_is_time(passing, tmp_path):
    works = [work(Reader(name, pace, passing, str(tmp_path))) for name, pace in (("slow", 1.0), ("quick", 0.1))]
    with ends_with(Clock(1000.0)):
        found = {one.work.model: one for one in read_ahead(works, 60.0, seed=0)}
        assert {name: one.done for name, one in found.items()} == {"quick": True, "slow": False}
        assert found["slow"].seconds == pytest.approx(100, rel=0.1)
        before = passing.seconds
        again = read_ahead([works[0]], 60.0, seed=0)  # another fit of the command knows that it is too slow
        assert (passing.seconds, again[0].done) == (before, False)


def test_reading_one_leaves_less_time_for_the_next(passing, tmp_path):
    """40 s and 50 s: there is time for either alone, and not for both in 70 s."""
    works = [work(Reader(name, pace, passing, str(tmp_path))) for name, pace in (("first", 0.4), ("second", 0.5))]
    assert [one.done for one in read_ahead(works, 70.0, seed=0)] == [True, False]


def test_many_texts_that_are_read_fast_are_read(passing, tmp_path):
    reader = Reader("quick", 0.01, passing, str(tmp_path))
    assert read_ahead([work(reader, 1000)], 60.0, seed=0)[0].done  # 10 s


def test_what_nothing_keeps_has_to_be_read_for_every_fold(passing):
    reader = Reader("quick", 0.1, passing)
    assert read_ahead([work(reader)], 30.0, seed=0)[0].done is False  # 10 s, six times
    assert read_ahead([work(reader)], 90.0, seed=0)[0].done is True


def test_a_fit_is_estimated_from_a_sixth_of_the_rows_once_in_a_command(passing):
    X, y = pd.DataFrame({"n": np.arange(600)}), np.arange(600) % 2
    with ends_with(Clock(1000.0)):
        seconds = fit_seconds("columns", Fits(0.1, passing), X, y, seed=0)
        assert passing.seconds == pytest.approx(12.5)  # 100 rows fitted, 25 predicted
        assert seconds == pytest.approx(12.5 * 6**1.1)
        assert fit_seconds("columns", Fits(0.1, passing), X, y, seed=0) == pytest.approx(seconds)
        assert passing.seconds == pytest.approx(12.5)
        assert fit_seconds("columns", Fits(0.1, passing), X[:300], y[:300], seed=0) == pytest.approx(12.5 * 3**1.1)
    assert fit_seconds("columns", Fits(0.1, passing), X[:100], y[:100], seed=0) == 0  # over before it is estimated


def test_a_costly_one_is_asked_once_and_grows_with_its_rows(passing):
    X, y = pd.DataFrame({"n": np.arange(600)}), np.arange(600) % 2
    with ends_with(Clock(1000.0)):
        assert costly_seconds("tuned", Fits(0.5, passing), X, y) == 300
        assert costly_seconds("tuned", Fits(9.0, passing), X[:200], y[:200]) == 100


def test_a_fit_is_given_up_once_it_shows_that_it_would_not_end_in_time(passing):
    listen = gives_up(3.0, 60.0)
    passing.seconds = 4.0
    listen(1, 100)  # 400 s each, but not warmed up yet
    passing.seconds = 9.0
    listen(50, 100)  # 18 s each, three times: in time
    with pytest.raises(TooSlow):
        listen(40, 100)  # 22.5 s each
