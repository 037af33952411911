"""A job in words: waiting, working, and how long it will take."""

from __future__ import annotations

import pytest

from core.jobs.client import Job, Progress
from core.messages import _, say
from pages.shared.runs import job_words


def job(state: str = "done", **more) -> Job:
    fields = {
        "id": "j", "owner": "ann", "kind": "compare", "slot": "heavy", "dataset": "d", "params": {}, "state": state,
        "cancelling": False, "created": 0.0, "started": 100.0, "ended": 190.0, "pid": None, "pid_started": None,
        "progress": Progress(), "error": None, "attempts": 1, **more,
    }  # fmt: skip
    return Job(**fields)


def test_a_kind_nobody_knows_is_called_by_its_name():
    assert job_words.kind_label(job()) == "Training"
    assert job_words.kind_label(job(kind="of-a-newer-version")) == "of-a-newer-version"


@pytest.mark.parametrize(
    ("position", "words"), [(3, "waiting, number 3 in the queue"), (1, "starting"), (None, "starting")]
)
def test_who_waits_is_told_the_number(position, words):
    assert job_words.stage(job("queued", position=position)) == words


def test_the_stage_is_what_the_work_says_of_itself():
    assert (
        job_words.stage(job("running", progress=Progress(stage=say(_("Laying out the folds")))))
        == "Laying out the folds"
    )
    assert job_words.stage(job("running")) == "starting"


def test_share_and_time_are_told_as_far_as_they_are_known():
    assert job_words.timing(job()) == "1 min 30 s so far"
    assert job_words.timing(job(progress=Progress(share=0.25))) == "25% · 1 min 30 s so far"
