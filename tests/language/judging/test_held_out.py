"""What held-out text costs: by hand, by scikit-learn, and with intervals over documents."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.metrics import precision_recall_fscore_support

from core.language import bundled_corpus
from core.language.judging import held_out
from core.language.judging.coherence import coherence, spoken
from core.language.judging.diversity import distinct, self_bleu
from core.language.ngram import KneserNey
from core.language.tokens import Tokens
from tests.language.judging.test_judge import Fixed

A, B, END = 1, 2, 0


def encode(texts):
    rows = HashingVectorizer(n_features=256, analyzer="char", ngram_range=(1, 3)).transform(texts).toarray()
    return rows.astype(np.float32)


def test_perplexity_and_bits_per_byte_of_a_case_worked_by_hand():
    # "aab", end: 1 + 1 + 2 + 2 bits; "b", end: 2 + 2 bits. 10 bits over 6 tokens and 4 bytes.
    scores = held_out.scores(held_out.score_tokens(Fixed(), ["aab", "b"]))
    assert scores["bits_per_byte"].mean == pytest.approx(10 / 4)
    assert scores["perplexity"].mean == pytest.approx(2 ** (10 / 6))
    assert scores["cross_entropy"].mean == pytest.approx(10 / 6 * np.log(2))
    assert scores["token_accuracy"].mean == pytest.approx(2 / 6)  # it always says "a"
    assert scores["top_5"].mean == 1


def test_precision_recall_and_f1_are_those_of_scikit_learn():
    tokens = Tokens.train("characters", ["to be or not to be"], 300)
    model = KneserNey(tokens, order=2).fit([tokens.encode("to be or not to be")])
    read = held_out.score_tokens(model, ["to be to be", "not or not", "be"])
    scores = held_out.scores(read)
    wanted = precision_recall_fscore_support(read.token, read.predicted, average="macro", zero_division=0)[:3]
    assert [scores[name].mean for name in ("precision", "recall", "f1")] == pytest.approx(list(wanted))


def test_a_long_document_read_in_pieces_scores_as_in_one(monkeypatch):
    text = " ".join(bundled_corpus.documents()[:40])
    tokens = Tokens.train("bpe", [text], 300)
    model = KneserNey(tokens).fit([tokens.encode(text[: len(text) // 2])])
    whole = held_out.score_tokens(model, [text])
    monkeypatch.setattr(held_out, "CELLS", 50 * tokens.size)
    pieces = held_out.score_tokens(model, [text])
    np.testing.assert_allclose(pieces.nats, whole.nats, rtol=1e-5)
    assert pieces.bytes.sum() == pytest.approx(len(text.encode()))
    assert whole.nats.sum() / np.log(2) / len(text.encode()) == pytest.approx(model.bits_per_byte([text]), rel=1e-5)


@pytest.mark.parametrize(
    "measured",
    [
        lambda texts: distinct(texts, 2),
        lambda texts: self_bleu([text[:100] for text in texts[:48]], "en"),
        lambda texts: coherence([spoken(text) for text in texts], encode),
        lambda texts: held_out.scores(held_out.score_tokens(Fixed(), ["ab" * (1 + len(text) % 7) for text in texts]))[
            "f1"
        ],
        lambda texts: held_out.scores(held_out.score_tokens(Fixed(), ["a" + "b" * (len(text) % 9) for text in texts]))[
            "bits_per_byte"
        ],
    ],
)
def test_intervals_hold_the_point_and_shrink_with_more_texts(measured):
    texts = [text for text in bundled_corpus.documents() if 1 < len(spoken(text)) < 6][:96]
    few, many = measured(texts[:12]), measured(texts)
    assert few.low <= few.mean <= few.high
    assert many.low <= many.mean <= many.high
    assert many.high - many.low < few.high - few.low


def test_one_long_document_has_intervals_over_stretches():
    read = held_out.score_tokens(Fixed(), ["ab" * 500 + "b" * 300])
    own, blocks = held_out.units(read)
    assert blocks == int(np.ceil(1301 / held_out.BLOCK_TOKENS))
    assert np.bincount(own)[:-1].tolist() == [held_out.BLOCK_TOKENS] * (blocks - 1)
    found = held_out.scores(read)["bits_per_byte"]
    assert found.low < found.mean < found.high


def test_each_document_has_its_bits():
    assert held_out.bits(held_out.score_tokens(Fixed(), ["aab", "b"])) == pytest.approx([6, 4])
