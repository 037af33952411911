"""Many rows opened: what is kept of them, worked by hand, and the same values as one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data.schema import Schema
from core.explain.global_.rows import Found, RowsOpened, cells_of
from core.explain.row.rows import explain_row
from core.explain.shapley import many_rows_game
from core.explain.shapley.interactions import pairs
from core.explain.shapley.many_rows_game import Block
from core.explain.shapley.values import never
from tests.explain.against_shap.test_check import model_of, numbers
from tests.fuse.tables import column


def block(values, called_first=0.0) -> Block:
    """Rows of three columns and two classes; the output is the sum of the values."""
    values = np.asarray(values, dtype=float)
    return Block(np.full((len(values), 2), 0.5), values.sum(axis=1) + 0.5, values, None)


def two_rows() -> Found:
    """Row 4 in one block and row 9 in another, called “no” and “yes”."""
    found = Found(["no", "yes"], ["a", "b", "c"], rows=[4, 9], called=[np.array([0]), np.array([1])])
    found.blocks = [block([[[1, -1], [2, -2], [3, -3]]]), block([[[4, -4], [5, -5], [6, -6]]])]
    return found


def test_lines_are_those_of_each_row_class_and_column():
    cells = pd.DataFrame({"number": [1.0, np.nan, 3.0, 4.0, np.nan, 6.0], "word": ["", "x", "", "", "y", ""]})
    lines = two_rows().frame(cells)
    assert lines["row"].tolist() == [4] * 6 + [9] * 6
    assert lines["label"].tolist() == (["no"] * 3 + ["yes"] * 3) * 2
    assert lines["called"].tolist() == [True] * 3 + [False] * 6 + [True] * 3
    assert lines["column"].tolist() == list("abc") * 4
    assert lines["effect"].tolist() == [1, 2, 3, -1, -2, -3, 4, 5, 6, -4, -5, -6]
    assert lines["output"].tolist() == [6.5] * 3 + [-5.5] * 3 + [15.5] * 3 + [-14.5] * 3
    assert set(lines["base"]) == {0.5}
    assert lines["word"].tolist() == ["", "x", ""] * 2 + ["", "y", ""] * 2
    assert lines["number"].dropna().tolist() == [1, 3, 1, 3, 4, 6, 4, 6]


def test_interactions_are_means_over_rows_for_each_class_and_for_the_one_called():
    found = two_rows()
    assert found.interactions() == []
    found.pair_columns = ["a", "c"]
    found.pairs_ = [np.array([[[0.1, -1.0]]]), np.array([[[-0.3, 3.0]]])]  # (rows, pairs, classes)
    told = {pair.label: pair for pair in found.interactions()}
    assert [pair.label for pair in found.interactions()] == ["yes", "", "no"]  # 2, 1.55 and 0.2
    assert {(pair.first, pair.second) for pair in told.values()} == {("a", "c")}
    assert (told["no"].size.mean, told["no"].mean) == pytest.approx((0.2, -0.1))
    assert (told[""].size.mean, told[""].mean) == pytest.approx((1.55, 1.55))  # 0.1 of “no”, 3 of “yes”
    # sizes 1 and 3: a deviation of √2 over √2, so 1.96 either way
    assert (told["yes"].mean, told["yes"].size.low, told["yes"].size.high) == pytest.approx((1, 0.04, 3.96))
    assert told["no"].size.low == pytest.approx(0.2 - 0.196)
    found.pairs_ = found.pairs_[:1]
    alone = {pair.label: pair.size for pair in found.interactions()}
    assert (alone["yes"].mean, alone["yes"].low, alone["yes"].high) == (1, 1, 1)
    assert alone[""].mean == pytest.approx(0.1)
    found.pairs_ = [np.array([[[0.0, 0.0]]]), np.array([[[0.0, 5.0]]])]
    assert {pair.label: pair.size.low for pair in found.interactions()}["yes"] == 0  # never below


def test_cells_are_numbers_days_or_words():
    schema = Schema(
        columns=[column("n", "number"), column("day", "date"), column("t", "text"), column("c", "category")]
    )
    rows = pd.DataFrame(
        {
            "n": [1.5, np.nan],
            "day": pd.to_datetime(["1970-01-03 12:00", None]),
            "t": ["x" * 100, None],
            "c": ["y" * 100, None],
            "unknown": [7, 8],
        }
    )
    found = cells_of(rows, schema)
    assert found["number"].tolist() == pytest.approx([1.5, 2.5] + [np.nan] * 8, nan_ok=True)
    assert [len(word) for word in found["word"]] == [0, 0, 80, 80, 1, 0, 0, 0, 0, 1]
    assert found["word"].tolist()[4::5] == ["7", "8"]


@pytest.fixture(scope="module")
def four(tmp_path_factory):
    return model_of(tmp_path_factory.mktemp("four"), "columns+linear", numbers(list("abcd"), 40), "y")


def test_rows_opened_together_are_as_one_by_one(four, monkeypatch):
    opened, seen = RowsOpened(four), []
    assert opened.exact
    found = opened.open(lambda found: seen.append(len(found.rows)), never)
    assert seen == [40]
    assert found.rows == list(four.rows.index)
    for position in (0, 7):
        for place, label in enumerate(four.manifest.classes):
            row = explain_row(four, position, label, exact=10, enough=never)[0]
            bars = {one.name: one.value for one in row.columns}
            assert dict(zip("abcd", found.values[position, :, place], strict=True)) == pytest.approx(bars, abs=1e-9)
            assert (np.concatenate(found.called)[position] == place) == (row.called == label)
    monkeypatch.setattr(many_rows_game, "MOST_CHEAP_ROWS", 16 * 12 * 5)  # rows of five games in one call
    parts = []
    again = RowsOpened(four).open(lambda found: parts.append(len(found.rows)), lambda: len(parts) == 3)
    assert parts == [5, 10, 15]
    assert again.values == pytest.approx(found.values[:15], abs=1e-12)
    first = RowsOpened(four).open(lambda found: None, lambda: True)
    assert len(first.rows) == 5  # some in any case


@pytest.mark.parametrize(
    ("n_columns", "model", "exact"),
    [(8, "knn", True), (9, "knn", False), (10, "linear", True), (11, "linear", False)],
)
def test_every_set_of_few_columns_is_tried_of_more_where_a_row_costs_little(tmp_path, n_columns, model, exact):
    made = numbers([f"n{place}" for place in range(n_columns)], 24)
    opened = RowsOpened(model_of(tmp_path, f"columns+{model}", made, "y"))
    assert opened.exact is exact
    if exact:
        return
    opened.model.rows = opened.model.rows.head(3)
    found = opened.open(lambda found: None, never)
    assert found.pairs_ == []
    sums = np.concatenate([one.base for one in found.blocks]) + found.values.sum(axis=1)
    assert sums == pytest.approx(np.concatenate([one.output for one in found.blocks]), abs=1e-9)
    opened.look_at_pairs(found, never)
    sizes = np.abs(found.values).mean(axis=(0, 2))
    strongest = set(np.argsort(-sizes)[:6])
    assert found.pair_columns == [name for place, name in enumerate(opened.columns) if place in strongest]
    assert np.concatenate(found.pairs_).shape == (3, len(pairs(6)), 2)
