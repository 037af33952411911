"""One hunt: a target is tried with ever new inputs until the time is over; what fails is kept, to be tried again.

Hypothesis keeps each failing example in ``build/fuzz/examples``; ``--replay`` tries those alone. Its input, as text,
and the traceback lie in ``build/fuzz/faults``. Failures of the same kind at the same place are one fault.
"""

from __future__ import annotations

import hashlib
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import NoReturn
from unittest import SkipTest

from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase

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

    def run(self, attack: Callable[[settings, int], None], seconds: float, seed: int, replay: bool) -> None:
        """Attack in batches of new examples, or only with those that have failed before."""
        phases = [Phase.reuse] if replay else [Phase.generate]
        chosen = settings(
            max_examples=BATCH,
            stateful_step_count=BATCH,
            deadline=None,
            database=DirectoryBasedExampleDatabase(KEPT / "examples" / self.name),
            phases=phases,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=replay,
            print_blob=False,
        )
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                attack(chosen, seed)
            except SkipTest:
                return  # nothing has failed before
            except (Exception, Hang) as failure:
                self.note(failure)
            if replay:
                return
            seed += 1

    def note(self, failure: BaseException) -> None:
        """Count a failure, and keep the first of its kind."""
        if isinstance(failure, BaseExceptionGroup):
            for one in failure.exceptions:
                self.note(one)
            return
        self.executions += 1
        place = where(failure)
        if place in self.faults:
            return
        self.faults[place] = f"{type(failure).__name__}: {failure}".strip()[:300]
        folder = KEPT / "faults"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.name}-{hashlib.sha256(place.encode()).hexdigest()[:10]}.txt"
        file.write_text(f"{self._tried}\n\n{''.join(traceback.format_exception(failure))}", errors="replace")


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
