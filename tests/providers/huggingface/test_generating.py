"""Transformers' own loop, handed on step by step: each text draws by itself, blind to the padding before it."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
import torch
from transformers import GenerationMixin

from core.providers.huggingface.generating import _Draw, _Over, generated
from core.results.language.laboratory import Decoding
from tests.providers.huggingface.conftest import causal

SCORES = torch.tensor([[2.0, 1.0, 0.0, -1.0]])


def drawn(settings, seeds=range(2000), ids=((0,),), n_padding=0):
    draw = _Draw(settings, list(seeds), [n_padding] * len(seeds))
    left = draw(torch.tensor(ids).expand(len(seeds), -1), SCORES.expand(len(seeds), -1))
    assert (left == 0).sum(dim=1).tolist() == [1] * len(seeds)
    return left.argmax(dim=1)


def test_tokens_are_drawn_as_often_as_they_are_likely():
    found = torch.bincount(drawn(Decoding(temperature=1, top_p=1)), minlength=4) / 2000
    assert found.tolist() == pytest.approx(SCORES[0].softmax(-1).tolist(), abs=0.04)


def test_what_was_there_is_less_likely_and_padding_was_not_there():
    greedy = Decoding(temperature=0, repetition_penalty=5)
    assert drawn(greedy, [0], [(0, 3)]).tolist() == [1]
    assert drawn(greedy, [0], [(0, 3)], n_padding=1).tolist() == [0]


def test_rows_that_are_over_end_and_all_do_when_nobody_waits():
    left = threading.Event()
    stop = _Over({1}, 2, left)
    ids = torch.zeros((4, 3), dtype=torch.long)  # two beams of each text
    assert stop(ids, ids).tolist() == [False, False, True, True]
    left.set()
    assert stop(ids, ids).tolist() == [True] * 4


def test_an_error_of_the_loop_is_raised_where_its_steps_are_read(monkeypatch):
    def broken(self, **inputs):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(GenerationMixin, "generate", broken)
    inputs = {"input_ids": torch.tensor([[3]]), "attention_mask": torch.tensor([[1]])}
    with closing(generated(causal(), inputs, Decoding(), [0], set())) as steps, pytest.raises(RuntimeError):
        list(steps)


def test_padding_before_a_prompt_does_not_count_as_repeated():
    model, settings = causal().eval(), Decoding(temperature=0, repetition_penalty=5, max_tokens=6)
    model.generation_config.eos_token_id = None
    with torch.no_grad():
        model.transformer.wte.weight *= 50  # so that tokens differ in likelihood

    def written(ids, mask):
        inputs = {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}
        with closing(generated(model, inputs, settings, [0] * len(ids), set())) as steps:
            return [step[0] for step in steps if step is not None]

    alone = [written([[first]], [[1]]) for first in range(3, 8)]
    beside = [written([[0, 0, 0, first], [5, 6, 7, 6]], [[0, 0, 0, 1], [1, 1, 1, 1]]) for first in range(3, 8)]
    assert beside == alone
    assert any(0 in tokens for tokens in alone)  # the padding's own token
