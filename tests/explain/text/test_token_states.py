"""A text taken apart by its token states."""

from __future__ import annotations

import numpy as np
import pytest

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


def test_only_means_over_tokens_are_taken_apart():
    spans = pieces(LONG, "en")
    assert token_states.words(FrozenEncoder(pooling="first").fit([]), LONG, spans) is None
    condensed = Condensed(FrozenEncoder(), 0.9).fit([*LONG.split(), LONG])
    found = token_states.words(condensed, LONG, spans)
    assert found.vectors(np.ones((1, len(spans)))).shape == (1, condensed.n_components_)
