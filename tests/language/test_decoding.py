"""Decoding against hand-worked cases, beam search against trying everything, streams against whole texts."""

import itertools

import numpy as np
import pytest

from core.language.decoding import shape
from core.language.decoding.beam import beam, best
from core.language.decoding.growing import Growing
from core.language.decoding.sample import samples, texts
from core.language.tokens import Tokens
from core.results.language.laboratory import Decoding

P = np.array([0.5, 0.3, 0.15, 0.05])
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


def test_temperature_by_hand():
    halves = shape.at_temperature(P, 0.5)  # squares: .25 .09 .0225 .0025, together .365
    np.testing.assert_allclose(halves, np.array([0.25, 0.09, 0.0225, 0.0025]) / 0.365)
    np.testing.assert_array_equal(shape.at_temperature(P, 0), [1, 0, 0, 0])


def test_narrowing_by_hand():
    np.testing.assert_allclose(shape.top_k(P, 2), [0.625, 0.375, 0, 0])
    np.testing.assert_allclose(shape.top_p(P, 0.8), [0.625, 0.375, 0, 0])
    np.testing.assert_allclose(shape.top_p(P, 0.81), P * [1, 1, 1, 0] / 0.95)
    np.testing.assert_allclose(shape.top_p(P, 0.1), [1, 0, 0, 0])
    np.testing.assert_allclose(shape.min_p(P, 0.3), P * [1, 1, 1, 0] / 0.95)  # .15 is .3 of .5


def test_repetition_penalty_by_hand():
    squared = shape.repeated_less(P, 2, [0, 0])
    np.testing.assert_allclose(squared, np.array([0.25, 0.3, 0.15, 0.05]) / 0.75)


def test_stages_are_in_order_and_all_sum_to_one():
    settings = Decoding(temperature=0.5, top_k=3, top_p=0.9, min_p=0.1, repetition_penalty=2)
    found = dict(shape.stages(np.log(P), settings, [0]))
    assert list(found) == ["model", "repetition_penalty", "temperature", "top_k", "top_p", "min_p"]
    assert all(abs(p.sum() - 1) < 1e-12 for p in found.values())
    # after the penalty ∝ .25 .3 .15 .05; squared ∝ .0625 .09 .0225; of .175 top-p needs all, min-p cuts none
    np.testing.assert_allclose(shape.shaped(np.log(P), settings, [0]), np.array([0.0625, 0.09, 0.0225, 0]) / 0.175)


def test_draws_are_as_frequent_as_their_probabilities():
    random = np.random.default_rng(0)
    counted = np.bincount([shape.drawn(P, random) for _ in range(20_000)], minlength=4)
    np.testing.assert_allclose(counted / 20_000, P, atol=0.012)
    assert all(shape.drawn(np.array([0.0, 1.0, 0.0]), random) == 1 for _ in range(10))


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


def test_same_seed_same_text_however_many_are_written(tokens):
    model = Table(tokens, list(range(tokens.size)))
    first, again, alone = texts(model, "今", PLAIN, 3), texts(model, "今", PLAIN, 3), texts(model, "今", PLAIN)
    assert first == again
    assert alone == first[:1]
    assert len(set(first)) == 3
    assert texts(model, "今", PLAIN.model_copy(update={"seed": 1})) != alone


def test_pieces_join_to_the_whole_text_and_no_character_comes_out_half(tokens):
    characters = "雨很鑫🙂"
    data = characters.encode()
    single = [int(token) for token in tokens.encode("鑫🙂")]  # not in the vocabulary: written as bytes
    assert len(single) == 7
    growing = Growing()
    shown = [growing.add(bytes([byte])) for byte in data]
    assert "".join(shown) + growing.end() == characters
    assert all("\ufffd" not in piece for piece in shown)
    model = Table(tokens, [int(token) for token in tokens.encode(characters)])
    pieces = list(samples(model, "", PLAIN))
    written = tokens.decode([piece.token for piece in pieces])
    assert "".join(piece.text for piece in pieces) == written


def test_a_stop_string_ends_the_text_and_its_beginning_is_never_shown():
    growing = Growing(["END", "\n\n"])
    shown = [growing.add(part.encode()) for part in ["one E", "N", "E\n", "two EN", "D three"]]
    assert shown == ["one ", "", "ENE", "\ntwo ", ""]
    assert growing.stopped
    assert growing.end() == ""
    unmet = Growing(["END"])
    assert unmet.add(b"the EN") + unmet.end() == "the EN"


def test_sampling_stops_at_a_stop_string(tokens):
    letters = [int(tokens.encode(letter)[0]) for letter in "今天气很好"]
    model = Table(tokens, letters)
    free = texts(model, "", PLAIN)[0]
    stop = free[5:7]
    pieces = list(samples(model, "", PLAIN, stop=[stop]))
    assert "".join(piece.text for piece in pieces) == free[: free.index(stop)]
    assert pieces[-1].ended == "stop"
