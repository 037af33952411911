"""Names and relations: scored as the field does, learned without the row they are told of."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from core.catalog.text_tasks.every import TEXT_TASKS
from core.data.texts.tagged_text import Marked, written
from core.messages import UnusableData
from core.results.text_tasks.labels import EntityOptions, RelationOptions
from core.results.text_tasks.task import AnswerData, Span
from core.text_tasks.base import Answer, Scoring, Tools
from core.text_tasks.folds import NEVER, learned_from, out_of_fold
from core.text_tasks.inputs import from_frame, from_sample
from core.text_tasks.labels import entities, relations
from core.text_tasks.labels.entity_features import Gazetteer, shape
from core.text_tasks.marking import best_tags, marked, reference, tags, words

TEXT = "Ada Lovelace met Charles Babbage in London."
GOLD = [Marked(0, 12, "person"), Marked(17, 32, "person"), Marked(36, 42, "place")]


def said(spans: list[Marked], text: str = TEXT) -> Answer:
    return Answer("", AnswerData(spans=[Span(**one._asdict(), text=text[one.start : one.end]) for one in spans]))


def test_tags_and_spans_are_two_ways_to_say_the_same():
    places = words(TEXT)
    made = tags(places, GOLD)
    assert made == ["B-person", "I-person", "O", "B-person", "I-person", "O", "B-place", "O"]
    assert marked(places, made) == GOLD
    assert reference(written(GOLD), TEXT) == GOLD
    assert reference("B-p I-p O O O O O", TEXT) == [Marked(0, 12, "p")]


def test_an_inside_tag_never_follows_outside():
    names = ["B-x", "I-x", "O"]
    with np.errstate(divide="ignore"):
        scores = np.log([[0.1, 0.2, 0.7], [0.1, 0.8, 0.1], [0.1, 0.8, 0.1]])
    assert best_tags(scores, names) == ["B-x", "I-x", "I-x"]  # .1 · .8 · .8 beats O, B, I: .7 · .1 · .8


def test_entity_f1_is_that_of_a_hand_worked_case():
    # right: 1 of 3 said, 3 there (borders wrong once, type wrong once): P = 1/3, R = 1/3, F1 = 1/3
    answer = said([Marked(0, 12, "person"), Marked(17, 24, "person"), Marked(36, 42, "organisation")])
    scoring = Scoring([TEXT], [answer], [written(GOLD)], EntityOptions(), "en")
    found = entities.score(scoring)
    assert {name: pytest.approx(score.mean) for name, score in found.items()} == {
        "f1": 1 / 3, "precision": 1 / 3, "recall": 1 / 3,
    }  # fmt: skip


def test_a_row_does_not_find_its_own_names_in_the_list():
    sentence = (TEXT, words(TEXT))
    alone = Gazetteer([sentence], [GOLD])
    assert not any(alone.hits(sentence, GOLD))
    twice = Gazetteer([sentence, sentence], [GOLD, GOLD])
    assert twice.hits(sentence, GOLD)[0] == {"B-person"}


@pytest.mark.parametrize(("word", "expected"), [("McLeod", "XxXx"), ("2021", "dddd"), ("x3", "xd"), ("U.S.", "X.X.")])
def test_shapes(word, expected):
    assert shape(word) == expected


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


def test_relations_of_a_planted_language_are_learned_and_scored(tmp_path):
    verbs = {"works-for": "works for", "founded-by": "was founded by", "none": "walked past"}
    texts, truth = [], []
    random = np.random.default_rng(0)
    for number in range(90):
        label = str(random.choice(list(verbs)))
        head, tail = f"Name{number}", f"Other{number}"
        text = f"{head} {verbs[label]} {tail} today."
        start = text.index(tail)
        one = {"start": 0, "end": len(head), "label": "a"}
        other = {"start": start, "end": start + len(tail), "label": "b"}
        texts.append(text)
        truth.append(json.dumps([{"head": one, "tail": other, "label": label}]))
    tools = Tools(tmp_path, None, 1, references=truth)
    answers = list(relations.classical(texts, RelationOptions(), tools))
    found = relations.score(Scoring(texts, answers, truth, RelationOptions(), "en"))
    assert found["macro_f1"].mean > 0.95
    nothing = relations.score(Scoring(texts, [Answer("")] * 90, truth, RelationOptions(), "en"))
    assert nothing["macro_f1"].mean == 0


def test_a_new_text_has_its_names_found_before_its_relations(tmp_path):
    sample = from_sample(TEXT_TASKS["relations"], 120)
    references = [*sample.references[:-1], None]
    answers = list(
        relations.classical(sample.texts, RelationOptions(), Tools(tmp_path, None, 1, references=references))
    )
    assert len(answers) == len(sample.texts)
    assert all(one["label"] != "none" for one in answers[-1].data.extra["relations"])


def test_only_rows_of_other_folds_with_an_answer_of_their_own_are_learned_from():
    known = [True, False, True, False]
    folds = out_of_fold(["a", " a", "b", "c"], known, 2, 0)
    assert folds[0] == folds[1] != folds[2]
    assert folds[3] == NEVER
    assert learned_from(folds, known, folds[0]) == [2]
    assert learned_from(folds, known, folds[2]) == [0]
    assert learned_from(folds, known, NEVER) == [0, 2]


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


def test_spans_stay_where_they_are_in_a_text_that_begins_with_white_space():
    text = f"  {TEXT} "
    spans = [Marked(one.start + 2, one.end + 2, one.label) for one in GOLD]
    found = from_frame(pd.DataFrame({"text": [text], "spans": [written(spans)]}), "table", "text", "spans")
    (own,) = (reference(found.references[0], found.texts[0]),)
    assert [found.texts[0][one.start : one.end] for one in own] == ["Ada Lovelace", "Charles Babbage", "London"]


def triples(n):
    """Texts with three names, of which only the first and the last are related, in one order."""
    texts, truth = [], []
    for number in range(n):
        head, middle, tail = f"Ann{number}", f"Bob{number}", f"Acme{number}"
        text = f"{head} walked past {middle} and works for {tail}."
        spans = {
            name: {"start": text.index(name), "end": text.index(name) + len(name), "label": kind}
            for name, kind in ((head, "person"), (middle, "person"), (tail, "firm"))
        }
        texts.append(text)
        truth.append(
            json.dumps(
                [
                    {"head": spans[head], "tail": spans[tail], "label": "works-for"},
                    {"head": spans[middle], "tail": spans[head], "label": "saw"},
                ]
            )
        )
    return texts, truth


def test_pairs_that_a_reference_leaves_out_are_judged_and_learned_as_unrelated(tmp_path, monkeypatch):
    texts, truth = triples(30)
    judged = []
    labels = relations._labels

    def watched(train, test, *rest):
        judged.append((train, test))
        return labels(train, test, *rest)

    monkeypatch.setattr(relations, "_labels", watched)
    tools = Tools(tmp_path, None, 1, references=truth)
    answers = list(relations.classical(texts, RelationOptions(), tools))
    assert sum(len(test) for _train, test in judged) == 30 * 6  # all ordered pairs of three names
    assert all(sum(pair.label == "none" for pair in train) == len(train) * 4 / 6 for train, _test in judged)
    assert relations.score(Scoring(texts, answers, truth, RelationOptions(), "en"))["micro_f1"].mean > 0.95
    assert "were given" in str(tools.notes[0])


def test_pairs_in_one_text_only_are_refused(tmp_path):
    names = [{"start": 4 * number, "end": 4 * number + 3, "label": "x"} for number in range(6)]
    listed = [{"head": a, "tail": b, "label": "near"} for a in names for b in names if a != b]
    texts = ["Ann Bob Cat Dan Eve Fay", *[f"Nothing {number}" for number in range(10)]]
    references = [json.dumps(listed), *["[]"] * 10]
    with pytest.raises(UnusableData, match="too few different texts"):
        list(relations.classical(texts, RelationOptions(), Tools(tmp_path, None, 1, references=references)))
