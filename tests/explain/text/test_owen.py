"""A bar opened into sentences and words: they sum, are exact where they can be, and few texts are read."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from core.explain.open_candidate import remember
from core.explain.shapley.column_game import Game
from core.explain.shapley.values import shares
from core.explain.text.owen import open_text, word_values
from core.explain.text.paired_regression import Prior
from core.explain.text.spans import masked, pieces
from core.explain.text.word_game import WordGame
from core.fuse.candidates import build
from core.fuse.setting import Setting
from core.plan import Plan
from tests.explain.shapley.test_evaluators import fitted, game_of
from tests.fuse.tables import tickets

LONG = "The office sent a note. It was awful, and the parcel arrived late! An order from our kind office with a note."


@pytest.fixture(scope="module")
def small():
    table, schema = tickets(60)
    table["text"] = table["text"].where(table.index != 3, LONG)
    return table, schema


def game(small, name: str, task: str = "binary", output: str = "margin"):
    table, schema = small
    return game_of(fitted(name, task, table, schema), table, output=output, place=0 if task == "regression" else 1)


@pytest.fixture(scope="module")
def read(small):
    """A game whose texts a language model reads."""
    made = game(small, "cooperative:minilm+linear", "multiclass")
    remember(made.encoder("text"))
    return made


def test_words_sum_to_their_sentence_and_sentences_to_the_bar(small):
    made = game(small, "cooperative:tfidf+linear", "multiclass")
    bar = float(shares(made.values, 4).values[0])
    parts = open_text(made, "text", bar, "en", seed=0, texts=120)
    assert [part.text for part in parts if part.level == "sentence"] == LONG.replace(". ", ".|").replace(
        "! ", "!|"
    ).split("|")
    inside = 0.0
    for part in reversed(parts):
        if part.level == "word":
            inside += part.value
        else:
            assert inside == pytest.approx(part.value)
            inside = 0.0
    for level in ("sentence", "word"):
        assert sum(part.value for part in parts if part.level == level) == pytest.approx(bar)


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_counted_words_of_a_weighted_sum_are_their_coefficients(small, task):
    made = game(small, "cooperative:bow+linear", task)
    words = WordGame(made, "text", LONG, pieces(LONG, "en"))
    found = word_values(words, np.random.default_rng(0), texts=60)
    model = made.evaluator.model
    counts = made.evaluator.features.reader  # no language model reads the text
    assert counts(0) is None
    assert (found.reach == 0).all()
    everything = np.ones((1, 4), dtype=bool)
    for place in (5, 6, 19):
        without = np.arange(len(words.spans)) != place
        text = masked(LONG, words.spans, without)
        alone = made.values(everything) - made.with_texts(everything, "text", [text])
        assert found.values[place] == pytest.approx(float(alone[0]), abs=1e-6)
    assert np.abs(np.asarray(model.coef_)).max() > 0


def test_few_words_are_exact(small):
    made = game(small, "cooperative:tfidf+linear", "multiclass")
    words = WordGame(made, "text", "an awful note with love", pieces("an awful note with love", "en"))
    found = word_values(words, np.random.default_rng(0), texts=60)
    assert found.values == pytest.approx(shares(words.values, 5, exact=5).values)
    assert (found.reach == 0).all()


def test_the_budget_of_texts_is_kept_and_the_guess_costs_one_reading(read, monkeypatch):
    spans = pieces(LONG, "en")
    encoder = read.encoder("text")
    seen: list[str] = []
    through = encoder._encode
    monkeypatch.setattr(encoder, "_encode", lambda texts, *rest: (seen.extend(texts), through(texts, *rest))[1])
    words = WordGame(read, "text", LONG, spans)
    ends = words.values(np.array([[False] * len(spans), [True] * len(spans)]))
    found = word_values(words, np.random.default_rng(0), texts=60)
    assert 40 <= len(seen) <= 60
    assert found.values.sum() == pytest.approx(float(ends[1] - ends[0]))


def test_bands_of_read_words_cover_a_long_run(read):
    words = WordGame(read, "text", LONG, pieces(LONG, "en"))
    long = word_values(words, np.random.default_rng(7), texts=700, narrow=0.0)
    inside = [
        np.abs(found.values - long.values) <= found.reach + long.reach
        for seed in range(3)
        for found in [word_values(words, np.random.default_rng(seed), texts=80, narrow=0.0)]
    ]
    assert np.mean(inside) >= 0.9


def test_direct_contributions_stand_beside_the_words(read):
    bar = float(shares(read.values, 4).values[0])
    parts = open_text(read, "text", bar, "en", seed=0, texts=60)
    assert all((part.direct is not None) == (part.level == "word") for part in parts)


def test_a_cell_of_one_word_or_none_has_the_bar(small):
    table, schema = small
    alone = table.assign(text=pd.Series(["fine"] * len(table), dtype=object))
    made = game_of(fitted("cooperative:tfidf+linear", "binary", table, schema), alone, place=1)
    (part,) = open_text(made, "text", 0.5, "en", seed=0, texts=60)
    assert (part.text, part.value, part.low, part.high) == ("fine", 0.5, 0.5, 0.5)


@pytest.fixture(scope="module")
def reader():
    table, schema = tickets(200)
    fitted = build("text-tfidf", Setting(schema, Plan(target="mood"), "binary")).fit(table, table["mood"])
    return table, fitted


def text_game(reader, text):
    table, fitted = reader
    row = pd.DataFrame({"text": pd.Series([text], dtype=table["text"].dtype)})
    return Game(lambda frame: fitted.predict_proba(frame)[:, 0], row, table[["text"]].dropna().head(8))


def test_words_sum_to_the_bar_and_the_planted_word_leads(reader):
    game = text_game(reader, "the office sent a note and it was awful with our order")
    bar = shares(game.values, 1).values[0]
    parts = open_text(game, "text", float(bar), "en", seed=0, texts=150)
    assert sum(part.value for part in parts) == pytest.approx(bar)
    assert max(parts, key=lambda part: part.value).text == "awful"
    assert " ".join(part.text for part in parts) == "the office sent a note and it was awful with our order"


def test_the_budget_of_texts_is_kept(reader):
    game = text_game(reader, "an awful order from the office with a late note")
    before = game.evaluations
    open_text(game, "text", 0.1, "en", seed=0, texts=60)
    assert game.evaluations - before <= (60 + 2 * 10 + 10) * len(game.background)


class Told:
    """Twelve words worth what they are said to be; counts the texts it was asked for."""

    def __init__(self, cheap: bool, worth) -> None:
        self.text, self.spans, self.words, self.cheap, self.worth = "", [(0, 1)] * 12, None, cheap, worth
        self.game, self.asked = SimpleNamespace(place=0), 0

    def values(self, kept):
        self.asked += len(kept)
        return self.worth(np.asarray(kept))


@pytest.mark.parametrize(("off", "a_sum"), [(0.9e-7, True), (1.5e-7, False), (-1.5e-7, False)])
def test_a_sum_may_be_off_by_a_ten_millionth_of_one(off, a_sum):
    words = Told(True, lambda kept: 0.05 * kept.sum(axis=1) + off * ~kept.any(axis=1))  # without any word it differs
    found = word_values(words, np.random.default_rng(0), texts=60)
    assert found.values == pytest.approx(np.full(12, 0.05), abs=1e-4)
    assert (found.reach.max() == 0) == a_sum


def test_bands_that_are_just_as_narrow_as_asked_are_narrow_enough():
    learned = SimpleNamespace(
        about=SimpleNamespace(enough=None), prior=lambda: Prior(0.5, 0.01), values=lambda *_about: np.full(12, 0.05)
    )

    def asked(seed, **more):
        weights = np.random.default_rng(seed).normal(size=12)
        words = Told(False, lambda kept: np.tanh(kept @ weights))
        return word_values(words, np.random.default_rng(seed), texts=80, learned=learned, **more), words.asked

    just = []
    for seed in range(12):
        found, at_first = asked(seed, enough=lambda: True)
        reach, top = found.reach.max(), np.abs(found.values).max()
        near = reach / top
        just += [(seed, one) for one in np.nextafter(near, [0, near, 2 * near]) if one * top == reach][:1]
    assert just  # a product of two numbers is not always any third
    assert [asked(seed, narrow=narrow)[1] for seed, narrow in just] == [at_first] * len(just) == [26] * len(just)
    assert [asked(seed, narrow=narrow * (1 - 1e-9))[1] for seed, narrow in just] == [80] * len(just)
