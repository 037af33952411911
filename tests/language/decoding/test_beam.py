"""Beam search against trying everything."""

import itertools

import pytest

from core.language.decoding.beam import beam, best
from core.language.decoding.sample import samples
from core.language.tokens import Tokens
from core.results.language.laboratory import Decoding
from tests.language.decoding.test_sample import Table


@pytest.fixture(scope="module")
def tokens():
    return Tokens.train("characters", ["今天天气很好。明天会下雨吗？"], 262)


@pytest.mark.parametrize("length_penalty", [0.0, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_beam_search_finds_what_trying_everything_finds(tokens, length_penalty, seed):
    letters = [tokens.begin, *(int(tokens.encode(letter)[0]) for letter in "今天气")]
    model = Table(tokens, letters, seed)

    def score(path):
        state, total = model.step(model.start(), tokens.begin)[1], 0.0
        following = model.step(model.start(), tokens.begin)[0]
        for token in path:
            total += following[token]
            following, state = model.step(state, token)
        return total / len(path) ** length_penalty

    whole = [
        (*path, tokens.begin) if n < 4 else path
        for n in range(5)
        for path in itertools.product(letters[1:], repeat=n)
        if n < 4 or len(path) == 4
    ]
    whole += [(*path, tokens.begin) for path in itertools.product(letters[1:], repeat=3)]
    levels = list(beam(model, [tokens.begin], width=64, max_tokens=4, length_penalty=length_penalty))
    found = best(levels)
    expected = max((path for path in whole if path), key=score)
    assert tuple(node.token for node in found) == expected
    assert found[-1].score == pytest.approx(score(expected), abs=1e-5)


def test_a_beam_of_one_is_greedy(tokens):
    letters = [int(tokens.encode(letter)[0]) for letter in "今天气很好"]
    model = Table(tokens, letters)
    path = best(list(beam(model, [tokens.begin], width=1, max_tokens=6)))
    greedy = [piece.token for piece in samples(model, "", Decoding(temperature=0, max_tokens=6))]
    assert [node.token for node in path] == greedy
