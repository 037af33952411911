"""Numbers that a state gives to each person, by a column's name and their check digits; examples of the issuers."""

from __future__ import annotations

import pandas as pd
import pytest

from core.data.personal.national_ids import are_ids
from core.data.reading import read_files
from core.data.roles import columns
from core.data.schema import ReadOptions


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("PESEL", ["44051401359", "02070803628"]),
        ("patient_pesel", ["44051401359"]),
        ("CPF do cliente", ["390.533.447-05"]),
        ("BSN", ["111222333"]),
        ("DNI", ["54362315-K", "X-2482300W"]),
        ("Aadhaar", ["2341 2341 2346"]),
    ],
)
def test_numbers_that_bear_out_the_columns_name_are_told(column, values):
    assert are_ids(column, pd.Series(values))


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("PESEL", ["44051401358", "44051401357"]),  # check digits that are wrong
        ("order", ["44051401359"]),
        ("runtime", ["12.531.909-2"]),
        ("PESEL", []),
    ],
)
def test_other_numbers_are_not(column, values):
    assert not are_ids(column, pd.Series(values, dtype=object))


def test_numbers_and_names_of_patients_that_come_back_in_every_visit_are_left_out(tmp_path):
    people = [("Anna Nowak", "44051401359"), ("Jan Wójcik", "02070803628")]
    lines = [
        f"{name},{number},{visit},{'yes' if visit % 3 else 'no'}" for visit in range(30) for name, number in people
    ]
    (tmp_path / "a.csv").write_text("\n".join(["Imię i nazwisko,PESEL,visit,well", *lines]) + "\n", encoding="utf-8")
    read_files([tmp_path / "a.csv"], ReadOptions(), tmp_path)
    found = {column.name: column for column in columns.guess(tmp_path / "table.parquet").columns}
    assert [(found[name].role, found[name].code) for name in ("Imię i nazwisko", "PESEL")] == [
        ("ignored", "personal")
    ] * 2
    assert found["PESEL"].personal.cells == {"id": 60}
