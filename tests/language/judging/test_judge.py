"""A whole judgement: of a Chinese corpus, and of a model that writes nothing."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.feature_extraction.text import HashingVectorizer

from core.language.corpus import prepare
from core.language.judging.judge import Yardstick, judge
from core.language.ngram import KneserNey
from core.language.tokens import Tokens
from core.results.language.laboratory import JudgeSettings

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
