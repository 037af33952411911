"""What a budget still allows, by seconds that pass when told to."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator

from core.encode.batches import progress_listener, report_progress
from core.fuse import clock
from core.fuse.clock import (
    Clock,
    Reading,
    TooSlow,
    costly_seconds,
    ends_with,
    fit_seconds,
    gives_up,
    note,
    read_ahead,
    running,
    scaled,
    warm_up,
)
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


def test_a_fit_is_given_up_once_its_pace_shows_that_it_would_not_end_in_time(passing):
    listen = gives_up(60.0)
    listen(0, 100)
    passing.seconds = 4.0
    listen(1, 100)  # 400 s, but not warmed up yet
    passing.seconds = 9.0
    listen(20, 100)  # 45 s: in time
    passing.seconds = 20.0
    with pytest.raises(TooSlow):
        listen(30, 100)  # 67 s


class Notes(Fits):
    """Notes on how many rows it is fitted, and asked of how many."""

    def __init__(self, pace, passing):
        super().__init__(pace, passing)
        self.fitted, self.asked = [], []

    def fit(self, X, y):
        self.fitted.append(list(X["n"]))
        report_progress(1, 2)  # that nobody is to hear of
        return super().fit(X, y)

    def predict_both(self, X):
        self.asked.append(len(X))


def test_a_reading_says_what_was_measured(passing, tmp_path):
    given = work(Reader("quick", 0.1, passing, str(tmp_path)), 1000)
    (found,) = read_ahead([given], 200.0, seed=0)
    assert found.seconds == pytest.approx(100)
    assert (found.per_text, found.n_texts, found.done) == (pytest.approx(0.1), 1000, True)
    assert passing.seconds == pytest.approx(4.8 + 100)  # 48 texts to measure by, then all
    passing.seconds = 0.0
    (hopeless,) = read_ahead([given], 33.0, seed=0)
    assert (hopeless.seconds, hopeless.done) == (pytest.approx(100), False)
    assert passing.seconds == pytest.approx(0.8)  # eight texts show that it takes more than three times as long
    with ends_with(Clock(1000.0, unread={"quick": 70.0})):
        assert read_ahead([given], 200.0, seed=0) == [Reading(given, 70.0, 0.0, 0, False)]


@pytest.mark.parametrize(("seconds", "probed"), [(33.3, 0.8), (33.4, 4.8)])
def test_more_texts_are_probed_only_up_to_three_times_the_time_there_is(passing, seconds, probed):
    reader = Reader("quick", 0.1, passing)  # 100 s
    read_ahead([work(reader, 1000)], seconds, seed=0)
    assert passing.seconds == pytest.approx(probed)


@pytest.mark.parametrize(("n", "distinct"), [(1, 1), (2, 2), (5, 5), (8, 8), (9, 9), (48, 48), (30, 3)])
def test_the_pace_of_few_texts_is_told_by_all_of_them_but_the_first(passing, tmp_path, n, distinct):
    texts = np.array([f"text {number % distinct}" for number in range(n)], dtype=object)
    given = FrozenWork("text", Reader("quick", 0.5, passing, str(tmp_path)), texts)
    (found,) = read_ahead([given], 100.0, seed=0)
    assert found.n_texts == distinct
    assert found.per_text == pytest.approx(0.5 if distinct > 1 else 0)
    assert found.done


def test_what_was_read_before_is_taken_even_where_no_time_is_left(passing, tmp_path):
    quick, slow = (
        work(Reader(name, pace, passing, str(tmp_path))) for name, pace in (("quick", 0.009), ("slow", 0.011))
    )
    assert [one.done for one in read_ahead([quick, slow], 0.5, seed=0)] == [True, False]  # 0.9 s and 1.1 s
    assert [one.done for one in read_ahead([slow], 1.2, seed=0)] == [True]


def test_reading_is_given_up_once_it_takes_half_as_long_again_as_there_is_time(passing, tmp_path):
    class Tiring(Reader):
        """Quick on the few texts it is measured by."""

        def transform(self, texts):
            self.passing.seconds += len(texts) * (self.pace if len(texts) > 48 else 0.01)
            return np.zeros((len(texts), 2))

    told = []
    for pace, done in ((0.0145, True), (0.0155, False)):  # 14.5 s and 15.5 s, where 10 s seemed enough
        passing.seconds = 0.0
        given = work(Tiring("tiring", pace, passing, str(tmp_path)), 1000)
        with progress_listener(lambda done, total: told.append((done, total))):
            (found,) = read_ahead([given], 10.0, seed=0)
        assert found.done is done
    assert told == [(256, 1000), (512, 1000), (768, 1000), (1000, 1000), (256, 1000)]
    assert (found.seconds, found.per_text) == (pytest.approx(15.5), pytest.approx(0.0155))


def test_the_last_texts_are_not_given_up(passing, tmp_path):
    class Late(Reader):
        """Tires at the very last text."""

        def transform(self, texts):
            self.passing.seconds += 100.0 if "text 299" in texts and len(texts) > 40 else 0.01
            return np.zeros((len(texts), 2))

    given = FrozenWork("text", Late("late", 0, passing, str(tmp_path)), work(None, 300).texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "PROBED_TEXTS", 9)
        assert read_ahead([given], 10.0, seed=0)[0].done


def test_what_fits_six_times_exactly_is_read_where_nothing_keeps_it(passing):
    reader = Reader("quick", 1.0, passing)
    assert [read_ahead([work(reader, 10)], limit, seed=0)[0].done for limit in (59.9, 60.0)] == [False, True]


@pytest.mark.parametrize(("n_rows", "warmed"), [(240, 0), (241, 40)])
def test_a_warm_up_is_for_tables_of_more_than_six_times_its_rows(passing, n_rows, warmed):
    X, y = pd.DataFrame({"n": np.arange(n_rows)}), np.arange(n_rows) % 2
    made, told = Notes(0.0, passing), []
    with progress_listener(lambda *given: told.append(given)):
        warm_up(made, X, y, seed=0)
        warm_up(made, X, np.zeros(n_rows), seed=0)  # nothing to tell apart
    assert [len(rows) for rows in made.fitted] == ([warmed] if warmed else [])
    assert told == []


@pytest.mark.parametrize(("n_rows", "probed"), [(119, 0), (120, 60), (360, 60), (366, 61), (600, 100)])
def test_a_fit_is_tried_on_a_sixth_of_the_rows_but_sixty_at_least(passing, n_rows, probed):
    X, y = pd.DataFrame({"n": np.arange(n_rows)}), np.arange(n_rows) % 2
    made, told = Notes(1.0, passing), []
    with progress_listener(lambda *given: told.append(given)):
        seconds = fit_seconds("name", made, X, y, seed=0)
    assert [len(rows) for rows in made.fitted] == ([probed] if probed else [])
    assert made.asked == ([probed // 4] if probed else [])
    assert seconds == (pytest.approx(probed * (n_rows / probed) ** 1.1) if probed else 0)
    assert all(rows == sorted(rows) for rows in made.fitted)  # in the order they have in the table
    assert told == []


def test_a_probe_of_one_class_says_nothing(passing):
    X, y = pd.DataFrame({"n": np.arange(200)}), np.zeros(200)
    assert fit_seconds("name", Fits(1.0, passing), X, y, seed=0) == 0
    assert passing.seconds == 0


def test_what_is_noted_is_for_the_clock_of_the_command_alone(passing):
    X, y = pd.DataFrame({"n": np.arange(600)}), np.arange(600) % 2
    one = Clock(1000.0)
    with ends_with(one):
        fit_seconds("cheap", Fits(0.1, passing), X, y, seed=0)
        costly_seconds("costly", Fits(0.5, passing), X, y)
        note("other", 3.0, 7)
    assert one.measured == {"cheap": (pytest.approx(12.5 * 6**1.1), 600), "costly": (300, 600), "other": (3.0, 7)}
    note("nobody", 1.0, 1)
    assert "nobody" not in one.measured
    assert costly_seconds("costly", Fits(0.1, passing), X, y) == 60  # without a clock it is asked
    assert scaled(2.0, 10, 40) == pytest.approx(2 * 4**1.1)


def test_a_costly_one_that_can_not_say_is_taken_to_need_nothing(passing):
    class Silent(Fits):
        def estimate_seconds(self, X, y):
            return None

    assert costly_seconds("silent", Silent(1.0, passing), pd.DataFrame({"n": [1, 2]}), np.array([0, 1])) == 0.0


def test_who_gives_up_passes_on_how_far_it_is(passing):
    told = []
    with progress_listener(lambda *given: told.append(given)):
        listen = gives_up(60.0)
    listen(0, 100)
    passing.seconds = 30.0
    listen(50, 100)  # just in time
    passing.seconds = 31.0
    with pytest.raises(TooSlow):
        listen(50.5, 100)
    assert told == [(0, 100), (50, 100)]


def test_a_clock_without_fits_to_come_gives_what_is_left_and_no_more(passing):
    passing.seconds = 8.0
    one = Clock(100.0, began=7.0)
    assert (one.fits, one.unread, one.measured) == (0, {}, {})
    assert one.take(200.0) == one.left() == pytest.approx(94)
    assert one.fits == 0


@pytest.mark.parametrize(("step", "given_up"), [(0.5, False), (2.0, True)])
def test_the_pace_of_a_fit_counts_from_the_first_that_is_told(step, given_up, passing):
    """8 s to load, then 10 s of work, are fewer than 20; 40 s of work are not, which shows 6 s after loading."""
    listen, passing.seconds = gives_up(20.0), 8.0
    try:
        for done in range(21):
            listen(done, 20)
            passing.seconds += step
    except TooSlow:
        assert given_up
        assert passing.seconds == 14.0
    else:
        assert not given_up


def test_a_second_part_of_a_fit_has_a_pace_of_its_own(passing):
    """Told anew from the beginning after 8 s, it is not a fit that has hardly moved in 8 s."""
    listen = gives_up(20.0)
    for done in [*range(17), *range(17)]:
        passing.seconds += 0.5
        listen(done, 16)
