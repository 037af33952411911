"""A dispatcher is kept beside the server, with patience."""

from __future__ import annotations

import itertools
import time

from pages.server.beside import Beside


def test_a_dispatcher_that_dies_at_once_is_not_started_ever_faster(workspace, monkeypatch):
    beside, starts = Beside(workspace), []

    class Dies:
        def __init__(self, *_command, **_options):
            starts.append(time.monotonic())

        def poll(self):
            return 1

    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr("pages.server.beside.subprocess.Popen", Dies)
    for _second in range(120):
        beside.keep()
        clock[0] += 1
    assert 6 <= len(starts) <= 10  # after 1, 2, 4, 8, 16 and then every 30 seconds; not 120 times
    assert max(later - before for before, later in itertools.pairwise(starts)) <= 31
