"""What a network learns from: which rows, which parts of their texts, and beside which cells."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from core.explain.amortized.lessons import PAIRS, Lessons, coalitions
from tests.explain.against_shap.test_check import model_of
from tests.fuse.tables import tickets

WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return model_of(tmp_path_factory.mktemp("lessons"), "cooperative:tfidf", tickets(60), "mood")


def lessons(model, texts=None, seed=0) -> Lessons:
    rows = model.rows.head(12) if texts is None else model.rows.head(len(texts)).assign(text=texts)
    return Lessons(model, "text", rows, seed)


def test_texts_of_two_words_and_more_are_learned_from_each_once_a_round(model):
    made = lessons(model, ["a b", "alone", None, "", "a b c", "c d"])
    assert made.places.tolist() == [0, 4, 5]
    drawn = [made._next() for _time in range(9)]
    assert [sorted(drawn[start : start + 3]) for start in (0, 3, 6)] == [[0, 4, 5]] * 3


def test_three_in_five_texts_are_shortened_to_half_of_their_words_at_least(model):
    made, text = lessons(model), " ".join(WORDS)
    lengths = Counter(len(made._part(text).split()) for _time in range(1000))
    assert set(lengths) == {5, 6, 7, 8, 9, 10}
    assert lengths[10] == pytest.approx(400, abs=50)
    assert lengths[5] == pytest.approx(120, abs=40)  # all lengths alike
    five = "one two three four five"
    assert all(made._part(five) == five for _time in range(20))
    assert {len(made._part("one two three four five six").split()) for _time in range(60)} == {3, 4, 5, 6}


def test_a_lesson_asks_about_each_set_and_its_opposite_beside_the_same_cells(model, monkeypatch):
    made, asked = lessons(model), []
    outputs = model.outputs
    monkeypatch.setattr(model, "outputs", lambda frame: (asked.append(frame), outputs(frame))[1])
    found = made.more(200)
    (frame,) = asked
    each = 2 * PAIRS + 2
    assert len(frame) == 200 * each
    others = [name for name in frame.columns if name != "text"]
    own = np.zeros(len(others) + 1, dtype=int)
    for number, lesson in enumerate(found):
        part = frame.iloc[number * each : (number + 1) * each]
        assert len(part[others].drop_duplicates()) == 1
        texts = [" ".join(np.array(lesson.text.split())[kept]) for kept in [*lesson.kept, *~lesson.kept]]
        assert part["text"].tolist() == [*texts, lesson.text, ""]
        place = next(n for n in made.places if set(lesson.text.split()) <= set(made.texts[n].split()))
        row, cells = made.rows.iloc[place], part.iloc[0]
        own[sum(bool(cells[name] == row[name]) for name in ("hours", "day"))] += 1
        said = outputs(part)
        assert lesson.total == pytest.approx(said[-2] - said[-1], abs=1e-6)
        assert lesson.differences == pytest.approx(said[:PAIRS] - said[PAIRS : 2 * PAIRS], abs=1e-6)
    assert (own[:3] > 30).all()  # none, one or both of them shown


@pytest.mark.parametrize("n", [2, 3, 7])
def test_a_set_is_never_empty_nor_whole(n):
    sizes = coalitions(n, 300, np.random.default_rng(0)).sum(axis=1)
    assert set(sizes) == set(range(1, n))
