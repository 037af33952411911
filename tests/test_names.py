"""A candidate's name in words, in both languages."""

from __future__ import annotations

import pytest

from core import names
from core.messages import translate


@pytest.mark.parametrize(
    ("said", "english", "chinese"),
    [
        ("dummy", "Guessing", "盲猜"),
        ("cooperative:minilm+svm-linear", "Cooperative · MiniLM (English) · Linear SVM", "MiniLM"),
        ("cooperative:me/my-encoder", "Cooperative · me/my-encoder", "me/my-encoder"),
        ("no such {thing}", "no such {thing}", "no such {thing}"),
    ],
)
def test_a_name_is_said_as_people_know_it(said, english, chinese):
    label = names.label(said)
    assert str(label) == english
    assert chinese in translate(label, "zh_CN")


def test_a_bare_family_says_what_it_turned_out_to_use():
    label = names.label("cooperative", encoder="minilm", model="linear", task="regression")
    assert str(label) == "Cooperative · MiniLM (English) · Ridge"
    assert str(names.label("columns", encoder="minilm", model="linear", task="binary")).endswith("Logistic regression")
