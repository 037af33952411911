"""What a language model is told and held to, and what is kept of what it writes; with the bundled model itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.fuse.written import proposed
from core.fuse.written.asking import written
from core.fuse.written.language import Columns, parsed, worked_out
from core.results.language.laboratory import Decoding

ROLES = {
    "Größe (cm)": "number",
    "体重": "number",
    "kind": "category",
    "note": "text",
    "ordered": "date",
    "sent": "date",
}
FRAME = pd.DataFrame(
    {
        "Größe (cm)": [180.0, 165.5, None],
        "体重": [80, 61, 70],
        "kind": ['12" pipe', "back\\slash", "plain"],
        "note": ["Broken again", None, "Thank you"],
        "ordered": pd.to_datetime(["2024-02-28", None, "2024-05-01"]),
        "sent": pd.to_datetime(["2024-03-01", "2025-01-02", None]),
    }
)
COLUMNS = Columns.of(ROLES)
SETTINGS = Decoding(temperature=0.7, max_tokens=150)


def test_the_prompt_tells_columns_values_meanings_classes_and_errors():
    errors = proposed.in_row_words(["kind: plain"], ["yes"], ["no"])
    told = proposed.prompt(FRAME, ROLES, "isFragile", ["yes", "no"], errors, {"体重": "weight in kg"})
    assert "größe_cm: number, such as 180, 165.5" in told
    assert "体重: number (weight in kg), such as 80, 61, 70" in told
    assert "“is fragile”, which is one of: yes, no." in told
    assert "- kind: plain → “yes”, but it says “no”" in told
    assert "wrong on these rows" not in proposed.prompt(FRAME, ROLES, "price", [])


@pytest.mark.parametrize(
    "roles",
    [
        ROLES,
        {"体重": "number"},
        {"kind": "category"},
        {"note": "text"},
        {"sent": "date"},
        {"ordered": "date", "sent": "date"},
    ],
)
def test_whatever_the_columns_are_all_that_the_bundled_model_writes_is_a_formula_of_them(roles):
    held_to = proposed.grammar(FRAME, roles)
    said = written("bundled", ["Write new columns."], SETTINGS, held_to)[0]
    lines = [line for line in said.splitlines() if line and not line.startswith(("#", "```"))]
    whole = lines if said.endswith("```") else lines[:-1]  # the last one may have been cut off
    assert len(whole) >= 2
    for line in whole:
        assert proposed.found(line, Columns.of(roles)), line


def test_formulas_are_found_in_free_text_and_nothing_else_is():
    said = (
        "Sure! Here are two:\n\n1. **Ratio**: weight by height\n   ```python\n   ratio = 体重 / größe_cm\n   ```\n"
        "2) `体重 / größe_cm`\n- late： sent - ordered\n* import os\nrisk = model.predict(体重)\n"
        "x = 体重 == 80\nage_group = 'old' if 体重 > 3 else 'new'"
    )
    assert proposed.found(said, COLUMNS) == {
        "体重 / größe_cm": "ratio",
        "sent - ordered": "late",
        "体重 == 80": "x",
    }


@pytest.mark.parametrize("said", [f"x = {'+'.join(['体重'] * 60)}", 'x = kind == "a\u200db"', "x = 体重 > 0123"])
def test_what_could_not_be_read_again_is_left(said):
    assert proposed.found(said, COLUMNS) == {}


def test_values_are_told_offered_and_compared_in_one_spelling():
    frame = pd.DataFrame({"grade": [1.0, 2.0, None, 2.0], "town": ["New\u00a0York", " a  b", "", "x\u200dy"]})
    roles = {"grade": "category", "town": "category"}
    told, held_to = proposed.prompt(frame, roles, "y", []), proposed.grammar(frame, roles)
    assert "grade: category, such as 1, 2" in told
    assert "town: category, such as New York, a b" in told
    offered = next(line for line in held_to.splitlines() if line.startswith("same ::="))
    assert 'grade == \\"2\\"' in offered
    assert 'town == \\"New York\\"' in offered
    assert 'town == \\"\\"' not in offered
    assert "\u200d" not in offered
    columns = Columns.of(roles)
    same = {'grade == "2"': [0, 1, np.nan, 1], 'town == "New York"': [1, 0, 0, 0], 'town == "a b"': [0, 1, 0, 0]}
    for formula, wanted in same.items():
        np.testing.assert_array_equal(worked_out(parsed(formula, columns), frame, columns), wanted)


def test_a_name_that_is_copied_from_the_example_is_none():
    assert proposed.found("still_owed = 体重 - größe_cm", COLUMNS) == {"体重 - größe_cm": ""}


def test_no_more_formulas_are_taken_than_were_asked_for():
    said = "\n".join(f"体重 + {number}" for number in range(99))
    assert len(proposed.found(said, COLUMNS)) == proposed.MOST


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([1, 2, 4, 9], True),
        ([3, 3, 3, 3], False),
        ([np.nan, np.nan, 2, np.nan], False),
        ([2, 4, 6, 8], False),
        ([np.nan, 5, 9, 13], False),
    ],
)
def test_a_column_says_something_where_it_is_not_constant_and_not_there_already(values, says):
    known = [np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 0.0, np.nan, 2.0])]
    assert proposed.says_something(np.asarray(values, dtype=float), known) is says
