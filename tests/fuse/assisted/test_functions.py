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
