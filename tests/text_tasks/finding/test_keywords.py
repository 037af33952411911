"""Keywords: rare words lead, scores go by stems."""

from __future__ import annotations

import pytest

from core.results.text_tasks.options import KeywordOptions
from core.results.text_tasks.task import AnswerData
from core.text_tasks.base import Answer, Scoring, Tools
from core.text_tasks.finding import keywords


def test_rare_words_are_keywords_and_common_ones_are_not(tmp_path):
    def found(texts, **options):
        return list(keywords.classical(texts, KeywordOptions(**options), Tools(tmp_path, None, 1)))

    names = ["walrus", "comet", "tulip"]
    texts = [f"The report of the week tells of the {name} again. The {name} is here." for name in names]
    assert [answer.text for answer in found(texts, keywords=1, longest=1)] == names
    chinese = found(["苹果很甜。苹果红。", "汽车很快。汽车新。"], keywords=1)
    assert [answer.data.words[0] for answer in chinese] == ["苹果", "汽车"]
    assert [answer.text for answer in found(["", "the of"])] == ["", ""]


def test_keywords_are_scored_by_their_stems():
    said = Answer("", AnswerData(words=["night trains", "sleeping car", "city"]))
    scores = keywords.score(Scoring(["t"], [said], ["night train; sleeping cars"], KeywordOptions(), "en"))
    assert scores["precision"].mean == pytest.approx(2 / 3)
    assert scores["recall"].mean == 1
    assert scores["f1"].mean == pytest.approx(2 * 2 / 5)
