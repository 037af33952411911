"""Each answer is asked for once: whatever is cut off, repeated, added, or asked in another order."""

from __future__ import annotations

import numpy as np
import pytest

from core.fuse.asked import answering
from core.fuse.asked.answers import Answers
from core.messages import ModelUnavailable, UnusableData

QUESTIONS = ["Is the writer angry?", "Is the writer happy?"]
TEXTS = ["You are late again!", "Thank you, that was lovely.", None, "You are late again!", "Where is it?"]


def test_a_text_is_asked_about_once_and_never_again(judge, tmp_path):
    first = Answers(QUESTIONS, "bundled", tmp_path).fit_transform(TEXTS)
    assert first.shape == (5, 2)
    assert (first[0] == first[3]).all()
    assert len(judge.asked) == len(set(judge.asked)) == 4 * 2
    again = Answers(QUESTIONS, "bundled", tmp_path).fit_transform(TEXTS[::-1])
    assert (again == first[::-1]).all()
    assert len(judge.asked) == 8


def test_a_question_that_is_added_is_all_that_is_asked(judge, tmp_path):
    Answers(QUESTIONS[:1], "bundled", tmp_path).fit_transform(TEXTS)
    judge.asked.clear()
    both = Answers(QUESTIONS, "bundled", tmp_path).fit_transform(TEXTS)
    assert {question for _text, question in judge.asked} == {QUESTIONS[1]}
    assert both == pytest.approx(Answers(QUESTIONS, "bundled").fit_transform(TEXTS), abs=0.02)


def test_what_was_answered_before_it_was_cut_off_is_not_asked_again(judge, tmp_path):
    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    begun = Answers(QUESTIONS, "bundled", tmp_path).fit(TEXTS)
    begun.progress = stop
    with pytest.raises(KeyboardInterrupt):
        begun.transform(TEXTS)
    assert len(judge.asked) == 2 * 2  # of two texts
    kept = list(judge.asked)
    judge.asked.clear()
    resumed = Answers(QUESTIONS, "bundled", tmp_path).fit_transform(TEXTS)
    assert not set(kept) & set(judge.asked)
    assert (resumed == Answers(QUESTIONS, "bundled").fit_transform(TEXTS)).all()


def test_another_model_than_the_one_it_was_trained_with_is_not_asked(judge):
    fitted = Answers(QUESTIONS, "bundled").fit(TEXTS)
    fitted.revision_ = "another"
    with pytest.raises(ModelUnavailable, match="not the one"):
        fitted.transform(TEXTS)


def test_more_than_a_day_of_answers_is_refused(judge, monkeypatch):
    monkeypatch.setattr(answering, "MOST_ASKED", 7)
    with pytest.raises(UnusableData, match="8 answers"):
        Answers(QUESTIONS, "bundled").fit_transform(TEXTS)
    assert judge.asked == []


def test_it_says_how_far_it_is_and_what_it_will_take(judge):
    heard = []
    asking = Answers(QUESTIONS, "bundled").fit(TEXTS)
    asking.progress = lambda done, total: heard.append((done, total))
    asking.transform(TEXTS)
    assert heard == [(done, 4) for done in range(5)]
    assert asking.ms_per_text == 2 * Answers(QUESTIONS[:1], "bundled").ms_per_text > 0
    assert np.isfinite(asking.ms_per_text)
