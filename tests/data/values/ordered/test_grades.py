"""Scales told by how their levels are written, and columns that only look like one."""

import pyarrow as pa
import pytest

from core.data.values.recognise import recognise


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("v", ["☆☆☆☆☆", "★★☆☆☆", "★★★☆☆", "★★★★★"]),
        ("v", ["D", "CCC-", "BBB-", "BBB", "AA+", "AAA"]),
        ("v", ["Caa1", "Ba2", "Ba1", "A2", "Aaa"]),
        ("v", ["F", "C-", "B", "B+", "A", "A+"]),
        ("v", ["F", "D", "C", "B", "A"]),
        ("epc rating", ["G", "D", "C", "B"]),
        ("priority", ["P1", "P2", "P3", "P4"]),
        ("v", ["Stage I", "Stage II", "Stage IIIa", "Stage IIIb", "Stage IV"]),
        ("v", ["Level 1", "Level 2", "Level 10"]),
        ("stage", ["I", "II", "III", "IV"]),
        ("pT", ["T1a", "T1b", "T2", "T3"]),
    ],
)
def test_levels_are_put_in_order(name, scale):
    layout = recognise(pa.array([*reversed(scale), *scale, None, "n/a"]), name).layout
    assert (layout.kind, layout.levels) == ("ordered", scale)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("group", ["A", "B", "C"]),
        ("class", ["A", "B", "C"]),
        ("class", ["class_0", "class_1", "class_2"]),
        ("player", ["P1", "P2", "P3"]),
        ("blood", ["A", "B", "AB", "0"]),
        ("blood", ["A+", "B-", "AB+", "0-"]),
        ("model", ["T1", "T2", "X3"]),
        ("lead", ["I", "II", "III"]),
        ("arm", ["Group 1", "Group 2"]),
        ("strain", ["AA", "Aa", "aa"]),
    ],
)
def test_letters_and_codes_under_another_name_are_no_scale(name, cells):
    assert recognise(pa.array(cells * 5), name).layout.kind == "text"
