"""Classes that a language model chooses among."""

from __future__ import annotations

import numpy as np
import pytest

from core.fuse.asked.labels import AskedLabels, choice


def test_names_are_answers_unless_they_begin_alike_or_are_long():
    assert choice(["negative", "neutral", "positive"])[1] == ["negative", "neutral", "positive"]
    question, letters = choice(["Acne", "acne rosacea"])
    assert letters == ["A", "B"]
    assert question.endswith("A) Acne\nB) acne rosacea")
    assert choice(["good", "a very long description of what is meant"])[1] == ["A", "B"]
    assert choice(["1", "2"])[1] == ["A", "B"]


def test_a_label_weighs_its_answer_less_what_is_said_of_no_text(judge):
    labels = ["good", "bad", "odd"]
    fitted = AskedLabels("bundled").fit(labels)
    question, answers = choice(labels)
    logs = judge.judge.score(["Thank you!", ""], [question], answers)[:, 0]
    assert fitted.transform(["Thank you!", None]) == pytest.approx(logs - logs[1], abs=1e-5)
    assert np.allclose(fitted.prior_, logs[1])
    assert fitted.n_features_out_ == 3


def test_answers_are_kept_with_the_labels_they_were_chosen_among(judge, tmp_path):
    AskedLabels("bundled", tmp_path).fit(["good", "bad"]).transform(["Thank you!"])
    judge.asked.clear()
    AskedLabels("bundled", tmp_path).fit(["good", "bad"]).transform(["Thank you!"])
    assert judge.asked == []
    AskedLabels("bundled", tmp_path).fit(["good", "odd"]).transform(["Thank you!"])
    assert len(judge.asked) == 2


def test_labels_that_a_token_may_not_tell_apart_have_letters():
    assert choice(["no", "normal"])[1] == ["no", "normal"]
    assert choice(["非常满意", "非常不满"])[1] == ["A", "B"]
    assert choice(["体育", "财经"])[1] == ["体育", "财经"]
    assert choice(["late flight", "late bag"])[1] == ["A", "B"]
