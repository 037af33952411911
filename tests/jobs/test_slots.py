"""What a slot lets a job take."""

from __future__ import annotations

import math

import psutil
import pytest

from core import catalog
from core.jobs import limits
from core.jobs.slots import Slot

KINDS = "tests.jobs.kinds:KINDS"


@pytest.mark.parametrize(("name", "kind", "seconds"), [("heavy", "count", math.inf), ("light", "endless", 1.8)])
def test_a_job_has_the_bounds_of_its_slot_and_kind_also_when_it_is_taken_over(
    workspace, monkeypatch, name, kind, seconds
):
    monkeypatch.delenv("AMALGAM_JOB_MEMORY_MB", raising=False)
    slot = Slot(name, workspace, KINDS)
    slot.watch("job", kind, psutil.Process())
    assert slot.watched.most_bytes == limits.job_bytes(name)
    assert slot.watched.most_seconds == pytest.approx(seconds)


def test_all_quick_work_has_an_end():
    assert [kind.name for kind in catalog.JOB_KINDS.values() if kind.slot == "light" and kind.minutes is None] == []
