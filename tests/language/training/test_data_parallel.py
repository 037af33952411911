"""A training shared by two processes goes the way of one, stops, is resumed, and leaves no process behind."""

from __future__ import annotations

from dataclasses import replace

import psutil
import pytest
import torch.distributed as dist

from core.catalog.language_models import ARCHITECTURES
from core.jobs.processes import alive
from core.language.tokens import Tokens
from core.language.training.data_parallel import Shared, helped
from core.language.training.loop import Step, Training
from core.messages import UnusableData

TEXT = "The quick brown fox jumps over the lazy dog while seven wizards box. "
DOCUMENTS = [TEXT * 4, TEXT[::-1] * 4]
TINY = replace(
    ARCHITECTURES["transformer"], width=32, layers=1, heads=2, feed_forward=64, context=16, batch=4, dropout=0.0
)
STEPS = 12

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def tokens():
    return Tokens.train("bpe", [TEXT], 300)


def shared(tokens, **settings):
    return Shared(
        TINY, tokens, DOCUMENTS, DOCUMENTS, **{"seconds": 0, "steps": STEPS, "rank": 0, "total": 2} | settings
    )


def losses(training):
    return [event.loss_nats for event in training.run() if isinstance(event, Step)]


class Stopped(Exception):
    """Whoever asked for the training does not want it any more."""


def stopped(training=None, folder=None):
    """At once, or after half of the steps, which are kept."""
    for event in training.run() if training else ():
        if isinstance(event, Step) and event.number == STEPS // 2:
            training.save(folder)
            break
    raise Stopped


def nobody_left():
    return not [child for child in psutil.Process().children() if alive(child) and "together" in child.cmdline()[-4]]


@pytest.mark.slow  # starts a process that imports torch
def test_two_processes_go_the_way_of_one(tokens, tmp_path):
    alone = losses(Training(TINY, tokens, DOCUMENTS, DOCUMENTS, seconds=0, steps=STEPS))
    training = shared(tokens)
    with helped([training], DOCUMENTS, [tmp_path / "none"], tmp_path, lambda: None):
        together = losses(training)
    assert len(together) == STEPS
    assert together == pytest.approx(alone, rel=1e-3)
    assert not dist.is_initialized()
    assert nobody_left()


@pytest.mark.slow
def test_a_budget_is_the_same_number_of_steps_for_all(tokens, tmp_path):
    first, second = shared(tokens, steps=None, seconds=0.5), shared(tokens, steps=3, seed=1)
    with helped([first, second], DOCUMENTS, [tmp_path / "a", tmp_path / "b"], tmp_path, lambda: None):
        curves = [losses(second), losses(first)]  # a helper that counted other steps would wait for ever
    assert len(curves[0]) == 3
    assert len(curves[1]) == first.progress.n_steps > 1


@pytest.mark.slow
def test_one_that_was_stopped_goes_on_where_it_was(tokens, tmp_path):
    places = [tmp_path / name for name in ("whole", "half", "rest")]
    for place in places:
        place.mkdir()
    whole = shared(tokens)
    with helped([whole], DOCUMENTS, [tmp_path / "none"], places[0], lambda: None):
        undisturbed = losses(whole)
    half = shared(tokens)
    with pytest.raises(Stopped), helped([half], DOCUMENTS, [tmp_path / "none"], places[1], lambda: None):
        stopped(half, tmp_path / "kept")
    assert not dist.is_initialized()
    assert nobody_left()
    rest = shared(tokens)
    assert rest.resume(tmp_path / "kept")
    with helped([rest], DOCUMENTS, [tmp_path / "kept"], places[2], lambda: None):
        assert losses(rest) == pytest.approx(undisturbed[STEPS // 2 :], rel=1e-4)


def test_whoever_waits_for_the_helpers_can_be_stopped(tokens, tmp_path):
    with pytest.raises(Stopped), helped([shared(tokens)], DOCUMENTS, [tmp_path / "none"], tmp_path, stopped):
        pytest.fail("it did not wait")
    assert nobody_left()


def test_a_batch_that_cannot_be_divided_is_told(tokens):
    with pytest.raises(UnusableData):
        shared(tokens, total=3)
