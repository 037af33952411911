"""Sampling: the seed decides each text, a stop string ends it."""

import numpy as np
import pytest

from core.language.decoding.sample import samples, texts
from core.language.tokens import Tokens
from core.results.language.laboratory import Decoding

PLAIN = Decoding(temperature=1, top_p=1, max_tokens=40)


@pytest.fixture(scope="module")
def tokens():
    return Tokens.train("characters", ["今天天气很好。明天会下雨吗？"], 262)


class Table:
    """A hand-made model: the next token depends on the last two through a fixed table."""

    def __init__(self, tokens, allowed, seed=0, sharpness=2.0):
        self.tokens, self.context = tokens, 2
        random = np.random.default_rng(seed)
        scores = random.normal(size=(tokens.size, 7, tokens.size)) * sharpness
        others = np.setdiff1d(np.arange(tokens.size), allowed)
        scores[..., others] = -np.inf
        self.table = (scores - np.log(np.exp(scores).sum(-1, keepdims=True))).astype(np.float32)

    def start(self):
        return (0, 0)

    def step(self, state, token):
        state = (state[1], token)
        return self.table[state[1], state[0] % 7], state


def test_same_seed_same_text_however_many_are_written(tokens):
    model = Table(tokens, list(range(tokens.size)))
    first, again, alone = texts(model, "今", PLAIN, 3), texts(model, "今", PLAIN, 3), texts(model, "今", PLAIN)
    assert first == again
    assert alone == first[:1]
    assert len(set(first)) == 3
    assert texts(model, "今", PLAIN.model_copy(update={"seed": 1})) != alone


def test_sampling_stops_at_a_stop_string(tokens):
    letters = [int(tokens.encode(letter)[0]) for letter in "今天气很好"]
    model = Table(tokens, letters)
    free = texts(model, "", PLAIN)[0]
    stop = free[5:7]
    pieces = list(samples(model, "", PLAIN, stop=[stop]))
    assert "".join(piece.text for piece in pieces) == free[: free.index(stop)]
    assert pieces[-1].ended == "stop"
