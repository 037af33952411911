"""Digits that are names, and amounts that only look like them."""

import csv

import pyarrow as pa
import pytest

from core.data.reading import read_files
from core.data.roles import columns
from core.data.schema import ReadOptions
from core.data.values.recognise import recognise

PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)


def pesel(place):
    digits = f"{80 + place % 20}{1 + place % 12:02}{1 + place % 28:02}{place:04}"
    check = -sum(int(digit) * weight for digit, weight in zip(digits, PESEL_WEIGHTS, strict=True)) % 10
    return f"{digits}{check}"


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("citizen", [pesel(place) for place in range(40)]),
        ("contact", [f"+48 60{place % 9} {100 + place} {200 + place}" for place in range(40)]),
        ("contact", [f"60{place % 9} {100 + place} {200 + place}" for place in range(40)]),
        ("phone", [f"55501{place:02}" for place in range(40)]),
        ("ean", [f"40000000000{place:02}" for place in range(40)]),
        ("app_version", ["1.9", "1.10", "1.1"] * 5),
        ("software", ["1.9", "1.10", "2.3.1", "2.3.2"] * 5),
    ],
)
def test_digits_that_tell_things_apart_stay_as_they_are(name, cells):
    assert recognise(pa.array(cells), name).layout.kind == "text"


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("revenue", [f"{place} 234 567" for place in range(1, 120, 3)]),
        ("big", [str(10**10 + 7919 * place**2) for place in range(40)]),
        ("phone_calls", [str(place) for place in range(40)]),
        ("conversion", ["1.9", "1.10", "1.1"] * 5),
        ("change", ["+1.5", "-2.25", "+12"] * 5),
    ],
)
def test_amounts_stay_numbers(name, cells):
    assert recognise(pa.array(cells), name).layout.kind == "number"


def test_grouped_digits_are_ids_and_no_texts(tmp_path):
    rows = [["konto", "grade"], *([f"601 {100 + place} {300 + 7 * place}", "ab"[place % 2]] for place in range(60))]
    with (tmp_path / "t.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    read_files([tmp_path / "t.csv"], ReadOptions(), tmp_path)
    found = columns.guess(tmp_path / "table.parquet", "grade", suggest=False).column("konto")
    assert "id" in (found.role, found.kept_as)
