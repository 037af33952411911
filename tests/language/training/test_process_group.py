"""Data parallel training gives what one process gives."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, replace

import psutil
import pytest

from core.catalog.language_models import ARCHITECTURES
from core.jobs.processes import alive
from core.language.tokens import Tokens
from core.language.training.parallel_check import SAME, SPEC, check
from core.messages import UnusableData

TEXT = "The quick brown fox jumps over the lazy dog while seven wizards box. "
TINY = replace(ARCHITECTURES["transformer"], width=32, layers=1, heads=2, feed_forward=64, context=16, batch=4)


@pytest.mark.slow  # three processes that each import torch
def test_two_processes_train_the_same_weights_as_one(monkeypatch):
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    waiting = set()

    def look():
        children = [child for child in psutil.Process().children() if alive(child)]
        with suppress(psutil.Error):  # it has ended meanwhile
            waiting.update(child.environ().get("OMP_WAIT_POLICY") for child in children)

    tokens, documents = Tokens.train("bpe", [TEXT], 300), [TEXT * 4, TEXT[::-1] * 4]
    found = check(TINY, tokens, documents, n_processes=2, steps=12, stopped=look)
    assert waiting == {"PASSIVE"}  # threads that spin would take the other's core
    assert found.largest_difference <= SAME == 1e-5
    assert found.same
    assert found.one_seconds > 0
    assert found.speed_up == pytest.approx(found.one_seconds / found.many_seconds)


def test_a_batch_that_cannot_be_divided_is_told():
    with pytest.raises(UnusableData):
        check(TINY, Tokens.train("bpe", [TEXT], 300), [TEXT], n_processes=3)


@pytest.mark.slow  # starts a process that imports torch
def test_a_part_ends_when_its_parent_is_killed(tmp_path):
    Tokens.train("bpe", [TEXT], 300).save(tmp_path / "tokenizer.json")
    spec = {"architecture": asdict(TINY), "documents": [TEXT * 4], "steps": 10**6, "seed": 0, "double": False}
    (tmp_path / SPEC).write_text(json.dumps(spec))
    starts = (
        "import sys, time; from pathlib import Path; from core.jobs.processes import start_module; "
        "place = sys.argv[1]; "
        "child = start_module('core.language.training.parallel_check', [place, '0', '1'], Path(place) / 'log'); "
        "print(child.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", starts, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    child = psutil.Process(int(parent.stdout.readline()))
    time.sleep(0.5)
    assert child.is_running()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    _gone, alive = psutil.wait_procs([child], timeout=30)
    assert not alive
