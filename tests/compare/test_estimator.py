"""One estimator: what is left falls as work is done, follows what was measured, and keeps time for keeping models."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.defaults import usual_candidates
from core.compare.estimator import (
    ASSISTED_PER_THOUSAND,
    COSTLY_PER_READING,
    COSTLY_START,
    ENCODING,
    FACTS,
    KEEPING,
    PATIENCE,
    PER_THOUSAND,
    RISE,
    START,
    WARMED_UP,
    WORDS_FACTOR,
    Estimator,
    guess,
    guess_all,
    minutes_for,
    usual_budget,
)

RECORDED = Path(__file__).parent / "recorded"  # what real comparisons told their estimator (`benchmarks.pace`)


class Clock:
    """Seconds that pass when told to."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def worked(estimator, clock, name, seconds):
    clock.now += seconds
    estimator.finished(name, seconds)


def test_the_share_grows_with_what_is_done_and_never_shrinks(clock):
    estimator = Estimator(folds=2, refits=False, budget_seconds=None, clock=clock)
    estimator.expect("a", 2.0)
    estimator.expect("b", 2.0)
    shares = [estimator.share()]
    for name, seconds in (("a", 2.0), ("a", 9.0), ("b", 2.0), ("b", 2.0)):
        worked(estimator, clock, name, seconds)
        shares.append(estimator.share())
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert shares[-1] == 0.99
    assert estimator.remaining_seconds() == 0


def test_a_budget_bounds_what_is_said_to_be_left(clock):
    estimator = Estimator(folds=5, refits=True, budget_seconds=10, clock=clock)
    estimator.expect("a", 1000)
    assert estimator.remaining_seconds() <= 10
    clock.now += 4
    assert estimator.left() == pytest.approx(6)


def test_earlier_attempts_have_spent_of_the_budget(clock):
    estimator = Estimator(folds=5, refits=True, budget_seconds=60, spent_seconds=45, clock=clock)
    assert estimator.left() == pytest.approx(15)
    clock.now += 5
    assert estimator.spent() == pytest.approx(50)


def test_room_is_kept_for_fitting_what_is_finished_on_all_rows(clock):
    estimator = Estimator(folds=2, refits=True, budget_seconds=100, growth=1.5, clock=clock)
    estimator.expect("a", 10)
    estimator.expect("b", 10)
    for _fold in range(2):
        worked(estimator, clock, "a", 20.0)
    refit = 20 * 1.5 + KEEPING
    assert estimator.room("b") == pytest.approx(60 - refit)
    estimator.refitted("a")
    assert estimator.room("b") == pytest.approx(60)


def test_what_was_measured_sets_the_pace_of_what_was_not(clock):
    estimator = Estimator(folds=2, refits=False, budget_seconds=None, clock=clock)
    for name in ("a", "b", "c"):
        estimator.expect(name, 4.0)
    before = estimator.fold_seconds("c")
    for name in ("a", "a", "b", "b"):
        worked(estimator, clock, name, 12.0)
    assert before == pytest.approx(4.0)
    assert 4.0 < estimator.fold_seconds("c") <= 12.0
    estimator.probed("c", 30.0)
    assert estimator.fold_seconds("c") == 30.0


@given(st.lists(st.floats(0.5, 60), min_size=4, max_size=20))
def test_what_is_shown_never_rises_by_more_than_a_third(seconds):
    clock = Clock()
    estimator = Estimator(folds=len(seconds), refits=False, budget_seconds=None, clock=clock)
    estimator.expect("a", 1.0)
    shown = [estimator.shown_seconds()]
    for one in seconds:
        worked(estimator, clock, "a", one)
        shown.append(estimator.shown_seconds())
    assert all(later <= RISE * min(shown[:place]) + 1e-9 for place, later in enumerate(shown) if place)


def test_the_clock_decides_nothing_on_a_small_table_and_a_large_one_has_an_end():
    usual = usual_candidates(1, 5, "multiclass")
    assert usual_budget(usual, 738, 5) is None
    assert usual_budget(usual, 50_000, 5) == PATIENCE


def test_costly_candidates_are_guessed_to_be_costly():
    assert guess("cooperative-tuned", 3000) > 20 * guess("columns", 3000)
    assert guess("classical", 3000) > guess("columns", 3000)


def replayed(path: Path, shown: Callable[[Estimator], float]) -> list[tuple[float, float]]:
    """Go through a recorded run.  →  (seconds gone, what was shown then)"""
    calls, clock = json.loads(path.read_text()), Clock()
    began, (folds, refits, budget, *_spent), named = clock.now, calls[0]["given"], calls[0]["named"]
    estimator = Estimator(folds, refits, budget, growth=named["growth"], clock=clock)
    seen = []
    for call in calls[1:]:
        clock.now = began + call["at"]
        getattr(estimator, call["call"])(*call["given"])
        seen.append((call["at"], shown(estimator)))
    return seen


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_on_recorded_runs_the_time_left_is_about_right_and_hardly_rises(path):
    seen = replayed(path, Estimator.remaining_seconds)
    ends = seen[-1][0]
    for at, left in seen:
        if at > 0.1 * ends and ends - at > 5:
            assert left < 3 * (ends - at) + 5, f"{left:.0f} s said to be left at {at:.0f} of {ends:.0f} s"
            assert left > (ends - at) / 3 - 5, f"{left:.0f} s said to be left at {at:.0f} of {ends:.0f} s"
    shown = [left for _at, left in replayed(path, Estimator.shown_seconds)]
    assert all(later <= RISE * min(shown[:place]) + 1e-9 for place, later in enumerate(shown) if place)


def test_there_are_recorded_runs():
    assert len(list(RECORDED.glob("*.json"))) >= 2


def test_reading_counts_for_every_text_column_and_row():
    one, three = (guess_all(["cooperative", "classical"], 1000, 5, n_texts) for n_texts in (1, 3))
    assert three - one == pytest.approx(2 * 1000 * ENCODING)
    assert guess_all(["classical"], 1000, 5, 3) == guess_all(["classical"], 1000, 5, 1)  # no language model reads


def test_what_is_ahead_is_folds_facts_and_the_fit_on_all_rows(clock):
    estimator = Estimator(folds=3, refits=True, budget_seconds=None, growth=1.5, clock=clock)
    estimator.expect("a", 10.0)
    estimator.expect("b", 4.0)
    assert estimator.needed("a") == pytest.approx(3 * 10 + FACTS + 15 + KEEPING)
    assert estimator.remaining_seconds() == pytest.approx(46 + FACTS + KEEPING + 18 + FACTS + KEEPING - 1)
    estimator.expect_encoding(7.0)
    assert estimator.remaining_seconds() == pytest.approx(45 + 18 + 2 * (FACTS + KEEPING) + 7)
    estimator.under_way("a", 0.5)
    assert estimator.remaining_seconds() == pytest.approx(45 + 18 + 2 * (FACTS + KEEPING) + 7 - 5)
    for share, done in ((-1.0, 0), (2.0, 10)):
        estimator.under_way("a", share)
        assert estimator.remaining_seconds() == pytest.approx(45 + 18 + 2 * (FACTS + KEEPING) + 7 - done)
    estimator.finished("a", 10.0)
    assert estimator.needed("a") == pytest.approx(2 * 10 + 15 + KEEPING)  # the facts are known with the first fold
    estimator.finished("a", None)
    estimator.finished("a", 20.0)
    assert estimator.needed("a") == pytest.approx(30 + KEEPING)
    estimator.finished("a", 20.0)  # one too many
    estimator.refitted("a")
    assert estimator.needed("a") == 0
    estimator.drop("b")
    assert estimator.needed("b") == 0
    assert estimator.refit_seconds("b") == 0
    assert estimator.remaining_seconds() == 7


def test_a_first_fit_slower_than_foretold_shows_its_own_pace_until_it_is_measured(clock):
    estimator = Estimator(folds=3, refits=False, budget_seconds=None, clock=clock)
    estimator.expect("a", 10.0)
    estimator.probed("a", 10.0)
    estimator.under_way("a", 0.0)
    clock.now += 2 * WARMED_UP[0]
    estimator.under_way("a", WARMED_UP[1] / 2)
    assert estimator.fold_seconds("a") == 10  # too early to tell
    estimator.under_way("a", 0.25)
    assert estimator.fold_seconds("a") == pytest.approx(40)
    assert estimator.remaining_seconds() == pytest.approx(3 * 40 + FACTS - 10)
    clock.now += 6
    estimator.under_way("a", 0.2)  # another part of the same fit, which has a pace of its own
    clock.now += 6
    estimator.under_way("a", 0.9)
    assert estimator.fold_seconds("a") == 10  # part of a fit says nothing of being quicker
    estimator.finished("a", 30.0)
    estimator.under_way("a", 0.0)
    clock.now += 60
    estimator.under_way("a", 0.1)
    assert estimator.fold_seconds("a") == 30


def test_finishing_or_fitting_on_all_rows_ends_what_is_under_way(clock):
    estimator = Estimator(folds=2, refits=True, budget_seconds=None, growth=1.0, clock=clock)
    estimator.expect("a", 10.0)
    for end in (lambda: estimator.finished("a", None), lambda: estimator.refitted("a")):
        estimator.under_way("a", 0.5)
        before = estimator.needed("a") - 5
        assert estimator.remaining_seconds() == pytest.approx(before)
        end()
        assert estimator.remaining_seconds() == pytest.approx(estimator.needed("a"))


def test_a_candidate_expected_again_keeps_what_is_done(clock):
    estimator = Estimator(folds=3, refits=True, budget_seconds=None, clock=clock)
    estimator.expect("a", 10.0)
    estimator.finished("a", 5.0)
    estimator.refitted("a")
    estimator.expect("a", 99.0)
    estimator.probed("a", 77.0)  # measured before
    assert estimator.needed("a") == pytest.approx(2 * 5)
    assert estimator.fold_seconds("unknown") == pytest.approx(START * estimator._pace())


def test_what_must_be_trained_is_left_whatever_the_budget(clock):
    estimator = Estimator(folds=2, refits=False, budget_seconds=10, clock=clock)
    estimator.expect("a", 100.0)
    estimator.expect("b", 20.0)
    assert estimator.remaining_seconds() == 10
    estimator.must(["b"])
    assert estimator.remaining_seconds() == pytest.approx(40 + FACTS)
    estimator.under_way("b", 0.25)
    assert estimator.remaining_seconds() == pytest.approx(35 + FACTS)
    estimator.must([])
    clock.now += 9.5
    assert estimator.remaining_seconds() == 1  # at least that, while there is something to do
    assert estimator.slack() == pytest.approx(0.5)
    assert Estimator(2, False, None).slack() == 0


def test_the_share_is_of_seconds_gone_and_to_come(clock):
    estimator = Estimator(folds=1, refits=False, budget_seconds=None, spent_seconds=50.0, clock=clock)
    assert estimator.share() == 0
    estimator.expect("a", 9.0)
    clock.now += 10
    assert estimator.share() == pytest.approx(10 / (10 + 9 + FACTS))
    estimator.expect_encoding(100.0)
    assert estimator.share() == pytest.approx(0.5)  # never less than it was


def test_the_pace_is_the_geometric_mean_of_what_was_measured_and_one_right_guess(clock):
    estimator = Estimator(folds=2, refits=False, budget_seconds=None, clock=clock)
    for name, guessed, seconds in (("a", 1.0, 4.0), ("b", 2.0, 1.0), ("tiny", START - 0.01, 99.0), ("c", START, 0.0)):
        estimator.expect(name, guessed)
        estimator.finished(name, seconds)
    pace = (4.0 * 0.5 * (0.05 / START)) ** (1 / 4)
    estimator.expect("new", 10.0)
    assert estimator.fold_seconds("new") == pytest.approx(10 * pace)


def test_room_is_all_that_is_left_where_nobody_else_is_finished(clock):
    estimator = Estimator(folds=1, refits=True, budget_seconds=100, growth=2.0, clock=clock)
    for name in ("a", "b", "c"):
        estimator.expect(name, 10.0)
    assert estimator.room("a") == 100
    for name in ("a", "b"):
        estimator.finished(name, 10.0)
    assert estimator.room("a") == pytest.approx(100 - 20 - KEEPING)
    assert estimator.room("c") == pytest.approx(100 - 2 * (20 + KEEPING))


def test_guesses_by_the_table_of_seconds_per_thousand_rows():
    assert guess("dummy", 10**6) == guess("dummy", 1) == 0.1
    assert guess("columns+knn", 2000) == pytest.approx(START + 2 * PER_THOUSAND["knn"])
    assert guess("classical+knn", 2000) == pytest.approx(START + 2 * PER_THOUSAND["knn"] * WORDS_FACTOR)
    assert guess("text-tfidf", 500) == pytest.approx(START + 0.5 * PER_THOUSAND["linear"] * WORDS_FACTOR)
    assert guess("cooperative+forest", 1000) == pytest.approx(START + PER_THOUSAND["forest"])
    assert guess("cooperative+forest@words", 1000) == pytest.approx(START + PER_THOUSAND["forest"] * WORDS_FACTOR)
    assert guess("cooperative-tuned", 3000) == pytest.approx(COSTLY_START + 3000 * 2 * COSTLY_PER_READING)
    assert guess("cooperative-tuned", 200) == pytest.approx(COSTLY_START + 200 * 12 * COSTLY_PER_READING)
    assert guess("assisted-weak", 3000) == pytest.approx(START + 3 * ASSISTED_PER_THOUSAND)


def test_all_folds_the_fit_on_all_rows_and_what_is_kept_are_guessed_together():
    once, train = guess("columns", 1000), guess("columns", 800)
    assert guess_all(["columns"], 1000, 5) == pytest.approx(5 * train + once + KEEPING)
    assert guess_all(["columns"], 1000, 1) == pytest.approx(once + once + KEEPING)
    assert guess_all(["columns", "dummy"], 1000, 5, measured={"columns": 7.0}) == pytest.approx(
        7 * 6 + 0.1 * 6 + 2 * KEEPING
    )
    read, known = guess_all(["text-llm"], 1000, 5, 0), guess_all(["text-llm"], 1000, 5, measured={"text-llm": 1.0})
    assert read - guess_all(["text-llm"], 0, 5) > ENCODING * 1000  # one column at least
    assert known == pytest.approx(6 + KEEPING)  # read in that time


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 1), (46.1, 1), (46.2, 2), (600, 13), (601, 14)])
def test_minutes_for_what_is_needed_leave_something_to_spare(seconds, minutes):
    assert minutes_for(seconds) == minutes


def test_a_budget_is_set_beyond_ten_minutes():
    assert guess_all(["text-llm"], 17_000, 5) < PATIENCE
    n = next(n for n in range(0, 10**6, 1000) if guess_all(["text-llm"], n, 5) > PATIENCE)
    assert usual_budget(["text-llm"], n - 1000, 5) is None
    assert usual_budget(["text-llm"], n, 5) == 600


@pytest.mark.parametrize(("spent", "expected"), [(0.0, 10.0), (9.5, 1.0), (12.0, 1.0)])
def test_at_least_a_second_is_left_while_there_is_work_that_may_be_done(clock, spent, expected):
    estimator = Estimator(folds=2, refits=False, budget_seconds=10.0, clock=clock)
    estimator.expect("a", 50.0)
    clock.now += spent
    assert estimator.remaining_seconds() == pytest.approx(expected)
