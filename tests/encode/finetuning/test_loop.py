"""The loop of tuning: its learning rate by hand, its steps those of torch's AdamW, and going on where it stood."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from core.encode.finetuning import loop
from core.encode.finetuning.loop import MOST_NORM, Training, _share, padded_tokens, step_seconds, train
from core.encode.finetuning.objectives import Number

X, Y = np.random.default_rng(0).normal(size=(12, 3)), np.arange(12.0)
BATCHES = [np.arange(start, start + 4) for start in (0, 4, 8, 2, 6)]


def body() -> SimpleNamespace:
    """Rows that are given, with nothing to train beneath the head."""
    rows = torch.tensor(X, dtype=torch.float32)
    return SimpleNamespace(pairs=[], rate=1e-4, rows=lambda places: rows[places], examples=[[1] * n for n in (3, 7, 5)])


@pytest.mark.parametrize(
    ("n_steps", "shares"),
    [
        (10, [1, 1, 8 / 9, 7 / 9, 6 / 9, 5 / 9, 4 / 9, 3 / 9, 2 / 9, 1 / 9, 0]),
        (20, [1 / 2, 1, 1, 17 / 18, 16 / 18]),
        (1, [1, 0]),
        (2, [1, 1, 0, 0]),
    ],
)
def test_the_rate_rises_over_a_tenth_of_the_steps_and_falls_to_nothing(n_steps, shares):
    assert [_share(step, n_steps) for step in range(len(shares))] == pytest.approx(shares)


def test_steps_are_those_of_adamw():
    aim = Number(3, Y, seed=0)
    rates, made = [], Training(body(), aim, len(BATCHES), head_rate=0.5)
    losses = []
    for step in made.steps(BATCHES, 1):
        losses.append(step.loss)
        rates.append(made.optimiser.param_groups[0]["lr"])
        assert (step.number, step.n_steps) == (len(losses), 5)
    assert rates == pytest.approx([0.5 * _share(step, 5) for step in range(1, 6)])
    same = Number(3, Y, seed=0)
    optimiser = torch.optim.AdamW(same.parameters(), lr=0.5)
    expected = []
    for number, places in enumerate(BATCHES):
        optimiser.param_groups[0]["lr"] = 0.5 * _share(number, 5)
        optimiser.zero_grad()
        loss = same.loss(torch.tensor(X, dtype=torch.float32)[places], places)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(same.parameters(), MOST_NORM)
        optimiser.step()
        expected.append(loss.item())
    assert losses == pytest.approx(expected, rel=1e-4)
    assert torch.allclose(aim.head.weight, same.head.weight, atol=1e-5)


def test_a_training_goes_on_from_its_state_as_if_nothing_had_happened():
    whole, first, later = Number(3, Y, seed=0), Number(3, Y, seed=0), Number(3, Y, seed=9)
    losses = [step.loss for step in Training(body(), whole, 5, 0.5).steps(BATCHES, 1)]
    begun = Training(body(), first, 5, 0.5)
    found = []
    for step in begun.steps(BATCHES, 1):
        found.append(step.loss)
        if step.number == 2:
            break
    again = Training(body(), later, 5, 0.5)
    again.resume({name: value.clone() for name, value in begun.state().items()})
    assert again.done == 2
    steps = list(again.steps(BATCHES, 1))
    assert [step.number for step in steps] == [3, 4, 5]
    assert [*found, *(step.loss for step in steps)] == pytest.approx(losses, rel=1e-5)
    assert torch.allclose(later.head.weight, whole.head.weight, atol=1e-6)


def test_weights_are_copied_and_put_back():
    aim = Number(3, Y, seed=0)
    before = aim.head.weight.detach().clone()
    made = Training(body(), aim, 5, 0.5)
    kept = made.weights()
    list(made.steps(BATCHES, 1))
    assert not torch.allclose(aim.head.weight, before)
    assert torch.equal(kept[0], before)
    made.put_back(kept)
    assert torch.equal(aim.head.weight, before)


def test_a_step_is_timed_by_a_few_and_its_padding_counted():
    assert 0 < step_seconds(body(), Number(3, Y, seed=0), np.arange(4), 1) < 5
    assert padded_tokens(body(), np.array([0, 1, 2])) == 21
    assert padded_tokens(body(), np.array([0, 2])) == 10
    assert len(list(train(body(), Number(3, Y, seed=0), BATCHES, 1))) == 5


def test_a_slow_step_is_timed_twice_since_the_first_warms_up(monkeypatch):
    monkeypatch.setattr(loop, "PROBE_SECONDS", 0.0)
    made, inner = [], loop.train
    monkeypatch.setattr(loop, "train", lambda *given: (made.append(step) or step for step in inner(*given)))
    step_seconds(body(), Number(3, Y, seed=0), np.arange(4), 1)
    assert len(made) == 2
