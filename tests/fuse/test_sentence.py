"""Rows written as sentences: every filled cell once, short, long ones last."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.bundles import bundle
from core.fuse.candidates import build
from core.fuse.sentence import LONG, cell_words, in_words, sentences
from core.fuse.setting import Setting
from core.plan import Plan
from tests.fuse.tables import tickets


def one(**cells) -> str:
    return str(sentences(pd.DataFrame([cells]))[0])


def test_a_row_reads_as_a_person_would_write_it():
    row = {"late_flights": 3.0, "home_town": "Rome", "paid": 12.3456789, "day": pd.Timestamp("2024-05-31"), "ok": True}
    assert one(**row) == "late flights: 3; home town: Rome; paid: 12.35; day: 2024-05-31; ok: True"


def test_missing_cells_are_left_out_and_an_empty_row_is_the_empty_text():
    gaps = {"a": np.nan, "b": None, "c": pd.NaT, "d": "  ", "e": pd.NA, "f": float("inf")}
    assert one(**gaps) == ""
    assert one(**gaps, g=0) == "g: 0"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2015, "2015"),
        (760505847.0, "760505847"),
        (1234567.89, "1235000"),
        (0.000012345, "1.234e-05"),
        (-0.5, "-0.5"),
        (np.float32(0.1), "0.1"),
        ("01234", "01234"),
        ("a\n b", "a b"),
        ("2024-99-99", "2024-99-99"),
        (pd.Timestamp("2024-05-31 13:05"), "2024-05-31 13:05"),
        (pd.Timestamp("2024-05-31 13:05:09.5"), "2024-05-31 13:05:09"),
    ],
)
def test_cells_are_short(value, words):
    assert cell_words(value) == words


def test_numbers_and_dates_may_come_as_text():
    frame = pd.DataFrame({"paid": [12.3456789, 4.0, np.nan], "day": pd.date_range("2024-05-31", periods=3, freq="7h")})
    assert list(sentences(frame)) == list(sentences(frame.astype({"paid": str, "day": str}).replace("nan", None)))


def test_long_cells_come_last_so_that_cutting_hides_no_other_column():
    story, novel = "s" * (LONG + 1), "n" * (2 * LONG)
    assert (
        one(novel=novel, story=story, age=36, note="short") == f"age: 36; note: short; story: {story}; novel: {novel}"
    )


def test_a_row_does_not_depend_on_other_rows():
    table, _schema = tickets(50)
    assert list(sentences(table)) == [sentences(table.iloc[[place]])[0] for place in range(50)]


def test_names_are_taken_apart():
    names = {
        "late_flight": "late flight",
        "lateFlight": "late flight",
        "Late-Flight": "late flight",
        "iPhone": "iPhone",
    }
    assert {name: in_words(name) for name in names} == names


def test_columns_as_text_is_kept_and_predicts_the_same(tmp_path):
    table, schema = tickets(60)
    made = build("columns-as-text", Setting(schema, Plan(target="mood"), "binary", threads=2))
    assert made.leak_badge() == "label-free"
    assert len(made.frozen_work(table)[0].texts) == 60
    made.fit(table, table["mood"])
    bundle.save(made, tmp_path / "kept", name="columns-as-text", target="mood", schema=schema, rows=table)
    scored = bundle.load(tmp_path / "kept").predict(table)
    assert list(scored["prediction"]) == list(made.predict(table))
    assert np.mean(scored["prediction"] == table["mood"]) > 0.7
