"""Numbers as people write them, against what a person reads."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.schema import Layout
from core.data.values.convert import contradicting, convert
from core.data.values.recognise import recognise, settle


def read(cells, name="v"):
    """What a column of these cells becomes."""
    layout = settle({name: recognise(pa.array(cells), name)})[name]
    return layout, convert(pa.array(cells), layout)[0].to_pylist()


@pytest.mark.parametrize(
    ("cells", "expected", "unit"),
    [
        (["$1,250", "$4.30", "0"], [1250, 4.3, 0], "$"),
        (["12 €", "3,50 €", "1.250,00 €"], [12, 3.5, 1250], "€"),
        (["EUR 12.50", "EUR 3.25"], [12.5, 3.25], "€"),
        (["19.65%", "5.1 %"], [19.65, 5.1], "%"),
        (["183 cm", "1.79 m"], [183, 179], "cm"),
        (["92.1kg", "80kg", "75 kg"], [92.1, 80, 75], "kg"),
        (["4GB", "512MB", "8GB"], [4, 0.5, 8], "GB"),
        (["15.5M", "201k"], [15_500_000, 201_000], ""),
        (["(949.49)", "47.62"], [-949.49, 47.62], ""),
        (["100-", "12"], [-100, 12], ""),
        (["\u22125", "3"], [-5, 3], ""),
        (["1,000,000+", "100+"], [1_000_000, 100], ""),
        (["1.508e+02", "7.8e0"], [150.8, 7.8], ""),
        (["3.5万", "12万元", "8000元"], [35_000, 120_000, 8000], "¥"),
        (["35,600元/平米", "1.2万元/㎡", "28,000元/平米"], [35_600, 12_000, 28_000], "¥/平米"),
        (["89.5㎡", "120㎡"], [89.5, 120], "m2"),
        (["1 234,5", "12 000,25"], [1234.5, 12_000.25], ""),
        (["1'234.50", "12'000.00"], [1234.5, 12_000], ""),
        (["12,34,567", "1,23,456"], [1_234_567, 123_456], ""),
        (["１２３", "４５.５"], [123, 45.5], ""),
        (["36 months", "60 months"], [36, 60], "months"),
        (["<0.01", *(f"{place}.25" for place in range(40))], [0.01, *(place + 0.25 for place in range(40))], ""),
        (["7/10", "9/10"], [7, 9], "/10"),
        (["500,-", "499,50", "1.200,00"], [500, 499.5, 1200], ""),
        (["99,- €", "12,50 €"], [99, 12.5], "€"),
        (["Rs. 15,36,489/-", "Rs. 9,786/-", "Rs. 250/-"], [1_536_489, 9786, 250], "₹"),
        (["1,250/=", "900/="], [1250, 900], ""),
        (["2.53T", "800.1B", "45.2M"], [2.53e12, 8.001e11, 4.52e7], ""),
        (["42 Lac", "1.40 Cr"], [4_200_000, 14_000_000], ""),
        (["1234¹", "12"], [1234, 12], ""),
        (["1/2", "3/4"], [0.5, 0.75], ""),
    ],
)
def test_numbers_are_read_as_a_person_reads_them(cells, expected, unit):
    layout, found = read(cells)
    assert (layout.kind, layout.unit) == ("number", unit)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    "cells",
    [
        ["007", "123"],
        ["12345678901234567890", "1"],
        ["Item 1", "Item 2"],
        ["10.0.24.238", "10.0.24.239"],
        ["$5", "€7", "$3", "€9"],
        ["12 Main Street", "7 Elm Avenue", "3 Oak Road"],
        ["0x1A", "0x1B"],
        ["A-12", "B-13"],
        ["1-2", "2-2"],
        ["2017Q3x", "2018Q1x"],
        ["030 1234567", "040 7654321"],
        ["1,234.50 Cr", "500.00 Dr"],
        ["5.2m", "300k"],
        ["(1,234)", "(56)"],
        ["080442957X", "030640615X"],
    ],
)
def test_what_only_looks_like_numbers_stays_words(cells):
    assert read(cells)[0].kind == "text"
    assert read(cells)[1] == cells


def test_the_rest_of_a_column_of_numbers_is_missing_counted_and_shown():
    layout, found = read([*map(str, range(1, 98)), "oops", "see note", "12"])
    assert (layout.kind, layout.n_unread, layout.unread) == ("number", 2, ["oops", "see note"])
    assert found[96:] == [97, None, None, 12]


@pytest.mark.parametrize(
    ("cells", "odd"),
    [
        ([f"{place}.5 mg/dl" for place in range(1, 98)], ["10.0 mmol/L", "9 mmol/L"]),
        ([f"{place}%" for place in range(1, 98)], ["0.12", "0.5"]),
        ([str(place) for place in range(97)], ["12 months", "1980s"]),
    ],
)
def test_another_unit_is_missing_and_counted_never_a_bare_number(cells, odd):
    layout, found = read([*cells, *odd])
    assert (layout.n_unread, found[-2:]) == (2, [None, None])
    new = pa.array([cells[0], odd[0]])
    assert contradicting(new, convert(new, layout)[0], layout) == 1


def test_more_than_one_in_twenty_of_another_kind_makes_no_numbers():
    assert read([*map(str, range(1, 91)), *(f"word {place}" for place in range(10))])[0].kind == "text"


def test_a_word_that_comes_back_among_numbers_stands_for_no_value():
    layout, found = read([*(f"{place}.5" for place in range(40)), *["Varies by size"] * 6])
    assert (layout.kind, layout.missing, layout.n_unread) == ("number", ["Varies by size"], 0)
    assert found[-1] is None


def test_one_column_settles_the_comma_of_the_others():
    told = {"a": recognise(pa.array(["1,250", "8,375"]), "a"), "b": recognise(pa.array(["0,5", "12,75"]), "b")}
    settled = settle(told)
    assert (settled["a"].decimal, settled["a"].ambiguous) == (",", False)
    told["b"] = recognise(pa.array(["1,250.5", "3,000.25"]), "b")
    assert (settle(told)["a"].thousands, settle(told)["a"].ambiguous) == (",", False)


def test_what_nothing_settles_is_an_assumption_that_is_said():
    told = {"a": recognise(pa.array(["1,250", "8,375"]), "a")}
    assert (settle(told)["a"].thousands, settle(told)["a"].ambiguous) == (",", True)
    assert (settle(told, ";")["a"].decimal, settle(told, ";")["a"].ambiguous) == (",", True)


def test_points_separate_thousands_where_the_comma_is_the_decimal_mark():
    told = {"a": recognise(pa.array(["1.250", "8.375"]), "a"), "b": recognise(pa.array(["0,5", "12,75"]), "b")}
    assert convert(pa.array(["1.250"]), settle(told)["a"])[0].to_pylist() == [1250]
    del told["b"]
    assert convert(pa.array(["1.250"]), settle(told)["a"])[0].to_pylist() == [1.25]


@settings(deadline=None)
@given(st.lists(st.floats(-1e12, 1e12, allow_subnormal=False).map(lambda value: round(value, 2)), min_size=2))
def test_german_writing_comes_back(values):
    cells = [f"{value:,.2f}".translate(str.maketrans(",.", ".,")) for value in values]
    layout, found = read(cells)
    assert layout.decimal == ","
    assert found == pytest.approx([float(f"{value:.2f}") for value in values])


@settings(deadline=None)
@given(st.lists(st.integers(-(10**15), 10**15), min_size=2))
def test_whole_numbers_stay_whole(values):
    found = convert(pa.array([str(value) for value in values]), Layout(kind="number"))[0]
    assert pa.types.is_integer(found.type)
    assert np.array_equal(found.to_numpy(), values)
