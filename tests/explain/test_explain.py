"""Shapley values are exact where they can be, bands cover where not, and words sum to their bar."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.explain.global_.permutation_importance import importances
from core.explain.shapley.column_game import Game
from core.explain.shapley.values import shares
from core.explain.text.owen import open_text, pieces
from core.fuse.candidates import build
from core.fuse.setting import Setting
from core.plan import Plan
from tests.fuse.tables import tickets


def test_the_glove_game_by_hand():
    # One left glove (player 0), two right gloves: a pair is worth 1. Shapley: 2/3, 1/6, 1/6.
    found = shares(lambda s: (s[:, 0] & (s[:, 1] | s[:, 2])).astype(float), 3)
    assert found.values == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 11), st.integers(0, 1000))
def test_values_are_efficient_symmetric_and_fair_to_dummies(n, seed):
    random = np.random.default_rng(seed)
    weights = random.normal(size=n)
    weights[-1] = 0.0

    def worth(coalitions):
        linear = coalitions @ weights
        return linear + 0.5 * linear**2

    found = shares(worth, n, seed=seed)
    assert found.values.sum() == pytest.approx(found.output - found.base)
    assert found.values[-1] == pytest.approx(0, abs=1e-9)


def test_sampling_ends_once_bands_are_narrow_and_bands_cover_the_truth():
    random = np.random.default_rng(4)
    inside, total = 0, 0
    for seed in range(6):
        weights, third = random.normal(size=12), random.normal(size=(3, 12)) / 6

        def worth(coalitions, weights=weights, third=third):
            return coalitions @ weights + np.prod(coalitions @ third.T, axis=1)

        truth = shares(worth, 12, exact=12)
        found = shares(worth, 12, seed=seed, pairs=400)
        assert found.values.sum() == pytest.approx(truth.output - truth.base)
        assert found.reach.max() <= 0.01 * max(abs(truth.output - truth.base), np.abs(found.values).max())
        inside += int((np.abs(found.values - truth.values) <= found.reach + 1e-12).sum())
        total += 12
    assert inside / total >= 0.9


def linear_game(n_columns: int, seed: int = 0):
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(random.normal(size=(21, n_columns)), columns=[f"c{place}" for place in range(n_columns)])
    weights = random.normal(size=n_columns)
    return Game(lambda table: table.to_numpy() @ weights, frame.iloc[[0]], frame.iloc[1:]), frame, weights


@pytest.mark.parametrize("n_columns", [3, 10])
def test_a_linear_model_is_coefficient_times_distance_from_the_mean(n_columns):
    game, frame, weights = linear_game(n_columns)
    found = shares(game.values, n_columns)
    expected = weights * (frame.iloc[0].to_numpy() - frame.iloc[1:].mean().to_numpy())
    assert found.values == pytest.approx(expected)


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


def test_words_of_long_and_of_chinese_texts():
    long = "word " * 300
    assert len(pieces(long, "en")) <= 40
    assert pieces(long, "en")[-1][1] == len(long.rstrip())
    spans = pieces("味道很棒，送餐很快。", "zh")
    assert len(spans) >= 4
    assert "".join("味道很棒，送餐很快。"[start:end] for start, end in spans) == "味道很棒，送餐很快。"


def test_the_shuffled_column_that_matters_loses_most():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"matters": random.normal(size=200), "noise": random.normal(size=200)})
    truth = frame["matters"] > 0
    ranked = importances(
        lambda table: float(((table["matters"] > 0) == truth).mean()), frame, seed=0, check=lambda: None
    )
    assert [one.name for one in ranked] == ["matters", "noise"]
    assert ranked[0].value.low > 0.3
    assert ranked[1].value.mean == 0
