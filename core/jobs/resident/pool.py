"""What the resident worker holds in memory: a few things that are costly to open, the longest unused one leaves."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
LOOK_SECONDS = 0.05


@dataclass
class _Place:
    lock: threading.Lock = field(default_factory=threading.Lock)
    thing: object = None
    made: bool = False


class Held:
    """Things by key, each used by one question at a time.

    Parameters
    ----------
    most : int
        More are not kept.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._places: OrderedDict[Hashable, _Place] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def use(self, key: Hashable, make: Callable[[], T], check: Callable[[], None]) -> Iterator[T]:
        """The thing of this key, made if it is not there, for this block alone.

        check: asked while another question has it; raises to stop waiting
        """
        with self._lock:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            while len(self._places) > self.most:
                self._places.popitem(last=False)
        while not place.lock.acquire(timeout=LOOK_SECONDS):
            check()
        try:
            if not place.made:
                place.thing = make()
                place.made = True
            yield place.thing  # type: ignore[misc]
        finally:
            place.lock.release()

    def __len__(self) -> int:
        return len(self._places)
