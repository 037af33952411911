"""IBM model 1 learns as the reference library does; phrases and their order are learned from planted languages."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from nltk.translate import AlignedSent, IBMModel1

from core.language.training.pairs import PairModel
from core.messages import UnusableData
from core.results.text_tasks.options import TranslateOptions
from core.text_tasks.base import Answer, Scoring, Tools
from core.text_tasks.folds import out_of_fold
from core.text_tasks.translation.from_scratch import scratch
from core.text_tasks.translation.ibm1 import NULL, WordTable
from core.text_tasks.translation.phrase_table import PhraseTranslator, extract
from core.text_tasks.translation.stack_decoder import END, Bigrams
from core.text_tasks.translation.translate import _shots, classical, joined, score, tokens

HOUSE = [("das Haus", "the house"), ("das Buch", "the book"), ("ein Buch", "a book")]
KINDS = ["red", "blue", "old", "new", "big"]
THINGS = ["cat", "dog", "house", "car", "tree", "book"]


def split(pairs):
    return [(source.split(), target.split()) for source, target in pairs]


def planted(n, seed=0):
    """“the red cat sees a new dog” → every word in capitals, adjectives behind their nouns."""
    draw = random.Random(seed)
    found = []
    for _pair in range(n):
        one, other, kind, second = draw.choice(THINGS), draw.choice(THINGS), draw.choice(KINDS), draw.choice(KINDS)
        found.append(
            (f"the {kind} {one} sees a {second} {other}", f"DER {one} {kind} SIEHT EIN {other} {second}".upper())
        )
    return found


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_the_word_table_is_the_reference_library_s(rounds):
    ours = WordTable(rounds).fit(split(HOUSE))
    theirs = IBMModel1([AlignedSent(target, source) for source, target in split(HOUSE)], rounds)
    for source in ("das", "Haus", "Buch", "ein", NULL):
        for target in ("the", "house", "book", "a"):
            known = theirs.translation_table[target][source or None]
            if (source, target) in ours.table_:
                assert ours.probability(source, target) == pytest.approx(known, abs=1e-9)


def test_a_planted_dictionary_is_recovered_and_the_likelihood_never_falls():
    table = WordTable(15).fit(split(planted(120)))
    for word in [*KINDS, *THINGS]:
        found = {target: value for (source, target), value in table.table_.items() if source == word}
        assert max(found, key=found.get) == word.upper()
    steps = table.log_likelihoods_
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(steps))


def test_phrases_agree_with_the_links_by_hand():
    # a-X, b-Z, c-Y: “b c” belongs to “Y Z”, but “a b” to nothing without Y
    found = extract(["a", "b", "c"], ["X", "Y", "Z"], {(0, 0), (1, 2), (2, 1)}, longest=3)
    single = {(("a",), ("X",)), (("b",), ("Z",)), (("c",), ("Y",))}
    assert set(found) == single | {(("b", "c"), ("Y", "Z")), (("a", "b", "c"), ("X", "Y", "Z"))}


def test_bigrams_share_out_all_of_the_probability():
    language = Bigrams().fit([["a", "b"], ["a", "c", "a"]])
    for before in ("a", "b", "zzz"):
        total = sum(language.probability(before, word) for word in ("a", "b", "c", END, "never seen"))
        assert total == pytest.approx(1)


def test_another_word_order_is_learned():
    translator = PhraseTranslator().fit(split(planted(150)))
    right = 0
    for source, target in split(planted(40, seed=1)):
        right += list(translator.translate(source)[0][0]) == target
    assert right >= 38
    assert translator.translate(["zebra"])[0][0] == ("zebra",)


def test_no_row_is_translated_by_a_table_that_saw_it(tmp_path):
    texts = [source for source, _target in planted(30)]
    folds = out_of_fold(texts + texts[:1], [*[True] * 30, False], 5, 0)
    assert folds[-1] == folds[0]  # the same text without a translation
    assert set(out_of_fold(texts, [*[True] * 29, False], 5, 0)) == {-1, 0, 1, 2, 3, 4}
    with pytest.raises(UnusableData, match="at least 20"):
        next(classical(texts[:3], TranslateOptions(), Tools(tmp_path, None, 1, references=["X"] * 3)))


def test_a_text_with_other_white_space_around_it_is_no_example_of_itself(tmp_path):
    texts = ["one", " one", "two"]
    tools = Tools(tmp_path, None, 1, references=["eins", "eins", "zwei"])
    tools.encode = lambda texts, name="": np.ones((len(texts), 2), np.float32)
    assert _shots(texts, TranslateOptions(), tools)[0] == [("two", "zwei")]


def test_a_right_translation_scores_a_hundred_and_chinese_is_put_together():
    assert tokens("Where is 北京, please?") == ["where", "is", "北京", ",", "please", "?"]
    assert joined(["我", "爱", "北京", "。"]) == "我爱北京。"
    assert joined(["my", "name", "is", "li", "."]) == "My name is li."
    answers = [Answer("我爱北京大学。"), Answer("今天天气很好。")]
    same = score(Scoring(["a", "b"], answers, [answer.text for answer in answers], TranslateOptions(), "en"))
    assert same["bleu"].mean == pytest.approx(100)
    assert same["chrf"].mean == pytest.approx(100)
    other = score(Scoring(["a"], answers[:1], ["完全不同"], TranslateOptions(), "en"))
    assert other["chrf"].mean < 5


def test_a_network_trained_from_scratch_never_sees_the_rows_it_answers(monkeypatch):
    pairs = planted(60)
    seen = []
    fit = PairModel.fit

    def watched(self, given, **options):
        seen.append({source for source, _target in given})
        return fit(self, given, **options)

    monkeypatch.setattr(PairModel, "fit", watched)
    texts = [source for source, _target in pairs]
    options = TranslateOptions(network="lstm-encoder-decoder", steps=10, folds=2)
    tools = Tools(None, None, 1, references=[target for _source, target in pairs])
    answers = list(scratch(texts, options, tools))
    folds = out_of_fold(texts, [True] * len(texts), 2, 0)
    assert len(answers) == len(texts)
    assert len(seen) == 2
    for number, learned in enumerate(seen):
        assert learned == {text for text, fold in zip(texts, folds, strict=True) if fold != number}
    again = list(scratch(texts, options, tools))
    assert [answer.text for answer in again] == [answer.text for answer in answers]
