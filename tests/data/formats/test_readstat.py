"""Files of SPSS, Stata and SAS: words for codes, gaps for marked codes, dates as dates."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from core.data import reading, table
from core.data.formats import detect, readstat
from core.data.schema import ReadOptions
from core.messages import UnreadableFile

DAYS = [datetime.date(2020, 1, 2), datetime.date(1999, 12, 31), None, datetime.date(2021, 6, 1)]
SURVEY = pd.DataFrame(
    {
        "q1": [1.0, 2.0, 5.0, 9.0],
        "age": [30.0, 41.0, 99.0, np.nan],
        "weight": [0.5, 1.25, 2.0, 1.0],
        "name": ["Zoé", "Bob", "", "王"],
        "born": DAYS,
        "sex": ["m", "f", "m", "f"],
    }
)
LABELS = {"q1": {1: "bad", 2: "ok", 5: "good", 9: "no answer"}, "age": {99: "refused"}}


def read(path, **options):
    result = reading.read_files([path], ReadOptions(**options), path.parent / "set")
    return result, table.load(path.parent / "set")


def sav(folder, frame=SURVEY, name="a.sav", **more):
    pyreadstat.write_sav(frame, str(folder / name), **more)
    return folder / name


@pytest.mark.parametrize("name", ["a.sav", "a.zsav"])
def test_codes_become_words_and_user_missing_ones_gaps(tmp_path, name):
    path = sav(
        tmp_path, name=name, row_compress=name == "a.zsav",
        column_labels={"q1": "How satisfied are you?"},
        variable_value_labels={**LABELS, "sex": {"m": "male", "f": "female"}},
        missing_ranges={"q1": [9], "age": [{"lo": 97, "hi": 99}]},
        variable_measure={"q1": "ordinal"},
    )  # fmt: skip
    result, frame = read(path)
    assert result.format == "spss"
    assert frame["q1"].tolist()[:3] == ["bad", "ok", "good"]
    assert frame["q1"].isna().tolist() == [False, False, False, True]
    assert frame["age"].dropna().tolist() == [30, 41]
    assert frame["sex"].tolist() == ["male", "female", "male", "female"]
    assert frame["weight"].tolist() == SURVEY["weight"].tolist()
    assert frame["born"].dropna().tolist() == [pd.Timestamp(day) for day in DAYS if day]
    assert frame["name"].tolist()[3] == "王"
    assert pd.isna(frame["name"][2])
    assert result.layouts["q1"].levels == ["bad", "ok", "good", "no answer"]
    notes = " ".join(map(str, result.notes))
    assert "q1 = How satisfied are you?" in notes
    assert "codes of 2 columns became the words that the file gives them: q1, sex" in notes


def test_a_code_that_says_why_there_is_no_number_is_a_gap_though_nobody_marked_it(tmp_path):
    frame = pd.DataFrame({"age": [23.0, 41, 35, 99, 60], "score": [1.0, 2, 3, 4, 10]})
    labels = {"age": {99: "Refused"}, "score": {0: "not at all", 10: "very much"}}
    pyreadstat.write_dta(frame, str(tmp_path / "a.dta"), variable_value_labels={name: labels[name] for name in labels})
    result, found = read(tmp_path / "a.dta")
    assert found["age"].dropna().tolist() == [23, 41, 35, 60]
    assert found["score"].tolist() == [1, 2, 3, 4, 10]  # only the ends of the scale have names: a number
    notes = " ".join(map(str, result.notes))
    assert "age 99 = Refused" in notes
    assert "score 10 = very much" in notes


def test_stata_gives_words_dates_and_months(tmp_path):
    frame = SURVEY.assign(month=[0, 1, 767, -1], quarter=[0, 5, 239, -1])
    pyreadstat.write_dta(
        frame, str(tmp_path / "a.dta"), variable_value_labels=LABELS,
        variable_format={"month": "%tm", "quarter": "%tq"},
    )  # fmt: skip
    result, found = read(tmp_path / "a.dta")
    assert result.format == "stata"
    assert found["q1"].tolist()[:3] == ["bad", "ok", "good"]
    assert pd.isna(found["q1"][3])  # “no answer” stands for nothing, here as in any other file
    assert found["born"].dropna().tolist() == [pd.Timestamp(day) for day in DAYS if day]
    assert [str(value)[:7] for value in found["month"]] == ["1960-01", "1960-02", "2023-12", "1959-12"]
    assert [f"{day:%Y-%m}" for day in found["quarter"]] == ["1960-01", "1961-04", "2019-10", "1959-10"]


def test_sas_transport_and_spss_portable_files_are_read(tmp_path):
    pyreadstat.write_xport(SURVEY, str(tmp_path / "a.xpt"))
    result, frame = read(tmp_path / "a.xpt")
    assert (result.format, frame["q1"].tolist()) == ("sas", [1, 2, 5, 9])
    assert frame["born"].dropna().tolist() == [pd.Timestamp(day) for day in DAYS if day]
    pyreadstat.write_por(pd.DataFrame({"Q": [1.0, 2.5], "R": ["a", "b"]}), str(tmp_path / "a.por"))
    result, frame = read(tmp_path / "a.por")
    assert (result.format, frame["Q"].tolist(), frame["R"].tolist()) == ("spss", [1.0, 2.5], ["a", "b"])


def test_many_rows_are_read_in_parts(tmp_path, monkeypatch):
    path = sav(tmp_path, pd.DataFrame({"n": np.arange(2500.0), "k": [1.0, 2.0] * 1250}),
               variable_value_labels={"k": {1: "odd", 2: "even"}})  # fmt: skip
    monkeypatch.setattr(readstat, "CELLS_AT_ONCE", 2000)
    readstat.read(path, "spss", ReadOptions(), tmp_path / "table.parquet")
    frame = table.load(tmp_path)
    assert frame["n"].tolist() == list(range(2500))
    assert frame["k"].value_counts().to_dict() == {"odd": 1250, "even": 1250}


def test_a_file_that_says_it_is_huge_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = sav(tmp_path)
    monkeypatch.setattr(detect, "MAX_ROWS", 3)
    with pytest.raises(UnreadableFile, match="has 4 rows; at most 3"):
        readstat.read(path, "spss", ReadOptions(), tmp_path / "table.parquet")


def test_files_cut_off_are_one_sentence(tmp_path):
    pyreadstat.write_dta(SURVEY, str(tmp_path / "a.dta"))
    pyreadstat.write_xport(SURVEY, str(tmp_path / "a.xpt"))
    for path in (sav(tmp_path), tmp_path / "a.dta", tmp_path / "a.xpt"):
        content = path.read_bytes()
        for share in (0.05, 0.3, 0.6):
            path.write_bytes(content[: int(share * len(content))])
            with pytest.raises(UnreadableFile):
                read(path)
