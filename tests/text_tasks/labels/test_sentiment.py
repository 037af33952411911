"""Moods are learned from other rows only, and from enough of them."""

from __future__ import annotations

import numpy as np

from core.results.text_tasks.labels import SentimentOptions
from core.text_tasks.base import Tools
from core.text_tasks.labels import sentiment


def tools(tmp_path, references=(), writer=None):
    made = Tools(tmp_path, None, 1, references=references)
    if writer is not None:
        made.writer = lambda options: writer
    return made


def test_labels_that_mean_nothing_are_not_learned_from_their_own_rows(tmp_path):
    random = np.random.default_rng(0)
    texts = [f"row {number} says word{number}" for number in range(120)]
    labels = [str(one) for one in random.choice(["yes", "no"], 120)]
    answers = sentiment.classical(texts, SentimentOptions(), tools(tmp_path, labels))
    right = np.mean([answer.data.label == label for answer, label in zip(answers, labels, strict=True)])
    assert right < 0.65


def test_a_text_that_has_a_label_in_one_row_only_is_learned_from_that_row_alone(tmp_path):
    texts = [f"{'fine' if number % 2 else 'awful'} meal number {number}" for number in range(40)]
    labels = ["good" if number % 2 else "bad" for number in range(40)]
    twice = [*texts, *["ok"] * 3, *texts[:10], *texts[:10]]
    known = [*labels, "good", None, " ", *[None] * 20]
    said = [answer.data.label for answer in sentiment.classical(twice, SentimentOptions(), tools(tmp_path, known))]
    assert set(said) == {"good", "bad"}
    assert len(set(said[40:43])) == 1  # the same text has the same answer
