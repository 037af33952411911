"""Classes by prompt: marks around an answer don't matter."""

from __future__ import annotations

import numpy as np
import pytest

from core.messages import UnusableData
from core.results.text_tasks.labels import SentimentOptions
from core.results.text_tasks.task import AnswerData
from core.text_tasks.base import Answer, Scoring, Tools
from core.text_tasks.labels import classes, sentiment


def tools(tmp_path, references=(), writer=None):
    made = Tools(tmp_path, None, 1, references=references)
    if writer is not None:
        made.writer = lambda options: writer
    return made


def test_scores_are_those_of_a_hand_worked_case():
    # right: a a b; said: a b b  →  accuracy 2/3; F1 of a: 2/3, of b: 2/3
    answers = [Answer(one, AnswerData(label=one)) for one in "abb"]
    found = classes.score(Scoring(["x"] * 3, answers, list("aab"), SentimentOptions(), "en"))
    assert found["accuracy"].mean == pytest.approx(2 / 3)
    assert found["macro_f1"].mean == pytest.approx(2 / 3)


def test_planted_classes_are_learned_and_few_examples_are_refused(tmp_path):
    texts = [f"{'fine' if number % 2 else 'awful'} meal number {number}" for number in range(60)]
    labels = ["good" if number % 2 else "bad" for number in range(60)]
    answers = list(sentiment.classical(texts, SentimentOptions(examples=8), tools(tmp_path, labels)))
    assert np.mean([answer.data.label == label for answer, label in zip(answers, labels, strict=True)]) > 0.95
    with pytest.raises(UnusableData, match="too few examples"):
        list(sentiment.classical(texts, SentimentOptions(), tools(tmp_path, ["good", *[None] * 59])))
