"""Amounts with words for how many, and rates."""

import pyarrow as pa
import pytest

from core.data.schema import Layout
from core.data.values.convert import convert
from core.data.values.recognise import recognise, settle


@pytest.mark.parametrize(
    ("cells", "expected", "unit"),
    [
        (["€50.00m", "€1.25m"], [50_000_000, 1_250_000], "€"),
        (["1,5 Mrd. €", "2 Mrd. €"], [1_500_000_000, 2_000_000_000], "€"),
        (["$1.2bn", "$300m"], [1_200_000_000, 300_000_000], "$"),
        (["£3k", "£4.5k"], [3000, 4500], "£"),
        (["12 M€", "3,5 M€"], [12_000_000, 3_500_000], "€"),
        (["12 TEUR", "7 TEUR"], [12_000, 7000], "€"),
        (["5 mln zł", "3 tys. zł"], [5_000_000, 3000], "zł"),
        (["3.4 trn", "1.2 trn"], [3_400_000_000_000, 1_200_000_000_000], ""),
        (["2 lakh", "3 crore"], [200_000, 30_000_000], ""),
        (["€8.06m", "€0.29m"], [8_060_000, 290_000], "€"),
        (["£1,250 pcm", "£900 pcm"], [1250, 900], "£/month"),
        (["$50 per month", "$1,200 per year"], [50, 100], "$/month"),
        (["Rs. 2,500", "₹ 300", "Rs 40"], [2500, 300, 40], "₹"),
        (["50 € pro Stunde", "70 € pro Stunde"], [50, 70], "€/Stunde"),
    ],
)
def test_amounts_are_read_exactly(cells, expected, unit):
    layout = recognise(pa.array(cells), "v").layout
    assert (layout.kind, layout.unit) == ("number", unit)
    assert convert(pa.array(cells), layout)[0].to_pylist() == expected


def test_a_layout_of_an_older_version_reads_the_same_numbers():
    old = Layout(kind="number", decimal=",", unit="mio. €")
    assert convert(pa.array(["1,5 Mio. €"]), old)[0].to_pylist() == [1.5]
    assert convert(pa.array(["Rs. 1,500"]), Layout(kind="number", thousands=",", unit="rs."))[0].to_pylist() == [1500]


@pytest.mark.parametrize("cells", [["5.2m", "300k"], ["12/abc", "13/xyz"], ["PHP 7.4", "PHP 8.1"]])
def test_what_may_be_something_else_stays_words(cells):
    assert recognise(pa.array(cells), "v").layout.kind == "text"


@pytest.mark.parametrize(
    "cells", [["12,000円", "980円"], ["¥2,400", "¥500"], ["₩12,000", "₩900"], ["3,500 won"], ["JPY 1,200"]]
)
def test_a_comma_in_money_without_cents_separates_thousands_for_certain(cells):
    found = recognise(pa.array(cells), "v")
    settled = settle({"v": found, "w": recognise(pa.array(["1,250", "8,375"]), "w")}, ";")
    assert [(one.thousands, one.ambiguous) for one in settled.values()] == [(",", False)] * 2


def test_where_the_file_writes_decimal_commas_money_without_cents_is_asked_about_and_decides_nothing_else():
    columns = [("¥", "¥7,241 ¥7,386"), ("price", "3,5 12,75"), ("kg", "1,250 8,375"), ("day", "3/4/24 5/4/24")]
    settled = settle({name: recognise(pa.array(cells.split()), name) for name, cells in columns})
    assert (settled["¥"].decimal, settled["¥"].ambiguous) == (",", True)
    assert (settled["kg"].decimal, settled["kg"].ambiguous) == (",", False)
    assert settled["day"].formats[0].startswith("%d")


def test_a_comma_in_euros_may_be_either():
    assert recognise(pa.array(["€1,859", "€1,799"]), "v").others
