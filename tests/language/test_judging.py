"""Judging language models: each measure against a case worked by hand or a library called directly."""

from __future__ import annotations

from itertools import chain
from types import SimpleNamespace

import numpy as np
import pytest
from sacrebleu.metrics import BLEU
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.metrics import precision_recall_fscore_support

from core.encode.frozen import FrozenEncoder
from core.language import bundled_corpus
from core.language.corpus import prepare
from core.language.judging import held_out
from core.language.judging.coherence import coherence, shuffled, spoken
from core.language.judging.copying import Training
from core.language.judging.divergence import divergence
from core.language.judging.diversity import distinct, repetition, self_bleu
from core.language.judging.judge import Yardstick, judge
from core.language.judging.rivals import rivals
from core.language.judging.words import cut, words
from core.language.ngram import KneserNey
from core.language.tokens import Tokens
from core.results.comparison import Interval
from core.results.language.laboratory import CorpusCounts, Judged, JudgeSettings, LabModel, LabResult

A, B, END = 1, 2, 0


class Fixed:
    """Says the same of every next token: “a” 1/2, “b” 1/4, end 1/4."""

    context = 3

    def __init__(self):
        self.tokens = SimpleNamespace(
            begin=END,
            size=3,
            document=lambda text: np.array([END, *(" ab".index(letter) for letter in text)]),
            bytes_of=lambda ids: b"".join([b"", b"a", b"b"][token] for token in ids),
        )

    def log_probabilities(self, ids):
        return np.tile(np.log(np.array([0.25, 0.5, 0.25], dtype=np.float32)), (len(ids), 1))

    def start(self):
        return ()

    def step(self, state, token):
        return self.log_probabilities(np.array([token]))[0], state


def encode(texts):
    rows = HashingVectorizer(n_features=256, analyzer="char", ngram_range=(1, 3)).transform(texts).toarray()
    return rows.astype(np.float32)


def test_perplexity_and_bits_per_byte_of_a_case_worked_by_hand():
    # "aab", end: 1 + 1 + 2 + 2 bits; "b", end: 2 + 2 bits. 10 bits over 6 tokens and 4 bytes.
    scores = held_out.scores(held_out.told(Fixed(), ["aab", "b"]))
    assert scores["bits_per_byte"].mean == pytest.approx(10 / 4)
    assert scores["perplexity"].mean == pytest.approx(2 ** (10 / 6))
    assert scores["cross_entropy"].mean == pytest.approx(10 / 6 * np.log(2))
    assert scores["token_accuracy"].mean == pytest.approx(2 / 6)  # it always says "a"
    assert scores["top_5"].mean == 1


def test_precision_recall_and_f1_are_those_of_scikit_learn():
    tokens = Tokens.train("characters", ["to be or not to be"], 300)
    model = KneserNey(tokens, order=2).fit([tokens.encode("to be or not to be")])
    told = held_out.told(model, ["to be to be", "not or not", "be"])
    scores = held_out.scores(told)
    wanted = precision_recall_fscore_support(told.token, told.said, average="macro", zero_division=0)[:3]
    assert [scores[name].mean for name in ("precision", "recall", "f1")] == pytest.approx(list(wanted))


def test_a_long_document_read_in_pieces_scores_as_in_one(monkeypatch):
    text = " ".join(bundled_corpus.documents()[:40])
    tokens = Tokens.train("bpe", [text], 300)
    model = KneserNey(tokens).fit([tokens.encode(text[: len(text) // 2])])
    whole = held_out.told(model, [text])
    monkeypatch.setattr(held_out, "CELLS", 50 * tokens.size)
    pieces = held_out.told(model, [text])
    np.testing.assert_allclose(pieces.nats, whole.nats, rtol=1e-5)
    assert pieces.bytes.sum() == pytest.approx(len(text.encode()))
    assert whole.nats.sum() / np.log(2) / len(text.encode()) == pytest.approx(model.bits_per_byte([text]), rel=1e-5)


def test_distinct_runs_by_hand():
    texts = ["the cat the cat", "a dog"]  # words: the cat the cat a dog; pairs: the-cat cat-the the-cat, a-dog
    assert distinct(texts, 1).mean == pytest.approx(4 / 6)
    assert distinct(texts, 2).mean == pytest.approx(3 / 4)
    assert distinct(texts, 3).mean == pytest.approx(2 / 2)  # the-cat-the, cat-the-cat


def test_self_bleu_is_the_mean_of_sacrebleu_against_the_others():
    texts = ["the cat sat on the mat today", "the cat sat on a chair today", "rain falls on the green hills"]
    bleu = BLEU(effective_order=True)
    each = [bleu.sentence_score(text, [other for other in texts if other != text]).score for text in texts]
    assert self_bleu(texts, "en").mean == pytest.approx(np.mean(each))
    assert self_bleu(texts[:1], "en") is None


def test_repetition_by_hand():
    # a b c d a b c d e: runs of four abcd bcda cdab dabc abcd bcde, one of six stood there before
    assert repetition(["a b c d a b c d e", "a b"]).mean == pytest.approx(1 / 6)


def test_a_drawn_line_is_one_word_and_a_chinese_character_too():
    assert words("+-----+ don't 你好, C3PO") == ["+", "-----", "+", "don't", "你", "好", ",", "C3PO"]
    assert cut("你好世界", 7) == "你好"
    assert cut("one twenty", 6) == "one"


def test_real_text_coheres_more_than_its_sentences_shuffled():
    split = [one for text in bundled_corpus.documents()[:400] if len(one := spoken(text)) > 2][:25]
    encoder = FrozenEncoder("minilm").fit([])
    real, mixed = (coherence(texts, encoder.transform) for texts in (split, shuffled(split)))
    assert real.low > mixed.high
    assert sorted(chain.from_iterable(shuffled(split))) == sorted(chain.from_iterable(split))


def test_divergence_is_near_0_for_the_same_distribution_and_near_1_for_another():
    random = np.random.default_rng(1)
    centres = random.normal(size=(4, 20))
    a, b = (centres[random.integers(4, size=100)] + random.normal(scale=0.3, size=(100, 20)) for _ in range(2))
    same, apart = divergence(a, b), divergence(a, b + 8)
    assert same.mean < 0.1
    assert apart.mean > 0.9
    assert divergence(a, a).mean == pytest.approx(0, abs=1e-9)
    assert divergence(a[:3], b) is None


def test_a_planted_copy_is_found_to_the_word():
    documents = bundled_corpus.documents()[:300]
    planted = " ".join(max(documents[:50], key=len).split()[2:14])
    texts = ["xyzzy", f"Quite unheard of: {planted} qwertz", ""]
    copies = Training(documents).copies(texts)
    assert planted in copies.longest.text
    assert copies.longest.sample == 1
    assert copies.longest.text.endswith(planted.split()[-1])
    assert " ".join(words(copies.longest.text)) in " ".join(words(documents[copies.longest.document]))
    assert copies.words.tolist() == [0, len(words(copies.longest.text)), 0]


def test_no_copy_reaches_from_one_document_into_the_next():
    copies = Training(["red green", "blue white"]).copies(["red green blue white", "绿"])
    assert copies.words.tolist() == [2, 0]


@pytest.mark.parametrize(
    "measured",
    [
        lambda texts: distinct(texts, 2),
        lambda texts: self_bleu([text[:100] for text in texts[:48]], "en"),
        lambda texts: coherence([spoken(text) for text in texts], encode),
        lambda texts: held_out.scores(held_out.told(Fixed(), ["ab" * (1 + len(text) % 7) for text in texts]))["f1"],
        lambda texts: held_out.scores(held_out.told(Fixed(), ["a" + "b" * (len(text) % 9) for text in texts]))[
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


@pytest.fixture(scope="module")
def chinese():
    random = np.random.default_rng(0)
    who, what = ["小猫", "老师", "孩子们", "我的朋友", "店主"], ["喜欢喝茶", "在看书", "走进了花园", "买了一本新书"]
    when = ["今天早上", "昨天晚上", "下雨的时候", "放学以后", "春天"]
    said = [f"{random.choice(when)}，{random.choice(who)}{random.choice(what)}。" for _ in range(200)]
    return prepare(["".join(said[at : at + 2]) for at in range(0, 200, 2)], name="zh", near=1.0)


def test_a_chinese_corpus_is_judged_whole(chinese):
    tokens = Tokens.train("characters", chinese.train, 350)
    model = KneserNey(tokens).fit([tokens.encode(text) for text in chinese.train])
    settings, seen = JudgeSettings(texts=8, text_bytes=90, resamples=50), []
    judged = judge(model, chinese, settings, seen.append, Yardstick(chinese, settings, encode))
    assert chinese.counts.language == "zh"
    wanted = {"bits_per_byte", "f1", "distinct_2", "self_bleu", "repetition", "coherence", "divergence", "copied"}
    assert wanted <= set(judged.scores)
    assert wanted - {"bits_per_byte", "f1"} <= set(judged.references.real)
    assert judged.scores["bits_per_byte"].mean == pytest.approx(model.bits_per_byte(chinese.test), rel=1e-5)
    assert all(0 < len(sample.text.encode()) <= 90 for sample in judged.samples)
    assert judge(model, chinese, settings, yardstick=Yardstick(chinese, settings, encode)).scores == judged.scores
    assert seen == sorted(seen)
    assert seen[-1] == 1


def test_a_model_that_writes_nothing_is_still_judged(chinese):
    class Silent(Fixed):
        def __init__(self):
            super().__init__()
            self.tokens.document = lambda text: np.array([END, *([B] * len(text))])

        def log_probabilities(self, ids):
            return np.log(np.tile(np.array([0.998, 1e-3, 1e-3], dtype=np.float32), (len(ids), 1)))

    settings = JudgeSettings(texts=4, resamples=50)
    judged = judge(Silent(), chinese, settings, yardstick=Yardstick(chinese, settings, encode))
    assert {"bits_per_byte", "perplexity"} <= set(judged.scores)
    assert not {"distinct_1", "self_bleu", "coherence", "divergence", "copied"} & set(judged.scores)
    assert "wrote nothing" in str(judged.notes[0])


def test_one_long_document_has_intervals_over_stretches():
    told = held_out.told(Fixed(), ["ab" * 500 + "b" * 300])
    own, blocks = held_out.units(told)
    assert blocks == int(np.ceil(1301 / held_out.BLOCK_TOKENS))
    assert np.bincount(own)[:-1].tolist() == [held_out.BLOCK_TOKENS] * (blocks - 1)
    found = held_out.scores(told)["bits_per_byte"]
    assert found.low < found.mean < found.high


def test_each_document_has_its_bits():
    assert held_out.bits(held_out.told(Fixed(), ["aab", "b"])) == pytest.approx([6, 4])


def lab_of(**bits):
    """A run whose models took these bits for documents of 10 bytes each."""
    models = []
    for name, taken in bits.items():
        mean = sum(taken) / (10 * len(taken))
        scores = {"bits_per_byte": Interval(mean=mean, low=mean, high=mean)}
        judged = Judged(scores=scores, document_bits=taken, document_bytes=[10] * len(taken))
        models.append(LabModel(name=name, judged=judged))
    counts = CorpusCounts.model_construct()
    return LabResult(corpus="made up", counts=counts, tokenizer="bpe", vocabulary=3, models=models)


def test_rivals_are_told_apart_on_the_same_documents():
    hard = np.linspace(10, 60, 40)  # documents differ far more than models do
    noise = np.resize([6.0, -5.0], 40)
    nearest, farthest = rivals(lab_of(last=(hard + 4).tolist(), best=hard.tolist(), near=(hard + noise).tolist()))
    assert (nearest.model, farthest.model) == ("near", "last")
    assert farthest.more.mean == farthest.more.low == farthest.more.high == pytest.approx(0.4)
    assert nearest.more.mean == pytest.approx(0.05)
    spread = 1.96 * np.std(noise) / 10 / np.sqrt(40)  # of the mean, by the normal approximation
    assert nearest.more.low == pytest.approx(0.05 - spread, abs=0.04)
    assert nearest.more.low < 0 < nearest.more.high


def test_there_are_no_rivals_without_documents_to_draw():
    assert rivals(lab_of(alone=[10.0, 20.0])) == []
    few = lab_of(one=[10.0], other=[20.0])
    for line in few.models:
        line.judged.document_bits = []
        assert rivals(few) == []
