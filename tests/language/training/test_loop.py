"""The training loop: it learns, it goes on as if never stopped, its rates and batches are what they should be."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch
from torch import nn

from core.catalog.language_models import ARCHITECTURES
from core.language.tokens import Tokens
from core.language.training.loop import LOWEST, Batches, Step, Training, Validated, scheduled
from core.language.training.rate_finder import find, judged
from core.language.training.validation import Held, validation_loss
from core.results.language.laboratory import FinderCurve, FinderPoint

SENTENCE = "the quick brown fox jumps over the lazy dog while seven wizards box. "
TINY = replace(
    ARCHITECTURES["transformer"], width=32, layers=1, heads=2, feed_forward=64, context=16, batch=4, dropout=0.0
)


@pytest.fixture(scope="module")
def tokens():
    return Tokens.train("bpe", [SENTENCE * 3], 300)


def training(tokens, steps, architecture=TINY, documents=(SENTENCE * 2, SENTENCE[::-1])):
    return Training(architecture, tokens, list(documents), [SENTENCE], seconds=60, steps=steps, seed=3)


@pytest.mark.parametrize("kind", ["transformer", "lstm"])
def test_a_sequence_is_learned_by_heart(tokens, kind):
    architecture = replace(TINY, kind=kind, width=64, learning_rate=2e-2, context=64, weight_decay=0.0)
    one = training(tokens, 200, architecture, [SENTENCE * 8])
    losses = [event.loss_nats for event in one.run() if isinstance(event, Step)]
    assert losses[0] == pytest.approx(math.log(tokens.size), rel=0.2)  # knows nothing: all tokens alike
    assert losses[-1] < 0.05


@pytest.mark.parametrize("kind", ["transformer", "lstm"])
def test_a_resumed_training_goes_on_as_if_never_stopped(tokens, tmp_path, kind):
    architecture = replace(TINY, kind=kind, dropout=0.3, tied=True)  # dropout must fall the same way too
    whole = training(tokens, 30, architecture)
    told = list(whole.run())
    first = training(tokens, 30, architecture)
    before = list(islice(first.run(), 17))
    first.save(tmp_path)
    second = training(tokens, 30, architecture)
    torch.manual_seed(99)
    assert second.resume(tmp_path)
    after = list(second.run())
    assert [key(event) for event in before + after] == [key(event) for event in told]
    for name, weight in whole.network.state_dict().items():
        assert torch.equal(weight, second.network.state_dict()[name]), name
    states = [each.optimiser.state_dict()["state"] for each in (whole, second)]
    assert states[0].keys() == states[1].keys()
    for number, one in states[0].items():
        assert all(torch.equal(one[name], states[1][number][name]) for name in ("step", "exp_avg", "exp_avg_sq"))
    whole.keep_best()
    second.keep_best()
    for name, weight in whole.network.state_dict().items():
        assert torch.equal(weight, second.network.state_dict()[name]), name


def key(event):
    """An event without the time it took."""
    return event.loss_nats, getattr(event, "number", None) or event.step


def test_a_budget_of_time_becomes_a_number_of_steps(tokens):
    one = Training(TINY, tokens, [SENTENCE * 4], [SENTENCE], seconds=0.15)
    last = [event for event in one.run() if isinstance(event, Step)][-1]
    assert last.number == one.progress.n_steps >= 8
    assert last.learning_rate == pytest.approx(TINY.learning_rate * LOWEST, rel=0.2)  # the cosine came to its end


def test_it_stops_when_validation_gets_no_better(tokens):
    hopeless = Training(
        replace(TINY, learning_rate=1e-2), tokens, [SENTENCE * 4], ["zyx wvu tsr qpo"], seconds=60, steps=240
    )
    looks = [event for event in hopeless.run() if isinstance(event, Validated)]
    assert hopeless.progress.stopped
    assert hopeless.progress.step < 240
    hopeless.keep_best()
    nats, told = validation_loss(hopeless.network, hopeless.validation, tokens.begin)
    assert nats / told == pytest.approx(min(look.loss_nats for look in looks), rel=1e-5)


def test_validation_is_what_the_model_says_token_by_token(tokens):
    one = training(tokens, 5)
    list(one.run())
    ids = tokens.document(SENTENCE)[: TINY.context]
    told = one.model.log_probabilities(ids)
    by_hand = -sum(told[place, following] for place, following in enumerate([*ids[1:], tokens.begin]))
    one.validation = replace(one.validation, documents=[ids])
    assert validation_loss(one.network, one.validation, tokens.begin)[0] == pytest.approx(by_hand, rel=1e-4)


def test_a_document_longer_than_the_window_is_read_in_windows(tokens):
    one = training(tokens, 3)
    list(one.run())
    ids = np.append(tokens.document(SENTENCE * 2), tokens.begin)
    assert len(ids) > 2 * TINY.context
    by_hand = 0.0
    for start in range(0, len(ids) - 1, TINY.context):  # each window knows nothing of the one before
        told = one.model.log_probabilities(ids[start : start + TINY.context])
        following = ids[start + 1 : start + 1 + TINY.context]
        by_hand -= sum(told[place, token] for place, token in enumerate(following))
    short = tokens.document("fox box")
    for_short = one.model.log_probabilities(short)
    by_hand -= sum(for_short[place, token] for place, token in enumerate([*short[1:], tokens.begin]))
    held = replace(one.validation, documents=[short, ids[:-1]])
    nats, told = validation_loss(one.network, held, tokens.begin)
    assert told == len(short) + len(ids) - 1  # every token after the first <s>, and both ends
    assert nats == pytest.approx(by_hand, rel=1e-4)


def test_a_model_that_says_four_alike_is_surprised_by_log_four(tokens):
    class Alike(torch.nn.Module):
        window = 16

        def forward(self, ids):
            return torch.zeros(*ids.shape, 4)

    held = Held([np.array([0, 1, 2]), np.array([0])], n_bytes=2)
    nats, told = validation_loss(Alike(), held, 0)
    assert told == 4  # 1, 2 and the end; and the end of the empty one
    assert nats == pytest.approx(4 * math.log(4))


def test_the_learning_rate_rises_in_a_line_and_falls_as_half_a_cosine():
    assert scheduled(5, 200) == pytest.approx(0.5)
    assert scheduled(10, 200) == pytest.approx(1.0)
    assert scheduled(105, 200) == pytest.approx(LOWEST + (1 - LOWEST) / 2)
    assert scheduled(200, 200) == pytest.approx(LOWEST)


def test_one_pass_shows_every_token_once_and_each_pass_is_shuffled_anew():
    documents = [np.arange(10 * n + 1, 10 * n + 10) for n in range(7)]  # 9 tokens each, 0 begins a document
    batches = Batches(documents, begin=0, context=5, batch=2, seed=1)
    assert batches.per_pass == 6  # 7 times 10 tokens, 10 per step, the last of them only predicted
    first = torch.cat([batches.at(step)[:, :-1].flatten() for step in range(6)])
    numbers, counts = np.unique(first[first > 0], return_counts=True)
    assert set(counts) == {1}
    assert len(numbers) >= 53
    rows = batches.at(2)
    assert torch.equal(rows[0, -1], rows[1, 0])  # the last of a row is the first of the next
    assert not torch.equal(batches.at(0), batches.at(6))
    assert torch.equal(batches.at(2), rows)


def test_the_finder_names_the_steepest_place_of_a_valley():
    rates = [10 ** (-5 + place / 10) for place in range(51)]
    valley = [4 - 3 * math.exp(-(((math.log10(rate) + 2) / 1.0) ** 2)) for rate in rates]  # lowest at 0.01
    points = [FinderPoint(learning_rate=rate, loss_nats=loss) for rate, loss in zip(rates, valley, strict=True)]
    found = judged(FinderCurve(model="x", points=points))
    steepest = 10 ** (-2 - 1 / math.sqrt(2))  # where the second derivative of the bell is zero
    assert found.steepest == pytest.approx(steepest, rel=0.15)
    assert found.suggested == pytest.approx(0.001)  # a tenth of the lowest is the more careful
    assert judged(FinderCurve(model="x", points=points[30:])).suggested is None  # only rises


def test_the_finder_leaves_the_training_as_it_was(tokens):
    one = training(tokens, 10)
    before = {name: weight.clone() for name, weight in one.network.state_dict().items()}
    found = find(one, steps=60)
    assert 1e-5 < found.suggested < 1
    assert all(torch.equal(weight, before[name]) for name, weight in one.network.state_dict().items())


def test_dropout_falls_with_the_passes_over_the_text(tokens):
    architecture = replace(TINY, dropout=0.4)
    for passes, expected in ((16, 0.4), (4, 0.2)):
        one = Training(architecture, tokens, [SENTENCE * 40], [SENTENCE], seconds=60, steps=1)
        one.progress.n_steps = passes * one.batches.per_pass
        next(one.run())
        assert {module.p for module in one.network.modules() if isinstance(module, nn.Dropout)} == {expected}
