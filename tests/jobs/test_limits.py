"""Every bound can be set by its variable, and has a sensible value without."""

import math

import pytest

from core import files
from core.jobs import limits
from core.messages import UnusableData
from core.workspace import new_id


@pytest.mark.parametrize(
    ("variable", "value", "bound", "found"),
    [
        ("AMALGAM_JOB_MEMORY_MB", "1500", limits.job_bytes, 1_500_000_000),
        ("AMALGAM_UPLOAD_MB", "0.5", files.upload_bytes, 500_000),
        ("AMALGAM_UPLOADS_AT_ONCE", "9", limits.uploads_at_once, 9),
        ("AMALGAM_UPLOADS_AT_ONCE", "9", limits.uploads_per_owner, 4),
        ("AMALGAM_UPLOADS_AT_ONCE", "1", limits.uploads_per_owner, 1),
        ("AMALGAM_UPLOAD_SILENCE_SECONDS", "7", limits.upload_silence_seconds, 7.0),
        ("AMALGAM_TABS_PER_ADDRESS", "3", limits.tabs_per_address, 3),
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


def test_a_person_has_a_share_of_the_disk_where_others_reach_the_server(workspace, monkeypatch):
    limits.check_space(workspace, "ann", coming_bytes=10**6)  # on one's own machine there is no bound
    monkeypatch.setenv("AMALGAM_ADDRESS", "0.0.0.0")
    assert limits.person_bytes() == 20e9
    monkeypatch.setenv("AMALGAM_PERSON_GB", "0.001")
    upload = new_id()
    workspace.add_upload(upload, "ann")
    workspace.upload_folder(upload).mkdir()
    (workspace.upload_folder(upload) / "rows.csv").write_bytes(b"x" * 900_000)
    limits.check_space(workspace, "ann", coming_bytes=90_000)
    with pytest.raises(UnusableData, match=r"more than 0.001 GB"):
        limits.check_space(workspace, "ann", coming_bytes=110_000)
    limits.check_space(workspace, "ben", coming_bytes=110_000)


def test_files_that_nobody_reads_are_bounded_for_a_person_and_an_address(workspace, monkeypatch):
    monkeypatch.setattr(limits, "UPLOADS_WAITING", 3)
    monkeypatch.setattr(limits, "UPLOADS_WAITING_PER_ADDRESS", 5)
    for n in range(3):
        limits.check_waiting_uploads(workspace, "ann", "10.0.0.7")
        workspace.add_upload(f"{n}", "ann", "10.0.0.7")
    with pytest.raises(UnusableData, match="3 files that you sent wait"):
        limits.check_waiting_uploads(workspace, "ann", "10.0.0.7")
    for n in range(2):
        limits.check_waiting_uploads(workspace, f"new-{n}", "10.0.0.7")
        workspace.add_upload(f"other-{n}", f"new-{n}", "10.0.0.7")
    with pytest.raises(UnusableData, match="5 files from your address wait"):
        limits.check_waiting_uploads(workspace, "a-third", "10.0.0.7")
    limits.check_waiting_uploads(workspace, "ben", "10.0.0.8")
    limits.check_waiting_uploads(workspace, "cem", "")
