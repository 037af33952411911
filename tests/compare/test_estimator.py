"""One estimator: what is left falls as work is done, follows what was measured, and keeps time for keeping models."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.defaults import usual_candidates
from core.compare.estimator import ENCODING, KEEPING, PATIENCE, RISE, Estimator, guess, guess_all, usual_budget

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
