"""Values and interactions of small games against known numbers and shap; many rows at once are as one by one."""

from __future__ import annotations

from math import factorial

import numpy as np
import pandas as pd
import pytest
import shap

from core.explain.shapley import many_rows_game
from core.explain.shapley.column_game import Game
from core.explain.shapley.evaluators import Table
from core.explain.shapley.interactions import coalitions, interaction_weights, pairs, value_weights
from core.explain.shapley.many_rows_game import WholeGame
from core.explain.shapley.values import shares


def test_the_glove_game_by_hand():
    # One left glove (player 0), two right gloves: a pair is worth 1. Shapley: 2/3, 1/6, 1/6. The left glove needs a
    # right one (interaction 1/2 each), and the second right glove is worth less once there is one (−1/2).
    shown = coalitions(3)
    worth = (shown[:, 0] & (shown[:, 1] | shown[:, 2])).astype(float)
    assert value_weights(3) @ worth == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert pairs(3) == [(0, 1), (0, 2), (1, 2)]
    assert interaction_weights(3) @ worth == pytest.approx([1 / 2, 1 / 2, -1 / 2])


def made_up(n_columns: int, n_rows: int = 15) -> pd.DataFrame:
    random = np.random.default_rng(n_columns)
    return pd.DataFrame(random.normal(size=(n_rows, n_columns)), columns=[f"c{place}" for place in range(n_columns)])


def two_outputs(table: pd.DataFrame) -> np.ndarray:
    values = table.to_numpy()
    return np.stack([values[:, 0] * values[:, 1] + values[:, 2], np.tanh(values.sum(axis=1))], axis=1)


def game(frame: pd.DataFrame, says=two_outputs) -> WholeGame:
    return WholeGame(
        lambda stacked: Table(says, stacked), lambda said: said, frame, np.full(len(frame), 1 / len(frame))
    )


def test_many_rows_at_once_are_as_one_by_one():
    frame = made_up(4)
    block = game(frame.iloc[3:]).exact(frame.iloc[:3])
    for row in range(3):
        one = Game(lambda table: two_outputs(table)[:, 1], frame.iloc[[row]], frame.iloc[3:])
        assert block.values[row, :, 1] == pytest.approx(shares(one.values, 4).values)


def test_a_wide_table_is_asked_about_in_parts_and_told_the_same(monkeypatch):
    frame, calls = made_up(6), []

    def says(table):
        calls.append(len(table))
        return two_outputs(table)

    orders = [np.random.default_rng(seed).permutation(6) for seed in range(3)]
    whole = game(frame.iloc[3:]).sampled(frame.iloc[:3], orders)
    monkeypatch.setattr(many_rows_game, "MOST_CELLS", 300)
    parts = game(frame.iloc[3:], says).sampled(frame.iloc[:3], orders)
    assert max(calls) * 6 <= 300
    assert parts.values == pytest.approx(whole.values, abs=1e-12)


@pytest.mark.slow
def test_values_of_every_output_agree_with_shap():
    frame = made_up(4)
    block = game(frame.iloc[3:]).exact(frame.iloc[:3])
    masker = shap.maskers.Independent(frame.iloc[3:].to_numpy(), max_samples=100)
    for output in range(2):

        def model(values, output=output):
            return two_outputs(pd.DataFrame(values, columns=frame.columns))[:, output]

        expected = shap.explainers.Exact(model, masker)(frame.iloc[:3].to_numpy()).values
        assert block.values[:, :, output] == pytest.approx(expected, abs=1e-9)
        if output == 0:  # shap's index is Shapley-Taylor's: the same where no three columns act together, in two halves
            halves = shap.explainers.Exact(model, masker)(frame.iloc[:3].to_numpy(), interactions=True).values
            both = np.stack([2 * halves[:, first, second] for first, second in pairs(4)], axis=1)
            assert block.interactions[:, :, 0] == pytest.approx(both, abs=1e-9)


def test_interactions_by_their_definition():
    worth = np.random.default_rng(0).normal(size=16)
    for number, (first, second) in enumerate(pairs(4)):
        one, other = 1 << first, 1 << second
        total = 0.0
        for without in (code for code in range(16) if not code & (one | other)):
            size = without.bit_count()
            weight = factorial(size) * factorial(2 - size) / factorial(3)
            both, neither = worth[without | one | other], worth[without]
            total += weight * (both - worth[without | one] - worth[without | other] + neither)
        assert interaction_weights(4)[number] @ worth == pytest.approx(total)


def test_a_product_interacts_and_a_sum_does_not():
    frame = made_up(3)
    background = frame.iloc[3:]
    found = game(background).exact(frame.iloc[:3]).interactions[:, :, 0]
    expected = [(row.c0 - background["c0"]) @ (row.c1 - background["c1"]) / 12 for row in frame.iloc[:3].itertuples()]
    assert found[:, 0] == pytest.approx(expected)  # of c0 · c1, in closed form
    assert found[:, 1:] == pytest.approx(0, abs=1e-12)


def test_interactions_among_some_columns_leave_the_others_as_they_are():
    frame = made_up(5)
    found = game(frame.iloc[5:]).among(frame.iloc[:5], [0, 1])[:, 0, 0]
    background = frame.iloc[5:]
    expected = [(row.c0 - background["c0"]) @ (row.c1 - background["c1"]) / 10 for row in frame.iloc[:5].itertuples()]
    assert found == pytest.approx(expected)


def test_sampled_orders_add_up_and_are_exact_for_a_sum():
    frame = made_up(12)
    weights = np.arange(1.0, 13.0)
    sampled = game(frame.iloc[3:], lambda table: (table.to_numpy() @ weights)[:, None]).sampled(
        frame.iloc[:3], [np.random.default_rng(seed).permutation(12) for seed in range(2)]
    )
    expected = weights * (frame.iloc[:3].to_numpy() - frame.iloc[3:].mean().to_numpy())
    assert sampled.values[:, :, 0] == pytest.approx(expected)
    assert sampled.base + sampled.values.sum(axis=1) == pytest.approx(sampled.output)
