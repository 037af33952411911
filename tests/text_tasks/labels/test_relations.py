"""Relations between names: scored, learned, refused where there are too few texts."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.messages import UnusableData
from core.results.text_tasks.labels import RelationOptions
from core.text_tasks.base import Answer, Scoring, Tools
from core.text_tasks.labels import relations


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
