"""Rules and names vote where they are clear."""

from __future__ import annotations

import numpy as np
import pytest

from core.fuse.assisted.functions import contains, margins, plain, votes_of_names, votes_of_rule
from core.fuse.assisted.label_model import ABSTAIN


@pytest.mark.parametrize(
    ("text", "phrase", "there"),
    [
        ("The cat sat.", "CAT", True),
        ("Concatenate them", "cat", False),
        ("cat", "cat", True),
        ("a cat's life, don’t ask", "don't", True),
        ("not   very\ngood", "not very good", True),
        ("so good:)", ":)", True),
        ("cat2 catalog bobcat", "cat", False),
        ("这家店很好吃", "好吃", True),
        ("我love你", "love", True),
        ("我lovely你", "love", False),
        ("ＧＯＯＤ！", "good!", True),
        ("Straße", "STRASSE", True),
        ("hot-dog", "dog", True),
        ("", "cat", False),
        ("anything", "", False),
        ("bobcat, cat", "cat", True),
        ("acat cat", "cat", True),
        ("cats cats", "cat", False),
        ("aaab aab", "aab", True),
        ("ok:(fine", ":(", True),
        ("x)", "x)", True),
        ("a)b", "a)", True),
        ("cat.b", "cat.", True),
        ("b(a", "(a", True),
    ],
)
def test_a_rule_finds_words_and_phrases(text, phrase, there):
    assert contains(plain(text), plain(phrase)) == there


def test_rules_vote_or_are_silent():
    told = [plain(text) for text in ("Slow and COLD", "Just warm", "")]
    assert votes_of_rule(told, ["cold", "  "], 1).tolist() == [1, ABSTAIN, ABSTAIN]


def test_names_vote_where_they_are_clear():
    said = np.array([[0.5, 0.5], [0.9, 0.1], [0.3, 0.7]])
    assert margins(said) == pytest.approx([0, np.log(9), np.log(7 / 3)])
    assert votes_of_names(said, 1.0).tolist() == [ABSTAIN, 0, ABSTAIN]


def test_a_vote_needs_more_than_the_least_margin_and_impossible_classes_have_a_finite_one():
    said = np.array([[0.8, 0.2], [0.2, 0.8], [1.0, 0.0]])
    assert votes_of_names(said, np.log(0.8) - np.log(0.2)).tolist() == [ABSTAIN, ABSTAIN, 0]
    assert margins(said)[2] == pytest.approx(-np.log(1e-12))
    assert margins(np.array([[0.1, 0.6, 0.3]])) == pytest.approx([np.log(2)])  # of the two likeliest
