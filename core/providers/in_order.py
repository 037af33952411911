"""Slow work in threads: one piece as it goes on, or several at once whose results come in the order of the jobs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

WAIT_SECONDS = 0.5  # between two looks at who waits
Step = TypeVar("Step")
Job = Callable[[threading.Event], Iterator[Step]]


def in_order(jobs: Sequence[Job[Step]], at_once: int) -> Generator[Step | None, None, None]:
    """The steps of each job, one job after the other; None while there are none yet.

    A job whose turn has not come only hands on its last step. Each is given an event that says that whoever waits
    has left. After one has failed none begins, and its error is raised when its turn comes.

    Examples
    --------
    >>> [step for step in in_order([lambda left, n=n: iter([n, n * 10]) for n in (1, 2)], 1) if step][-1]
    20
    """
    return _Jobs(jobs).run(at_once)


def streamed(work: Callable[[Callable[[Step], bool], threading.Event], object]) -> Generator[Step | None, None, None]:
    """What a piece of work hands on from a thread of its own; None while there is nothing yet.

    work: is given what takes a step and says whether whoever waits has left, and the event that says the same; it
        should stop then. Its error is raised where the steps are read.

    Examples
    --------
    >>> [step for step in streamed(lambda take, left: [take(one) for one in "ab"]) if step]
    ['a', 'b']
    """
    steps: SimpleQueue[tuple[Step] | Exception | None] = SimpleQueue()
    left = threading.Event()

    def take(step: Step) -> bool:
        steps.put((step,))
        return left.is_set()

    def run() -> None:
        try:
            work(take, left)
        except Exception as error:  # raised where the steps are read
            steps.put(error)
        steps.put(None)

    threading.Thread(target=run, daemon=True).start()
    try:
        while True:
            try:
                step = steps.get(timeout=WAIT_SECONDS)
            except Empty:
                yield None
                continue
            if step is None:
                return
            if isinstance(step, Exception):
                raise step
            yield step[0]
    finally:
        left.set()


class _Jobs(Generic[Step]):
    def __init__(self, jobs: Sequence[Job[Step]]) -> None:
        self.waiting, self.lock = iter(enumerate(jobs)), threading.Lock()
        self.steps: list[SimpleQueue[tuple[Step] | Exception | None]] = [SimpleQueue() for _job in jobs]
        self.left, self.failed, self.turn = threading.Event(), threading.Event(), 0

    def run(self, at_once: int) -> Generator[Step | None, None, None]:
        for _thread in range(min(at_once, len(self.steps))):
            threading.Thread(target=self._work, daemon=True).start()
        try:
            for turn, steps in enumerate(self.steps):
                self.turn = turn
                while True:
                    try:
                        step = steps.get(timeout=WAIT_SECONDS)
                    except Empty:
                        yield None
                        continue
                    if step is None:
                        break
                    if isinstance(step, Exception):
                        raise step
                    yield step[0]
        finally:
            self.left.set()

    def _work(self) -> None:
        while not self.left.is_set() and not self.failed.is_set():
            with self.lock:
                taken = next(self.waiting, None)
            if taken is None:
                return
            self._one(*taken)

    def _one(self, number: int, job: Job[Step]) -> None:
        last: tuple[Step] | None = None
        try:
            for step in job(self.left):
                last = (step,)
                if number == self.turn:
                    self.steps[number].put(last)
                    last = None
                if self.left.is_set():
                    return
            if last is not None:
                self.steps[number].put(last)
        except Exception as error:  # raised where the steps are read
            self.failed.set()
            self.steps[number].put(error)
        self.steps[number].put(None)
