"""Names: scored as the field does, learned without the row they are predicted in."""

from __future__ import annotations

import numpy as np
import pytest

from core.catalog.text_tasks.every import TEXT_TASKS
from core.data.texts.tagged_text import Marked, written
from core.messages import UnusableData
from core.results.text_tasks.labels import EntityOptions
from core.results.text_tasks.task import AnswerData, Span
from core.text_tasks.base import Answer, Scoring, Tools
from core.text_tasks.inputs import from_sample
from core.text_tasks.labels import entities
from core.text_tasks.marking import words

TEXT = "Ada Lovelace met Charles Babbage in London."
GOLD = [Marked(0, 12, "person"), Marked(17, 32, "person"), Marked(36, 42, "place")]


def said(spans: list[Marked], text: str = TEXT) -> Answer:
    return Answer("", AnswerData(spans=[Span(**one._asdict(), text=text[one.start : one.end]) for one in spans]))


def test_entity_f1_is_that_of_a_hand_worked_case():
    # right: 1 of 3 said, 3 there (borders wrong once, type wrong once): P = 1/3, R = 1/3, F1 = 1/3
    answer = said([Marked(0, 12, "person"), Marked(17, 24, "person"), Marked(36, 42, "organisation")])
    scoring = Scoring([TEXT], [answer], [written(GOLD)], EntityOptions(), "en")
    found = entities.score(scoring)
    assert {name: pytest.approx(score.mean) for name, score in found.items()} == {
        "f1": 1 / 3, "precision": 1 / 3, "recall": 1 / 3,
    }  # fmt: skip


def test_a_field_learns_names_of_the_sample_and_needs_marked_rows(tmp_path):
    sample = from_sample(TEXT_TASKS["entities"], 100)
    tools = Tools(tmp_path, None, 1, references=sample.references)
    answers = list(entities.classical(sample.texts, EntityOptions(folds=3), tools))
    scoring = Scoring(sample.texts, answers, sample.references, EntityOptions(), "en")
    assert entities.score(scoring)["f1"].mean > 0.4
    with pytest.raises(UnusableData, match="at least 10"):
        list(entities.classical(sample.texts[:5], EntityOptions(), Tools(tmp_path, None, 1, references=["[]"] * 5)))


def test_names_with_shuffled_marks_are_not_found(tmp_path):
    sample = from_sample(TEXT_TASKS["entities"], 100)
    random = np.random.default_rng(0)
    shuffled = []
    for text in sample.texts:
        places = words(text)
        chosen = random.choice(len(places), 2, replace=False)
        labels = random.choice(["person", "place", "date"], 2)
        shuffled.append(
            written(sorted(Marked(*places[at], str(kind)) for at, kind in zip(chosen, labels, strict=True)))
        )
    answers = list(entities.classical(sample.texts, EntityOptions(), Tools(tmp_path, None, 1, references=shuffled)))
    found = entities.score(Scoring(sample.texts, answers, shuffled, EntityOptions(), "en"))
    assert found["f1"].mean < 0.15


@pytest.mark.parametrize("way", [entities.classical, entities.llm, entities.combined])
def test_a_sentence_may_be_marked_once_and_blank_once(tmp_path, monkeypatch, way):
    def word_states(texts, places, **rest):
        return [np.array([[end - start, start, 1] for start, end in one], np.float32) for one in places]

    monkeypatch.setattr(entities, "word_states", word_states)
    texts = [f"Ann{number} saw Bob{number}." for number in range(12)]
    marks = [written([Marked(0, text.index(" "), "person")]) for text in texts]
    tools = Tools(tmp_path, None, 1, references=[*marks, *[None] * 12])
    answers = list(way([*texts, *texts], EntityOptions(), tools))
    assert [one.text for one in answers[:12]] == [one.text for one in answers[12:]]


def test_marked_rows_of_one_text_only_are_refused(tmp_path):
    marks = [written(GOLD)] * 12
    with pytest.raises(UnusableData, match="hold the same text"):
        list(entities.classical([TEXT] * 12, EntityOptions(), Tools(tmp_path, None, 1, references=marks)))
