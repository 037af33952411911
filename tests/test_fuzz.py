"""The fuzzer runs, tells what it did, and a planted fault is found, kept and found again."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from core.data.reading import read_files
from scripts.fuzz import __main__ as fuzz
from scripts.fuzz import hunt as hunts
from scripts.fuzz import readers
from scripts.fuzz.hunt import Hang, Hunt, no_longer_than

ROOT = hunts.KEPT.parents[1]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(hunts, "KEPT", tmp_path / "build" / "fuzz")
    return tmp_path / "build" / "fuzz"


def attack(hunt: Hunt):
    return lambda chosen, number: weak_at_large_numbers(hunt, chosen, number)


def weak_at_large_numbers(hunt: Hunt, chosen: settings, number: int) -> None:
    @seed(number)
    @chosen
    @given(st.integers(0, 1000))
    def tried(n: int) -> None:
        with hunt.trying(str(n)):
            assert n < 500

    tried()


def test_a_fault_is_found_once_and_kept_and_found_again(kept):
    first, again = Hunt("weak"), Hunt("weak")
    first.run(attack(first), 0.5, 7)
    assert len(first.faults) == 1
    assert first.executions > 1
    [file] = kept.iterdir()
    assert int(json.loads(file.read_text())["input"]) >= 500
    again.replay(attack(again))
    assert again.faults == first.faults


def test_nothing_kept_is_nothing_to_replay(kept):
    hunt = Hunt("weak")
    hunt.replay(attack(hunt))
    assert hunt.executions == 0


def test_what_takes_too_long_is_a_fault():
    with pytest.raises(Hang), no_longer_than(0.05):
        time.sleep(5)


def test_a_reader_that_fails_is_found(kept, monkeypatch):
    def failing(paths, *others, **named):
        if b"\0" in paths[0].read_bytes():
            raise ZeroDivisionError
        return read_files(paths, *others, **named)

    monkeypatch.setattr(readers, "read_files", failing)
    found = Hunt("readers")
    quick = settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    found.run(lambda _chosen, number: readers.attack(found, quick, number), 3, 0)
    assert any(place.startswith("ZeroDivisionError") for place in found.faults)


@pytest.mark.parametrize(
    "target", [*(pytest.param(name, marks=pytest.mark.slow) for name in fuzz.TARGETS[:-1]), "readers"]
)
def test_every_target_is_attacked(target):
    """A short hunt, always the same one."""
    command = [sys.executable, "-m", "scripts.fuzz", "--here", "--target", target, "--seconds", "1", "--seed", "3"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told["executions"] > 0
    assert (told["faults"], ended.returncode) == (0, 0), told


def test_every_target_has_its_module():
    assert all(callable(importlib.import_module(f"scripts.fuzz.{name}").attack) for name in fuzz.TARGETS)
