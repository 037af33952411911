"""Formulas: what they give, and what is refused."""

from __future__ import annotations

import ast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.fuse.written.language import LONGEST, Columns, UnknownFormulaError, called, parsed, worked_out

ROLES = {
    "Prix (€)": "number",
    "qty": "number",
    "kind": "category",
    "code": "category",
    "订单备注": "text",
    "ordered": "date",
    "sent": "date",
}
COLUMNS = Columns.of(ROLES)
FRAME = pd.DataFrame(
    {
        "Prix (€)": [10.0, None, -4.0],
        "qty": [4, 0, 2],
        "kind": ["Gift", "sale", None],
        "code": [2.0, 1.0, None],
        "订单备注": ["请尽快发货", None, "Handle with CARE"],
        "ordered": pd.to_datetime(["2024-02-28", "2024-12-30", None]),
        "sent": pd.to_datetime(["2024-03-01", "2025-01-02", "2025-01-01"]),
    }
)
NAN = float("nan")


def value(formula: str) -> list[float]:
    return worked_out(parsed(formula, COLUMNS), FRAME, COLUMNS).tolist()


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("prix / qty", [2.5, NAN, -2.0]),
        ("qty / (qty - 4)", [NAN, 0.0, -1.0]),
        ("prix", [10.0, NAN, -4.0]),
        ("qty**2 - 1", [15.0, -1.0, 3.0]),
        ("-qty + 2 * 3", [2.0, 6.0, 4.0]),
        ("log(prix)", [np.log(10), NAN, NAN]),
        ("sqrt(qty)", [2.0, 0.0, np.sqrt(2)]),
        ("abs(prix)", [10.0, NAN, 4.0]),
        ("max(qty, 3, 1)", [4.0, 3.0, 3.0]),
        ("min(prix, qty)", [4.0, NAN, -4.0]),
        ("prix > 0", [1.0, NAN, 0.0]),
        ("qty != 2 and prix >= 10", [1.0, NAN, 0.0]),
        ("qty == 4 or qty == 0", [1.0, 1.0, 0.0]),
        ("not qty", [0.0, 1.0, 0.0]),
        ('kind == "gift"', [1.0, 0.0, NAN]),
        ("kind != 'gift '", [0.0, 1.0, NAN]),
        ('kind == "  GIFT\u00a0"', [1.0, 0.0, NAN]),
        ("code == 2 or code == '1'", [1.0, 1.0, NAN]),
        ("missing(kind) + missing(prix)", [0.0, 1.0, 1.0]),
        ("length(订单备注)", [5.0, NAN, 16.0]),
        ('contains(订单备注, "care")', [0.0, NAN, 1.0]),
        ('contains(订单备注, "发货")', [1.0, NAN, 0.0]),
        ("sent - ordered", [2.0, 3.0, NAN]),
        ("sent > ordered", [1.0, 1.0, NAN]),
        ("year(ordered)", [2024.0, 2024.0, NAN]),
        ("month(sent) * 10 + weekday(sent)", [34.0, 13.0, 12.0]),
    ],
)
def test_a_formula_gives_a_number_for_each_row(formula, wanted):
    np.testing.assert_allclose(value(formula), wanted)


@pytest.mark.parametrize(
    "formula",
    [
        *["", "1 + 1", "prix +", "width * 2", "prix + kind", "kind", "sent", "sent + ordered", "sent + 1"],
        *["log()", "log(prix, qty)", "log(kind)", "min(prix)", "length(prix)", "contains(kind)", "contains(kind, qty)"],
        *[
            "contains(kind, '')",
            "kind > 'a'",
            "kind > 1",
            "kind == qty",
            "prix == 'a'",
            "'a' == kind",
            "1 < prix < 3",
            "year(prix)",
        ],
        *["missing(prix + 1)", "prix ** 3", "prix ** qty", "prix // 2", "prix % 2", "prix @ qty", "prix | 1", "~qty"],
        *[
            "prix if qty else 1",
            "[prix]",
            "(prix, qty)",
            "{prix}",
            "prix[0]",
            "prix.real",
            "lambda: prix",
            "True + prix",
        ],
        *["__import__('os').system('ls') + prix", "open('a') + prix", "eval('1') + prix", "log(*prix)", "log(x=prix)"],
        *["(prix := 3)", "f'{prix}' == kind", "prix + 1j", "prix + None", "prix + ...", "prix; qty", "prix = qty"],
        *[
            "prix + 1e999",
            "prix\n+ import os",
            "kind == '\\x41'",
            "prix + " + "1" * LONGEST,
            "(" * 150 + "prix" + ")" * 40,
        ],
    ],
)
def test_what_is_no_formula_of_these_columns_is_refused(formula):
    with pytest.raises(UnknownFormulaError):
        parsed(formula, COLUMNS)


@given(st.text(alphabet="prixqtykndse ()+-*/<>=!.,'\"0123456789lognabcmif[]{}:\\\n@~", max_size=60))
def test_any_text_is_a_formula_or_is_refused(text):
    try:
        tree = parsed(text, COLUMNS)
    except UnknownFormulaError:
        return
    values = worked_out(tree, FRAME, COLUMNS)
    assert values.shape == (3,)
    assert not np.isinf(values).any()
    again = worked_out(parsed(ast.unparse(tree), COLUMNS), FRAME, COLUMNS)
    np.testing.assert_array_equal(values, again)


@given(st.lists(st.text(max_size=12), unique=True, max_size=8))
def test_each_column_has_a_name_of_its_own_that_a_formula_can_hold(columns):
    names = called(columns)
    assert list(names.values()) == columns
    assert all(ast.parse(name, mode="eval").body.id == name for name in names)


def test_a_formula_of_many_signs_is_read_at_once():
    """Reading a side twice would double the time with every sign."""
    long = "-".join(["qty"] * 49)
    assert value(long) == [-4.0 * 47, 0.0, -2.0 * 47]
    assert value(" < ".join(["qty"] * 2))[0] == 0.0
    with pytest.raises(UnknownFormulaError):
        parsed("-".join(["1"] * 100), COLUMNS)


def test_names_are_cut_and_stay_apart():
    names = called([f"{'very ' * 50}long {number}" for number in range(3)])
    assert max(map(len, names)) <= 42
    assert len(names) == 3


def test_numbers_too_large_and_dates_that_no_calendar_has_give_nothing():
    huge = pd.DataFrame({"a": [1e200, 2.0]})
    columns = Columns.of({"a": "number"})
    assert np.isnan(worked_out(parsed("a * a", columns), huge, columns)[0])
    words = pd.DataFrame({"a": ["2024-02-30"]})
    dates = Columns.of({"a": "date"})
    with pytest.raises(Exception, match="dates"):
        worked_out(parsed("year(a)", dates), words, dates)
