"""Topics: planted ones are found, class-based TF-IDF by hand, too few texts are refused."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from core.messages import UnusableData
from core.results.text_tasks.options import TopicOptions
from core.text_tasks.base import Scoring, Tools
from core.text_tasks.finding import topics

WORDS = {
    "sea": ["wave", "harbour", "ship", "sailor", "storm", "anchor"],
    "food": ["bread", "cheese", "oven", "butter", "flour", "spoon"],
    "court": ["judge", "lawyer", "verdict", "witness", "trial", "prison"],
}


def planted(n=60):
    draw = random.Random(0)
    kinds = [list(WORDS)[number % 3] for number in range(n)]
    return [" ".join(draw.choices(WORDS[kind], k=8)) + " something here" for kind in kinds], kinds


def test_class_tfidf_by_hand():
    counts = csr_matrix(np.array([[2, 0, 1], [0, 1, 0], [0, 3, 0]]))
    weights = topics.class_tfidf(counts, np.array([0, 1, 1]), 2)
    mean = (3 + 4) / 2  # words per topic
    assert weights == pytest.approx(
        np.array([[2 / 3 * math.log(1 + mean / 2), 0, 1 / 3 * math.log(1 + mean / 1)], [0, math.log(1 + mean / 4), 0]])
    )


@pytest.mark.parametrize("n_topics", [0, 3])
def test_planted_topics_are_found_with_their_words(tmp_path, n_topics):
    texts, kinds = planted()
    tools, options = Tools(tmp_path, None, 1), TopicOptions(topics=n_topics, words=5)
    found = list(topics.classical(texts, options, tools))
    scores = topics.score(Scoring(texts, found, kinds, options, "en", tools.groups, tools=tools))
    assert scores["ami"].mean == pytest.approx(1)
    assert scores["stability"].mean == pytest.approx(1)
    assert all(any(set(group.words) <= set(words) for words in WORDS.values()) for group in tools.groups)
    assert sum(group.n_rows for group in tools.groups) == len(texts)


def test_a_random_grouping_agrees_with_nothing():
    random_kinds = np.random.default_rng(0).integers(0, 3, (2, 120))
    found = topics.agreement(random_kinds[0].astype(str), random_kinds[1].astype(str))
    assert found.low < 0 < found.high
    assert abs(found.mean) < 0.05


def encoded(tools, width=4):
    """Tools whose encoder makes of each text the numbers of its letters."""

    def encode(texts, name=""):
        made = np.array([[text.count(letter) + 0.1 for letter in "aeio"[:width]] for text in texts], dtype=np.float32)
        return made / np.linalg.norm(made, axis=1, keepdims=True)

    tools.encode = encode
    return tools


@pytest.mark.parametrize("way", [topics.classical, topics.combined, topics.llm])
@pytest.mark.parametrize("wanted", [18, 35, 50])
def test_more_topics_than_texts_allow_are_cut_down(tmp_path, way, wanted):
    texts, _kinds = planted(40)
    tools, options = encoded(Tools(tmp_path, None, 1)), TopicOptions(topics=wanted)
    assert len(list(way(texts, options, tools))) == 40
    assert len(tools.groups) <= min(wanted, 40)
    assert len(tools.measures["stability"]) == topics.REFITS
    if wanted > 40:
        assert "at most" in str(tools.notes[0])


@pytest.mark.parametrize("way", [topics.classical, topics.combined, topics.llm])
@pytest.mark.parametrize(
    "texts",
    [
        [f"word{number} other{number}" for number in range(24)],  # none shared
        ["ship storm anchor"] * 24,  # all shared
        ["the of and"] * 12,  # nothing but function words
    ],
)
def test_texts_without_words_to_sort_them_by_are_refused(tmp_path, way, texts):
    with pytest.raises(UnusableData, match="Topics are told by words"):
        list(way(texts, TopicOptions(), encoded(Tools(tmp_path, None, 1))))


@pytest.mark.parametrize("way", [topics.combined, topics.llm])
def test_texts_that_the_encoder_cannot_tell_apart_are_one_topic(tmp_path, way):
    texts, _kinds = planted(40)
    tools = encoded(Tools(tmp_path, None, 1), width=1)
    assert len({answer.text for answer in way(texts, TopicOptions(), tools)}) == 1
    assert "can't be told apart" in str(tools.notes[0])
