"""One hunt: a target is tried with ever new inputs until the time is over; what fails is kept, to be tried again.

A batch of inputs follows from its seed. A fault is a file in ``build/fuzz``: the seed, the input, the traceback;
``--replay`` tries those seeds alone. Failures of the same kind at the same place are one fault.
"""

from __future__ import annotations

import hashlib
import json
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import NoReturn

from hypothesis import HealthCheck, Phase, settings

KEPT = Path(__file__).parents[2] / "build" / "fuzz"
LONGEST_SECONDS = 10.0  # an answer, a refusal, a result
BATCH = 10  # examples between two looks at the clock
NOTED_CHARACTERS = 100_000


class Fault(Exception):
    """What must not happen, but is not an exception by itself."""


class Hang(BaseException):
    """It took too long; nothing that catches an `Exception` hides it."""


@dataclass
class Hunt:
    """A target's executions and what was found.

    Attributes
    ----------
    faults : dict
        Where it failed → the last line of its traceback.
    """

    name: str
    executions: int = 0
    slowest_seconds: float = 0.0
    faults: dict[str, str] = field(default_factory=dict)
    _tried: str = ""

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """One execution, told in time; it counts when it is over."""
        self._tried = what[:NOTED_CHARACTERS]
        begun = time.monotonic()
        with no_longer_than(LONGEST_SECONDS):
            yield
        self.executions += 1
        self.slowest_seconds = max(self.slowest_seconds, time.monotonic() - begun)

    def run(self, attack: Callable[[settings, int], None], seconds: float, seed: int) -> None:
        """Attack in batches of new inputs until the time is over."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.batch(attack, seed)
            seed += 1

    def replay(self, attack: Callable[[settings, int], None]) -> None:
        """Attack with the batches that have failed before."""
        kept = [json.loads(file.read_text()) for file in sorted(KEPT.glob(f"{self.name}-*.json"))]
        for seed in sorted({fault["seed"] for fault in kept}):
            self.batch(attack, seed)

    def batch(self, attack: Callable[[settings, int], None], seed: int) -> None:
        """One batch; it ends at its first fault."""
        chosen = settings(
            max_examples=BATCH,
            stateful_step_count=BATCH,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )
        try:
            attack(chosen, seed)
        except (Exception, Hang) as failure:
            self.note(failure, seed)

    def note(self, failure: BaseException, seed: int) -> None:
        """Count a failure, and keep the first of its kind."""
        self.executions += 1
        place = where(failure)
        if place in self.faults:
            return
        self.faults[place] = f"{type(failure).__name__}: {failure}".strip()[:300]
        KEPT.mkdir(parents=True, exist_ok=True)
        told = {"seed": seed, "place": place, "input": self._tried, "traceback": traceback.format_exception(failure)}
        file = KEPT / f"{self.name}-{hashlib.sha256(place.encode()).hexdigest()[:10]}.json"
        file.write_text(json.dumps(told, indent=1), encoding="utf-8")


def where(failure: BaseException) -> str:
    """The kind of a failure and the last place in our own code that it passed through."""
    root = KEPT.parents[1]
    frames = [frame for frame in _frames(failure.__traceback__) if _ours(frame, root)]
    place = f"{Path(frames[-1].f_code.co_filename).relative_to(root)}:{frames[-1].f_code.co_name}" if frames else ""
    told = str(failure).split("\n")[0] if isinstance(failure, Fault) else ""
    return f"{type(failure).__name__} {place} {told[:90]}".strip()


def _ours(frame: FrameType, root: Path) -> bool:
    path = Path(frame.f_code.co_filename)
    return path.is_relative_to(root) and ".venv" not in path.parts


def _frames(trace: TracebackType | None) -> Iterator[FrameType]:
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    """Raise `Hang` in the main thread once the time is over."""

    def over(_number: int, _frame: FrameType | None) -> NoReturn:
        raise Hang(f"longer than {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
