"""Sentences and words of a text, and what a budget of texts allows."""

from __future__ import annotations

import numpy as np
import pytest

from core.explain.text.spans import masked, outline, pieces


def test_sentences_and_words_of_long_texts():
    sentences = outline("One two. Three “four five.” Six", "en")
    assert [len(words) for _span, words in sentences] == [2, 3, 1]
    many = " ".join(f"Word{number} more words here." for number in range(60))
    assert len(pieces(many, "en")) <= 40
    assert len(outline("味道很棒。送餐很快！谢谢", "zh")[0][1]) >= 2
    assert len(outline("味道很棒。送餐很快！谢谢", "zh")) == 3
    assert pieces("  ", "en") == []


def test_words_of_long_and_of_chinese_texts():
    long = "word " * 300
    assert len(pieces(long, "en")) <= 40
    assert pieces(long, "en")[-1][1] == len(long.rstrip())
    spans = pieces("味道很棒，送餐很快。", "zh")
    assert len(spans) >= 4
    assert "".join("味道很棒，送餐很快。"[start:end] for start, end in spans) == "味道很棒，送餐很快。"


def parts(text, language="en"):
    return [text[start:end] for start, end in pieces(text, language)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One two. Three!", ["One two.", "Three!"]),
        ("Is it? “Yes!” he said.", ["Is it?", "“Yes!”", "he said."]),
        ("At 3.5 or e.g. here", ["At 3.5 or e.g.", "here"]),
        ("first line\nsecond line", ["first line", "second line"]),
        ("Well... so", ["Well...", "so"]),
        ("很好。谢谢！", ["很好。", "谢谢！"]),
    ],
)
def test_where_sentences_end(text, sentences):
    assert [text[start:end] for (start, end), _words in outline(text, "en")] == sentences


def test_forty_words_stand_alone_and_one_more_joins_neighbours():
    words = [f"w{number}" for number in range(41)]
    assert parts(" ".join(words[:40])) == words[:40]
    joined = parts(" ".join(words))
    assert len(joined) == 21
    assert sorted({len(one.split()) for one in joined}) == [1, 2]
    assert " ".join(joined) == " ".join(words)


def test_sentences_are_joined_where_there_are_more_than_forty():
    forty = " ".join(f"Word{number}." for number in range(40))
    assert len(outline(forty, "en")) == 40
    assert len(outline(forty + " Word40.", "en")) == 40
    one_more = outline(forty + " Two words.", "en")
    assert (len(one_more), sum(len(words) for _span, words in one_more)) == (40, 40)


def test_a_mark_stays_with_the_chinese_word_before_it():
    found = parts("很好，谢谢！ 再见", "zh")
    assert found[-1] == "再见"
    assert [one for one in found if one[0] in "，！"] == []
    assert "".join(found) == "很好，谢谢！再见"
    assert parts("很好，谢谢！ 再见", "en") == found  # whatever the column's language


@pytest.mark.parametrize(
    ("kept", "left"),
    [([1, 1, 1], "a bit, odd"), ([0, 1, 1], "bit, odd"), ([1, 0, 1], "a odd"), ([1, 1, 0], "a bit,"), ([0, 0, 0], "")],
)
def test_a_text_without_some_words(kept, left):
    text = " a  bit,\nodd "
    assert masked(text, pieces(text, "en"), np.array(kept, dtype=bool)) == left


def test_what_stands_between_words_stays():
    assert masked("ab-cd ef", [(0, 2), (3, 5), (6, 8)], np.array([False, True, False])) == "-cd"
