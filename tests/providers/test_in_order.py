"""Jobs at once, results in order; a failure stops what has not begun."""

from __future__ import annotations

import threading
import time
from contextlib import closing

import pytest

from core.providers.in_order import in_order, streamed


def test_results_come_in_order_however_long_each_takes():
    def job(left, n):
        time.sleep(0.02 * (5 - n))
        yield n

    jobs = [lambda left, n=n: job(left, n) for n in range(5)]
    assert [step for step in in_order(jobs, 5) if step is not None] == list(range(5))


def test_one_whose_turn_has_not_come_only_hands_on_its_last_step():
    second = threading.Event()

    def first(left):
        yield "a"
        second.wait(5)
        yield "b"

    def other(left):
        yield from "cde"
        second.set()

    assert [step for step in in_order([first, other], 2) if step] == ["a", "b", "e"]


def test_whoever_waits_hears_from_it():
    done = threading.Event()

    def slow(left):
        done.wait(5)
        yield 1

    steps = in_order([slow], 1)
    assert next(steps) is None
    done.set()
    assert [step for step in steps if step] == [1]


def test_after_a_failure_none_begins():
    begun = []

    def job(left, n):
        begun.append(n)
        if n == 1:
            raise ValueError("one")
        yield n

    with pytest.raises(ValueError, match="one"):
        list(in_order([lambda left, n=n: job(left, n) for n in range(50)], 1))
    assert begun == [0, 1]


def test_leaving_tells_those_at_work():
    told = threading.Event()

    def endless(left):
        try:
            while not left.is_set():
                yield 1
                time.sleep(0.01)
        finally:
            told.set()

    with closing(in_order([endless], 1)) as steps:
        assert next(steps) == 1
    assert told.wait(2)


def test_nothing_to_do_is_nothing():
    assert list(in_order([], 4)) == []


def test_what_is_streamed_comes_as_it_goes_and_an_error_is_raised_where_it_is_read():
    def work(take, left):
        take(1)
        take(2)
        raise ValueError("broken")

    steps = streamed(work)
    assert [next(steps), next(steps)] == [1, 2]
    with pytest.raises(ValueError, match="broken"):
        next(steps)


def test_whoever_leaves_a_stream_is_heard_by_the_work():
    begun, ended = threading.Event(), threading.Event()

    def work(take, left):
        take(1)
        begun.wait(5)
        assert take(2)
        assert left.is_set()
        ended.set()

    with closing(streamed(work)) as steps:
        assert next(steps) == 1
    begun.set()
    assert ended.wait(5)
