"""A weighted sum put into words: per unit, against the other values, the strongest first; worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from core.explain.model_internals.linear import MOST_WORDS, linear
from core.results.explanations.model_internals import Feature

KNOWN = [
    Feature(column="hours", kind="number", middle=5.0, spread=2.0),
    Feature(column="colour", kind="category", detail="red", spread=0.5),
    Feature(column="colour", kind="category", detail="blue", spread=0.5),
    Feature(column="note", kind="embedding", number=1),
    Feature(column="note", kind="embedding", number=2),
]
MADE = np.array([[1.0, 2.0, 0.0, 1.0, 0.0], [-1.0, 0.0, 2.0, 0.0, 1.0]])
WEIGHTS = np.array([[3.0, 1.0, -0.5, 0.2, 0.4]])


def told(labels, made=MADE, weights=WEIGHTS, known=KNOWN):
    return linear(weights, np.full(len(weights), 0.25), known, labels, "log-odds", made)


def of(found, column, label="", detail=""):
    return next(
        one
        for one in found.coefficients
        if (one.feature.column, one.label, one.feature.detail) == (column, label, detail)
    )


def test_a_number_is_told_per_unit():
    hours = of(told([""]), "hours")
    assert (hours.value, hours.per_unit) == (3.0, 1.5)  # 3 per deviation of 2


def test_a_category_is_told_against_the_columns_other_values():
    """Red is seen as 2: 2 · (1 − (−0.5)) more than blue."""
    assert of(told([""]), "colour", detail="red").value == pytest.approx(3.0)
    assert of(told([""]), "colour", detail="blue").value == pytest.approx(-3.0)
    assert of(told([""]), "colour", detail="red").per_unit is None


def test_dimensions_of_an_embedding_are_told_together_only():
    found = told([""])
    assert {one.feature.column for one in found.coefficients} == {"hours", "colour"}
    (note,) = [block for block in found.blocks if block.column == "note"]
    assert (note.n_features, note.effect) == (2, pytest.approx(0.1))  # 0.2 and 0.4: half their difference


def test_what_changes_the_output_most_stands_first():
    found = told([""])
    assert [block.column for block in found.blocks] == ["hours", "colour", "note"]  # 3, 1.5, 0.1
    effects = [one.effect for one in found.coefficients]
    assert effects == sorted(effects, reverse=True)


def test_one_row_of_weights_for_two_classes_speaks_of_both():
    found = told(["no", "yes"])
    assert found.intercepts == {"no": -0.25, "yes": 0.25}
    assert of(found, "hours", "no").value == -of(found, "hours", "yes").value == -3.0


def test_sparse_rows_have_the_same_deviations():
    dense, thin = told([""]), told([""], made=sparse.csr_matrix(MADE))
    assert [one.effect for one in thin.coefficients] == pytest.approx([one.effect for one in dense.coefficients])


def test_of_words_the_strongest_are_told_and_those_without_weight_are_not():
    n = MOST_WORDS + 10
    known = [Feature(column="note", kind="word", detail=f"w{place}") for place in range(n)]
    weights = np.arange(n, dtype=float)[None, :]  # the first word has no weight
    found = told([""], made=np.vstack([np.ones(n), np.zeros(n)]), weights=weights, known=known)
    assert [one.feature.detail for one in found.coefficients] == [f"w{place}" for place in range(n - 1, 9, -1)]
    few = told([""], made=np.ones((2, 3)), weights=weights[:, :3], known=known[:3])
    assert [one.feature.detail for one in few.coefficients] == ["w2", "w1"]
