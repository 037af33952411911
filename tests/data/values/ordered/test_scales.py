"""Ordered scales, ranges and yes or no."""

import pyarrow as pa
import pytest

from core.data.values.convert import convert
from core.data.values.counted import Counted
from core.data.values.ordered.scales import is_boolean, levels
from core.data.values.recognise import recognise
from core.data.values.shown.notes import notes


@pytest.mark.parametrize(
    "scale",
    [
        ["low", "medium", "high"],
        ["S", "M", "L", "XL"],
        ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"],
        ["never", "rarely", "sometimes", "often", "always"],
        ["< 1 year", "1 year", "2 years", "10+ years"],
        ["less than 1", "1", "2", "2 years", "3", "5", "ten", "10+"],
        ["0-9", "10-19", "20-29", "100-109"],
        ["under 18", "18 to 24", "25 to 34", "65+"],
        ["<$50k", "$50k-$75k", "$75k+"],
        ["低", "中", "高"],
        ["非常不满意", "不满意", "一般", "满意", "非常满意"],
        ["niedrig", "mittel", "hoch"],
        ["1 - Poor", "3 - Good", "5 - Excellent"],
        ["Mon", "Wed", "Sun"],
        ["January", "March", "September", "October", "December"],
        ["High School", "Bachelor", "Master", "PhD"],
        ["XXS", "M", "XXL", "3XL"],
        ["none", "mild", "moderate", "severe"],
        ["negative", "trace", "+", "++", "+++"],
        ["stimme gar nicht zu", "stimme eher nicht zu", "teils/teils", "stimme eher zu", "stimme voll zu"],
        ["trifft nicht zu", "trifft eher nicht zu", "trifft eher zu", "trifft voll zu"],
        ["Pas du tout d'accord", "Plutôt pas d'accord", "Plutôt d'accord", "Tout à fait d'accord"],
        ["Totalmente en desacuerdo", "En desacuerdo", "De acuerdo", "Totalmente de acuerdo"],
        ["Per niente d'accordo", "Poco d'accordo", "Abbastanza d'accordo", "Molto d'accordo"],
        ["Discordo totalmente", "Discordo", "Concordo", "Concordo totalmente"],
        ["Helemaal niet mee eens", "Niet mee eens", "Neutraal", "Mee eens", "Helemaal mee eens"],
        ["完全不同意", "不同意", "一般", "同意", "完全同意"],
    ],
)
def test_scales_are_put_in_order(scale):
    cells = [*reversed(scale), *scale]
    assert levels(Counted.of(pa.array(cells))) == scale
    assert recognise(pa.array(cells), "v").layout.kind == "ordered"


@pytest.mark.parametrize(
    "cells",
    [
        ["red", "green", "blue"],
        ["3-1", "2-2", "0-1"],
        ["A", "B", "C"],
        ["low", "blue"],
        ["2017-09", "2018-03"],
        ["1", "2"],
    ],
)
def test_what_is_no_scale(cells):
    assert levels(Counted.of(pa.array(cells))) == []


@pytest.mark.parametrize(
    "pair", [("TRUE", "FALSE"), ("Ja", "nein"), ("Y", "N"), ("是", "否"), ("Oui", "Non"), ("有", "无")]
)
def test_yes_and_no_in_several_languages(pair):
    assert is_boolean(Counted.of(pa.array([*pair, pair[0], ""])))
    assert recognise(pa.array([*pair, ""]), "v").layout.kind == "boolean"


@pytest.mark.parametrize(
    ("cells", "missing"),
    [
        (["ja", "nein", "k.A."], ["k.A."]),
        (["Oui", "Non", "NSP"], ["NSP"]),
        (["是", "否", "不详"], ["不详"]),
        (["Sí", "No", "NS"], ["NS"]),
        (["yes", "no", "don't know", "refused"], ["don't know", "refused"]),
        (["有", "无"], []),
    ],
)
def test_no_answer_beside_yes_and_no_is_missing(cells, missing):
    layout = recognise(pa.array(cells), "v").layout
    assert (layout.kind, layout.missing) == ("boolean", missing)
    assert convert(pa.array(cells), layout)[0].null_count == len(missing)


def test_no_answer_beside_the_levels_of_a_scale_is_missing():
    layout = recognise(pa.array(["oft", "nie", "weiß nicht", "selten"]), "v").layout
    assert (layout.levels, layout.missing) == (["nie", "selten", "oft"], ["weiß nicht"])


def test_no_beside_no_answer_alone_is_no_yes_or_no():
    assert not is_boolean(Counted.of(pa.array(["no", "don't know"])))


def test_maybe_is_neither():
    assert not is_boolean(Counted.of(pa.array(["Yes", "No", "Maybe"])))


def test_2xl_beside_xxl_is_one_level():
    cells = pa.array(["S", "XXL", "2XL", "M", "XXL", "xxl", "3XL"])
    found = recognise(cells, "size").layout
    assert (found.levels, found.spellings) == (["S", "M", "XXL", "xxl", "3XL"], {"2xl": "XXL"})
    assert convert(cells, found)[0].to_pylist() == ["S", "XXL", "XXL", "M", "XXL", "xxl", "3XL"]
    assert str(notes("size", found)[0]) == (
        "In “size” 1 cell has another name for a level, which was taken for the same: 2XL."
    )
    assert recognise(pa.array(["S", "M", "2XL"] * 3), "size").layout.spellings == {}
    assert recognise(pa.array(["low", "medium", "middle"] * 3), "v").layout.spellings == {}
