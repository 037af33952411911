"""The n-gram model: hand-worked probabilities, nltk's plain Kneser-Ney, the formula in dictionaries, sums of one."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.lm import KneserNeyInterpolated
from nltk.lm.smoothing import KneserNey as PlainKneserNey
from nltk.util import ngrams

from core.language.ngram import USUAL_DISCOUNTS, KneserNey, discounts
from core.language.tokens import BEGIN, Tokens
from core.messages import UnreadableFile, UnusableData

TEXTS = ["the cat sat", "the cat ate the rat", "a rat sat", "that cat hat", "the end", "tea at the ate", "eat that tea"]
TOKENS = Tokens.train("characters", TEXTS, 400)
BEGINNING = TOKENS.begin
DOCUMENTS = [TOKENS.encode(text) for text in TEXTS * 3 + TEXTS[:3] * 2 + ["sand", "hand", "seen"]]


def probability(model: KneserNey, context: str, letter: str, beginning: bool = True) -> float:
    """p of a letter ("" ends the document) after a text that begins a document, or stands anywhere."""
    ids = TOKENS.document(context) if beginning else TOKENS.encode(context)
    wanted = TOKENS.encode(letter)[0] if letter else BEGINNING
    return float(np.exp(model.log_probabilities(ids)[-1, wanted]))


def test_bigrams_worked_by_hand():
    """Bigrams of ab, ab, ac: a twice before b, once before c. Five bigrams: one ends in each letter, two at the end."""
    model = KneserNey(TOKENS, order=2, discount=0.5).fit([TOKENS.encode(text) for text in ("ab", "ab", "ac")])
    shorter = (1 - 0.5) / 5 + 4 * 0.5 / 5 / TOKENS.size  # of b or c, without a context
    assert probability(model, "a", "b") == pytest.approx((2 - 0.5) / 3 + 2 * 0.5 / 3 * shorter)
    assert probability(model, "a", "c") == pytest.approx((1 - 0.5) / 3 + 2 * 0.5 / 3 * shorter)
    ending = (2 - 0.5) / 5 + 4 * 0.5 / 5 / TOKENS.size
    assert probability(model, "ab", "") == pytest.approx((2 - 0.5) / 2 + 0.5 / 2 * ending)


def test_a_document_begins_with_what_was_counted_not_with_continuations():
    """Of trigrams: nothing stands before the beginning, so "<s> a" keeps its two occurrences."""
    model = KneserNey(TOKENS, order=3, discount=0.5).fit([TOKENS.encode(text) for text in ("ab", "ab", "cb")])
    shorter = (1 - 0.5) / 5 + 4 * 0.5 / 5 / TOKENS.size  # <s>a, <s>c, ab, cb, b<s>: a, b (twice), c and the end
    assert probability(model, "", "a") == pytest.approx((2 - 0.5) / 3 + 2 * 0.5 / 3 * shorter)


def test_three_discounts_worked_by_hand():
    """Ten n-grams seen once, four twice, two three times, one four times: Y = 10 / 18."""
    counts = np.array([1] * 10 + [2] * 4 + [3] * 2 + [4] + [9] * 5)
    assert discounts(counts) == pytest.approx([1 - 20 / 18 * 4 / 10, 2 - 30 / 18 * 2 / 4, 3 - 40 / 18 * 1 / 2])
    assert discounts(np.array([1, 1, 2])) is USUAL_DISCOUNTS


class _DownToUniform(PlainKneserNey):
    """nltk stops at single tokens; ours, like KenLM, takes their discount off too and spreads it evenly."""

    def unigram_score(self, word: str) -> float:
        counts, total = zip(*(self._continuation_counts(letter) for letter in self.letters), strict=True)
        own, spread = self._continuation_counts(word)[0], self.discount * np.count_nonzero(counts) / total[0]
        return max(own - self.discount, 0) / total[0] + spread / TOKENS.size


def test_plain_kneser_ney_agrees_with_nltk():
    documents = [TOKENS.decode(ids) for ids in DOCUMENTS]
    marked = [[BEGIN, *text, "</s>"] for text in documents]
    reference = KneserNeyInterpolated(order=3, discount=0.3)
    reference.fit(
        [ngrams(text, n) for text in marked for n in (1, 2, 3)], [letter for text in marked for letter in text]
    )
    reference.estimator = _DownToUniform(reference.vocab, reference.counts, order=3, discount=0.3)
    letters = sorted({letter for text in documents for letter in text})
    reference.estimator.letters = [*letters, "</s>"]
    model = KneserNey(TOKENS, order=3, discount=0.3).fit(DOCUMENTS)
    for context in ("th", "at", "e ", "zz", "za", "t"):
        for letter in ("a", "t", "e", " ", "n", ""):
            ours = probability(model, context, letter, beginning=False)
            assert ours == pytest.approx(reference.score(letter or "</s>", tuple(context)), rel=1e-5), (context, letter)


def formula(documents: list[list[int]], order: int, context: tuple[int, ...], token: int) -> float:
    """Equation 24 read off the page, in dictionaries, one n-gram at a time."""
    counts = [defaultdict(int) for _ in range(order + 1)]
    before = [defaultdict(set) for _ in range(order + 1)]
    for ids in documents:
        row = [BEGINNING, *ids, BEGINNING]
        for end, n in product(range(2, len(row) + 1), range(1, order + 1)):
            if end - n >= 0:
                gram = tuple(row[end - n : end])
                counts[n][gram] += 1
                before[n][gram].add(row[end - n - 1] if end > n else None)
    for n in range(1, order):
        counts[n] = {g: c if n > 1 and g[0] == BEGINNING else len(before[n][g]) for g, c in counts[n].items()}

    def smoothed(context: tuple[int, ...]) -> float:
        n = len(context) + 1
        shorter = smoothed(context[1:]) if context else 1 / TOKENS.size
        after = {gram: count for gram, count in counts[n].items() if gram[:-1] == context}
        if not after:
            return shorter
        off = discounts(np.array(list(counts[n].values())))
        left = sum(off[min(count, 3) - 1] for count in after.values()) / sum(after.values())
        own = after.get((*context, token), 0)
        return (own - off[min(own, 3) - 1] if own else 0) / sum(after.values()) + left * shorter

    return smoothed(context)


@pytest.mark.parametrize("order", [1, 2, 4])
def test_arrays_say_what_the_formula_says(order):
    model = KneserNey(TOKENS, order).fit(DOCUMENTS)
    rows = [ids.tolist() for ids in DOCUMENTS]
    read = [BEGINNING, *TOKENS.encode("the hat z").tolist()]
    found = np.exp(model.log_probabilities(np.array(read)))
    for end in range(1, len(read) + 1):
        context = tuple(read[max(0, end - order + 1) : end]) if order > 1 else ()
        for token in (BEGINNING, *TOKENS.encode("the zé").tolist()):
            assert found[end - 1, token] == pytest.approx(formula(rows, order, context, token), rel=1e-5)


FIVE = KneserNey(TOKENS).fit(DOCUMENTS)


@given(st.text(alphabet="thecats rnd<zé", max_size=30))
@settings(max_examples=60, deadline=None)
def test_probabilities_sum_to_one_after_anything(text):
    following = np.exp(FIVE.log_probabilities(TOKENS.document(text)).astype(np.float64))
    assert following.sum(axis=1) == pytest.approx(np.ones(len(following)), abs=1e-5)
    assert (following > 0).all()


def test_step_by_step_says_what_one_pass_says():
    ids = TOKENS.packed(["the cat sat at zé", "", "tea"])
    at_once, state = FIVE.log_probabilities(ids), FIVE.start()
    for place, token in enumerate(ids.tolist()):
        earlier = state
        following, state = FIVE.step(earlier, token)
        again, _ = FIVE.step(earlier, token)
        assert following.dtype == np.float32
        assert following == pytest.approx(at_once[place], abs=1e-6)
        assert (again == following).all()  # the state was not changed by reading from it


def test_scores_are_the_distributions_at_the_tokens():
    ids = TOKENS.packed(["the cat sat at zé", "tea"])
    at_tokens = FIVE.log_probabilities(ids[:-1])[np.arange(len(ids) - 1), ids[1:]]
    assert FIVE.scores(ids) == pytest.approx(at_tokens, abs=1e-5)


def test_bits_per_byte_of_a_model_that_knows_nothing():
    """Order 1 on every token once is uniform: log2 of the vocabulary per token, here a byte each and the end."""
    model = KneserNey(TOKENS, order=1, discount=1.0).fit([np.arange(TOKENS.size)[np.arange(TOKENS.size) != BEGINNING]])
    assert model.bits_per_byte(["tea", "hat"]) == pytest.approx(8 / 6 * np.log2(TOKENS.size))


def test_a_document_is_not_read_into_the_next():
    both = FIVE.log_probabilities(TOKENS.packed(["the cat", "sat"]))
    alone = FIVE.log_probabilities(TOKENS.packed(["sat"]))
    assert (both[-len(alone) :] == alone).all()


def test_a_document_may_bring_its_beginning_along():
    marked = KneserNey(TOKENS).fit([np.concatenate([[BEGINNING], ids]) for ids in DOCUMENTS])
    ids = TOKENS.document("the cat")
    assert (marked.log_probabilities(ids) == FIVE.log_probabilities(ids)).all()


def test_a_saved_model_says_the_same(tmp_path):
    FIVE.save(tmp_path / "ngram.npz")
    again = KneserNey.load(tmp_path / "ngram.npz", TOKENS)
    ids = TOKENS.document("the cat sat on zé")
    assert (again.log_probabilities(ids) == FIVE.log_probabilities(ids)).all()
    assert (again.order, again.context, again.n_grams) == (5, 4, FIVE.n_grams)
    other = Tokens.train("characters", ["éé"], 300)
    with pytest.raises(UnreadableFile, match="another vocabulary"):
        KneserNey.load(tmp_path / "ngram.npz", other)
    (tmp_path / "ngram.npz").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(UnreadableFile, match="can't be read"):
        KneserNey.load(tmp_path / "ngram.npz", TOKENS)


@pytest.mark.parametrize("documents", [[], [np.array([], dtype=np.int32)]])
def test_nothing_to_learn_from_is_refused(documents):
    with pytest.raises(UnusableData, match="no text"):
        KneserNey(TOKENS).fit(documents)
