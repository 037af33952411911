"""Roles on exports of many tools and countries, labelled by hand: the part of ``benchmarks.roles`` without files."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks import roles
from benchmarks.tables import made_up_measurements, made_up_offices, planted

LABELS = json.loads(roles.LABELS.read_text(encoding="utf-8"))
TABLES = [*made_up_offices.TABLES, *made_up_measurements.TABLES]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Every made-up table, drawn with another seed than the benchmark's and read from its file."""
    scratch = tmp_path_factory.mktemp("exports")
    found = {}
    for number, make in enumerate(TABLES):
        path = scratch / f"{make.__name__}.csv"
        make(np.random.default_rng([7, number])).to_csv(path, index=False)
        found[f"made/{make.__name__}"] = path
    return roles.read(found, LABELS, scratch)


@pytest.fixture(scope="module")
def answers(tables):
    return [answer for name, path in tables.items() for answer in roles.answers_of(name, path, LABELS[name])]


def test_every_table_has_a_label():
    assert {f"made/{make.__name__}" for make in TABLES} <= set(LABELS)


def test_every_label_names_columns_that_are_there():
    for number, make in enumerate(TABLES):
        frame = make(np.random.default_rng([7, number]))
        label = LABELS[f"made/{make.__name__}"]
        named = [name for key, names in label.items() if key not in roles.NOT_ROLES for name in names]
        assert set(named) <= set(frame), make.__name__
        assert label["target"] in frame, make.__name__


def test_columns_of_plain_cells_are_taken_for_what_they_are(answers):
    wrong = [f"{answer.table}: {answer.column.name}" for answer in answers if not (answer.right or answer.of_cells)]
    n_plain = sum(not answer.of_cells for answer in answers)
    assert n_plain > 250
    assert len(wrong) <= 0.03 * n_plain, wrong


def test_no_honest_column_is_left_out_as_a_leak(answers):
    assert [f"{answer.table}: {answer.column.name}" for answer in answers if answer.honest_but_left_out] == []


def test_planted_leaks_are_caught_and_nothing_beside_them(tables, tmp_path):
    plants, dropped = roles.plant(tables, LABELS, 60, 7, tmp_path)
    assert len(plants) == 60
    assert {kind for _table, kind, _found in plants} == {
        kind.__name__ for kind in (*planted.OF_CLASSES, *planted.OF_NUMBERS)
    }
    assert [(table, kind) for table, kind, found in plants if not found][3:] == []
    assert dropped == []
