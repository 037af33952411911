"""Encoder-decoders learn what a small set of pairs does, and say it of pairs they have not seen."""

import dataclasses

import numpy as np
import pytest
import torch

from core.catalog.language_models import ARCHITECTURES
from core.language.decoding.beam import beam, best
from core.language.tokens import Tokens
from core.language.training.pairs import PairModel, scheduled
from core.messages import UnusableData

TWO = {
    "red": "红",
    "blue": "蓝",
    "green": "绿",
    "black": "黑",
    "white": "白",
    "grey": "灰",
    "brown": "棕",
    "pink": "粉",
}
ONE = list(TWO)


def translations(n, seed):
    """Colours in English, then in Chinese the other way round."""
    random = np.random.default_rng(seed)
    drawn = [random.choice(ONE, random.integers(1, 5)) for _ in range(n)]
    return [(" ".join(words), "".join(TWO[word] for word in words[::-1])) for words in drawn]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "layers", "learning_rate"), [("encoder-decoder", 2, 3e-3), ("lstm-encoder-decoder", 1, 1e-2)]
)
def test_a_toy_translation_is_learned(name, layers, learning_rate):
    taught = translations(3000, 0)
    unseen = [pair for pair in translations(300, 1) if pair not in taught][:60]
    tokens = Tokens.train("bpe", [text for pair in taught[:400] for text in pair], 300)
    small = dataclasses.replace(
        ARCHITECTURES[name], width=64, feed_forward=128, layers=layers, dropout=0.0, batch=64,
        learning_rate=learning_rate, context=32,
    )  # fmt: skip
    model = PairModel(small, tokens)
    losses = [step.loss_nats for step in model.fit(taught, steps=300)]
    assert losses[-1] < losses[0]
    written = model.write([one for one, _two in unseen])
    right = np.mean([text == two for text, (_one, two) in zip(written, unseen, strict=True)])
    assert right > 0.8
    one, _two = unseen[0]
    path = best(list(beam(model.conditioned(one), [tokens.begin], width=4, max_tokens=20)))
    assert tokens.decode([node.token for node in path]) == written[0]


def test_too_few_pairs_are_said():
    with pytest.raises(UnusableData, match="3 pairs"):
        PairModel.of([("a", "b")] * 3)


def test_the_learning_rate_rises_then_falls():
    assert [scheduled(share) for share in (0.0, 0.05, 0.1, 0.55, 1.0)] == pytest.approx([0, 0.5, 1, 0.5, 0])


def test_training_stops_at_its_time_and_the_same_seed_learns_the_same():
    pairs = translations(40, 0)
    made = [PairModel.of(pairs, "lstm-encoder-decoder", seed=3) for _ in range(2)]
    losses = [[step.loss_nats for step in model.fit(pairs, steps=3)] for model in made]
    assert losses[0] == losses[1]
    torch.manual_seed(0)
    assert [step.share for step in made[0].fit(pairs, steps=10**6, seconds=1e-9)] == [1.0]
