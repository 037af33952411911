"""The company a text's words are tried in: which other columns are shown beside it, and how much each set counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.explain.shapley.column_game import Game
from core.explain.shapley.evaluators import Evaluator, Mixture, Table
from core.explain.shapley.values import shares
from core.explain.text.spans import pieces
from core.explain.text.word_game import WordGame, is_read

TEXT = "aa b aaa"


class Counted(Evaluator):
    """How many letters a the text has, times one and the places of the cells beside it."""

    def __init__(self, cheap: bool, n_stacked: int = 3, reads: bool = False) -> None:
        self.cheap, self.n_stacked, self.reads = cheap, n_stacked, reads

    def outputs(self, places, other=None):
        letters = np.array([text.count("a") for text in other.texts]) if other is not None else np.zeros(0)
        known = np.concatenate([[TEXT.count("a"), *[0] * (self.n_stacked - 1)], letters])
        return known[places[:, 1]] * (1 + (places[:, [0, *range(2, places.shape[1])]] == 0).sum(axis=1))

    def encoder(self, player):
        return "a reader" if self.reads and player == 1 else None


def game(n_columns: int, evaluator=None, cheap: bool = True) -> Game:
    names = ["c0", "text", *(f"c{place}" for place in range(2, n_columns))]
    table = pd.DataFrame({name: [TEXT, "", ""] if name == "text" else [0, 1, 2] for name in names})
    return Game(
        lambda frame: frame["text"].str.count("a").to_numpy(dtype=float),
        table.head(1), table.tail(2), evaluator=evaluator or Counted(cheap),
    )  # fmt: skip


def words(n_columns: int, seed: int = 0, **more) -> WordGame:
    return WordGame(game(n_columns, **more), "text", TEXT, pieces(TEXT, "en"), seed)


def test_every_set_of_three_other_columns_counts_as_in_the_column_game():
    found = words(4)
    assert found.shown[:, 1].all()
    sizes = found.shown.sum(axis=1) - 1
    assert len(np.unique(found.shown, axis=0)) == 8
    # |S|! (3 − |S|)! / 4! of 0, 1, 2 and 3 others
    assert found.weights == pytest.approx(np.array([6, 2, 2, 6])[sizes] / 24)
    assert found.weights.sum() == pytest.approx(1)
    # so that the whole text beside none is the text column's own Shapley value
    column = shares(found.game.values, 4).values[1]
    ends = found.values(np.array([[False] * 3, [True] * 3]))
    assert ends[1] - ends[0] == pytest.approx(column)


def test_of_more_columns_four_sets_are_drawn_beside_their_opposites():
    found = words(6)
    assert found.shown.shape == (8, 6)
    assert found.weights.tolist() == [1 / 8] * 8
    others = np.delete(found.shown, 1, axis=1)
    assert (others[0::2] != others[1::2]).all()
    sizes = others[0::2].sum(axis=1)
    assert all(int(half * 6 / 4) <= size < (half + 1) * 6 / 4 for half, size in enumerate(sizes))  # evenly spread
    assert np.array_equal(words(6).shown, found.shown)
    assert not np.array_equal(words(6, seed=1).shown, found.shown)


def test_where_rows_cost_something_two_sets_are_enough():
    two = words(2, cheap=False)
    assert (two.shown.tolist(), two.weights.tolist()) == ([[False, True], [True, True]], [0.5, 0.5])
    three = words(3, cheap=False)
    assert three.weights.tolist() == [0.5, 0.5]
    assert (three.shown[0, [0, 2]] != three.shown[1, [0, 2]]).all()


def test_a_row_that_is_read_whole_is_shown_whole():
    made = game(4)
    table = Table(made.evaluator.outputs, pd.concat([made.row, made.background], ignore_index=True))
    found = words(4, evaluator=table)
    assert (found.shown.tolist(), found.weights.tolist()) == ([[True] * 4], [1.0])
    assert not found.cheap


def test_words_are_cheap_where_nobody_reads_them():
    assert words(3).cheap
    assert not words(3, cheap=False).cheap
    reader = Counted(True, reads=True)
    assert not words(3, evaluator=reader).cheap
    assert [is_read(reader, player) for player in (0, 1)] == [False, True]
    inside = Mixture(
        [(reader, np.array([2, 0]), np.array([0, 1])), (Counted(True), np.array([1]), np.array([0]))], [1], 2, 3
    )
    assert [is_read(inside, player) for player in range(3)] == [True, False, False]


def test_words_that_are_not_kept_are_deleted():
    found = words(2)
    kept = np.array([[True, True, True], [True, False, False], [False, True, True], [False, False, False]])
    letters = np.array([5, 2, 3, 0])
    assert found.values(kept) == pytest.approx(letters * 1.5)  # once with the other column, once without
    assert found.of_texts(["aaaa"]) == pytest.approx([6])
    assert (found.words, found.slopes()) == (None, None)
