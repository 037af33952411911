"""A text taken apart by its token states."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from core.encode.finetuning.encoder import TunedEncoder
from core.encode.frozen import FrozenEncoder
from core.encode.pca import Condensed
from core.explain.text import token_states
from core.explain.text.spans import pieces

LONG = "The office sent a note. It was awful, and the parcel arrived late! An order from our kind office with a note."


def test_all_words_by_token_states_are_the_text_as_it_is_encoded():
    encoder = FrozenEncoder().fit([])
    found = token_states.words(encoder, LONG, pieces(LONG, "en"))
    everything = np.ones((1, len(found.counts)))
    assert float(found.vectors(everything)[0] @ encoder.transform([LONG])[0]) == pytest.approx(1, abs=1e-3)
    weights = np.random.default_rng(0).normal(size=encoder.n_features_out_)
    slopes = found.slopes(lambda rows: rows @ weights)
    length = np.linalg.norm(found.rest + found.sums.sum(axis=0))
    whole = float(found.vectors(everything)[0] @ weights)
    assert slopes.sum() + float(found.rest @ weights) / length == pytest.approx(whole)
    assert found.slopes(lambda rows: (rows[:, 0] > found.vectors(everything)[0, 0]).astype(float)) is None


def test_each_token_belongs_to_the_word_it_ends_in():
    row = SimpleNamespace(
        ids=list(range(7)), special_tokens_mask=[1, 0, 0, 0, 0, 0, 1],
        offsets=[(0, 0), (0, 2), (2, 4), (4, 5), (5, 8), (7, 7), (0, 4)],
    )  # fmt: skip
    # two pieces of the first word, the space, a piece with a space before it, an empty one, and marks at both ends
    assert token_states.owners(row, [(0, 4), (6, 8)]).tolist() == [-1, 0, 0, -1, 1, -1, -1]
    assert token_states.owners(row, [(5, 8)]).tolist() == [-1, -1, -1, -1, 0, -1, -1]


def test_words_left_out_by_hand():
    sums, rest = np.array([[2.0, 0.0], [0.0, 6.0]]), np.array([1.0, 0.0])
    found = token_states.Words(sums, np.array([1, 3]), rest, 1, lambda rows: rows)
    kept = found.vectors(np.array([[1, 1], [1, 0], [0, 1], [0, 0]]))
    # means (3, 6) / 5, (3, 0) / 2, (1, 6) / 4 and (1, 0), each of length 1
    expected = np.array([[3, 6], [3, 0], [1, 6], [1, 0]])
    assert kept == pytest.approx(expected / np.linalg.norm(expected, axis=1, keepdims=True))
    alone = token_states.Words(sums, np.array([1, 3]), 0 * rest, 0, lambda rows: rows)
    assert alone.vectors(np.array([[0, 0]])).tolist() == [[0, 0]]
    # a weighted sum's slope is the word's part of the whole row; of a product it is its derivative
    assert found.slopes(lambda rows: rows @ [5.0, 1.0]) == pytest.approx(np.array([10, 6]) / 45**0.5)
    assert found.slopes(lambda rows: rows[:, 0] * rows[:, 1]) == pytest.approx(np.array([12, 18]) / 45)
    assert found.slopes(lambda rows: 0 * rows[:, 0]) is None
    bent = found.slopes(lambda rows: np.sign(rows[:, 0] - 0.447) * np.abs(rows[:, 0] - 0.447) ** 0.5)
    assert bent is None  # another slope at twice the step


def test_only_means_over_tokens_are_taken_apart():
    spans = pieces(LONG, "en")
    assert token_states.words(FrozenEncoder(pooling="first").fit([]), LONG, spans) is None
    condensed = Condensed(FrozenEncoder(), 0.9).fit([*LONG.split(), LONG])
    found = token_states.words(condensed, LONG, spans)
    assert found.vectors(np.ones((1, len(spans)))).shape == (1, condensed.n_components_)


def test_a_tuned_encoder_is_taken_apart_by_its_own_states():
    encoder, plain = TunedEncoder(), FrozenEncoder().fit([])
    encoder.revision_, encoder.n_features_out_ = plain.revision_, plain.n_features_out_
    encoder.weights_ = {}  # trained no further
    found = token_states.words(encoder, LONG, pieces(LONG, "en"))
    everything = np.ones((1, len(found.counts)))
    assert found.vectors(everything) == pytest.approx(encoder.transform([LONG]), abs=1e-5)
