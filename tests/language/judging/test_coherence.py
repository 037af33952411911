"""Neighbouring sentences of real text are nearer than shuffled ones."""

from __future__ import annotations

from itertools import chain

from core.encode.frozen import FrozenEncoder
from core.language import bundled_corpus
from core.language.judging.coherence import coherence, shuffled, spoken


def test_real_text_coheres_more_than_its_sentences_shuffled():
    split = [one for text in bundled_corpus.documents()[:400] if len(one := spoken(text)) > 2][:25]
    encoder = FrozenEncoder("minilm").fit([])
    real, mixed = (coherence(texts, encoder.transform) for texts in (split, shuffled(split)))
    assert real.low > mixed.high
    assert sorted(chain.from_iterable(shuffled(split))) == sorted(chain.from_iterable(split))
