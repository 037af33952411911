"""Sentences and words of a text, and what a budget of texts allows."""

from __future__ import annotations

from core.explain.text.spans import outline, pieces


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
