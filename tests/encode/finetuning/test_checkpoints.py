"""A training kept on disk: every so many seconds, taken up by the same training alone, gone once it ended."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from core.encode.finetuning import checkpoints
from core.encode.finetuning.checkpoints import SECONDS, Checkpoint, checkpoint_to
from core.messages import Cancelled


@pytest.fixture
def passing(monkeypatch):
    """Seconds that pass when told to."""
    now = SimpleNamespace(seconds=1000.0)
    monkeypatch.setattr(checkpoints, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    return now


def test_a_file_is_written_once_enough_was_done_since_the_last_one(passing, tmp_path):
    file, told = tmp_path / "deep" / "training.safetensors", []
    with checkpoint_to(file):
        kept = Checkpoint("a")
        for step, seconds in enumerate((SECONDS - 0.1, 0.1, SECONDS - 0.1, 0.2, SECONDS)):
            passing.seconds += seconds
            kept.save({"step": torch.tensor(step)})
            found = kept.load()
            told.append(None if found is None else found["step"].item())
        assert Checkpoint("b").load() is None  # another training
        file.write_bytes(b"torn")
        assert kept.load() is None
    assert told == [None, 1, 1, 3, 4]


def test_nothing_is_kept_unless_somebody_asks(passing, tmp_path):
    kept = Checkpoint("a")
    passing.seconds += 10 * SECONDS
    kept.save({"step": torch.tensor(1)})
    assert kept.load() is None
    assert kept.file is None


@pytest.mark.parametrize(("ends", "stays"), [(None, False), (ValueError, False), (Cancelled, True)])
def test_a_file_stays_only_where_somebody_stopped_the_work(ends, stays, tmp_path):
    file = tmp_path / "training.safetensors"

    def work():
        with checkpoint_to(file):
            with checkpoint_to(tmp_path / "inner"):
                assert Checkpoint("a").file == tmp_path / "inner"
            assert Checkpoint("a").file == file
            file.write_bytes(b"kept")
            if ends is not None:
                raise ends("over")

    if ends is None:
        work()
    else:
        with pytest.raises(ends):
            work()
    assert file.exists() == stays
    assert Checkpoint("a").file is None
