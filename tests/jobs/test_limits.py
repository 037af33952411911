"""Every bound can be set by its variable, and has a sensible value without."""

import math

import pytest

from core import files
from core.jobs import limits


@pytest.mark.parametrize(
    ("variable", "value", "bound", "found"),
    [
        ("AMALGAM_JOB_MEMORY_MB", "1500", limits.job_bytes, 1_500_000_000),
        ("AMALGAM_UPLOAD_MB", "0.5", files.upload_bytes, 500_000),
        ("AMALGAM_UPLOADS_AT_ONCE", "9", limits.uploads_at_once, 9),
        ("AMALGAM_UPLOADS_AT_ONCE", "9", limits.uploads_per_owner, 4),
        ("AMALGAM_UPLOADS_AT_ONCE", "1", limits.uploads_per_owner, 1),
        ("AMALGAM_UPLOAD_SILENCE_SECONDS", "7", limits.upload_silence_seconds, 7.0),
        ("AMALGAM_RESIDENT_IDLE_MINUTES", "2", limits.resident_idle_seconds, 120.0),
    ],
)
def test_a_variable_sets_a_bound(monkeypatch, variable, value, bound, found):
    monkeypatch.setenv(variable, value)
    assert bound() == found


def test_quick_work_has_its_minutes_and_other_work_has_none(monkeypatch):
    monkeypatch.delenv("AMALGAM_QUICK_JOB_MINUTES", raising=False)
    assert limits.job_seconds(10) == 600
    assert limits.job_seconds(None) == math.inf
    monkeypatch.setenv("AMALGAM_QUICK_JOB_MINUTES", "3")
    assert limits.job_seconds(10) == 180
    assert limits.job_seconds(None) == math.inf


def test_no_job_may_take_the_whole_machine(monkeypatch):
    monkeypatch.delenv("AMALGAM_JOB_MEMORY_MB", raising=False)
    assert 0 < limits.job_bytes("light") < limits.job_bytes("heavy") < limits.machine_bytes()
    assert limits.slot_threads("light") == 1
