"""Translations are scored, and no row is translated by a table that saw it."""

from __future__ import annotations

import random

import numpy as np
import pytest

from core.messages import UnusableData
from core.results.text_tasks.options import TranslateOptions
from core.text_tasks.base import Answer, Scoring, Tools
from core.text_tasks.folds import out_of_fold
from core.text_tasks.translation.translate import _shots, classical, joined, score, tokens, translation_in

KINDS = ["red", "blue", "old", "new", "big"]
THINGS = ["cat", "dog", "house", "car", "tree", "book"]


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


@pytest.mark.parametrize(
    ("written", "text", "wanted"),
    [
        ("Good morning.", "早上好。", "Good morning."),
        (
            "Sure, here are the translations:\n\nThat question is easy.\nMore",
            "那个问题很容易。",
            "That question is easy.",
        ),
        ("翻译如下：\n早上好。", "Good morning.", "早上好。"),
        ("Sure, here it is:", "早上好。", "Sure, here it is:"),  # nothing else was said
        ("As follows:\none", "如下：", "As follows:"),  # the text itself ends so
        ("  \n", "早上好。", ""),
    ],
)
def test_an_announcement_is_no_translation(written, text, wanted):
    assert translation_in(written, text) == wanted
