"""Real tables, where they are at hand: each loads with the right roles. The folder is named by AMALGAM_TRIAL_DATA."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.data import reading
from core.data.profile import describe
from core.data.roles import columns
from core.data.schema import ReadOptions, Schema

FOLDER = Path(os.environ.get("AMALGAM_TRIAL_DATA", ""))
pytestmark = pytest.mark.skipif(
    not os.environ.get("AMALGAM_TRIAL_DATA"), reason="AMALGAM_TRIAL_DATA names no folder with the real tables"
)


def read(folder: Path, *names: str, target: str | None = None) -> tuple[reading.Reading, Schema]:
    result = reading.read_files([FOLDER / name for name in names], ReadOptions(), folder)
    schema = columns.guess(folder / "table.parquet", target)
    assert describe(folder / "table.parquet", schema).n_rows == result.n_rows
    assert result.n_rejected == 0
    return result, schema


def roles(schema: Schema) -> dict[str, str]:
    return {column.name: column.role for column in schema.columns}


def test_airline(tmp_path):
    result, schema = read(tmp_path, "airline_tweets.csv", target="airline_sentiment")
    assert result.n_rows == 14_640
    assert schema.task == "multiclass"
    assert roles(schema) == {
        "tweet_id": "id",
        "airline_sentiment": "target",
        "name": "category",
        "text": "text",
        "tweet_coord": "category",
        "tweet_created": "date",
        "tweet_location": "category",
        "user_timezone": "category",
    }


def test_sms(tmp_path):
    result, schema = read(tmp_path, "sms_spam.tsv")
    assert (result.n_rows, result.header, result.quote) == (5574, False, "")
    assert roles(schema) == {"column_1": "target", "column_2": "text"}


def test_movie(tmp_path):
    result, schema = read(tmp_path, "movie_metadata.csv", target="imdb_score")
    assert result.delimiter == ";"
    assert schema.task == "regression"
    assert {"movie_title", "plot_keywords"} <= set(schema.names("text"))
    assert {"index", "movie_imdb_link"} <= set(schema.names("id", "ignored"))
    assert {"duration", "budget", "gross", "title_year"} <= set(schema.names("number"))
    assert {"color", "language", "country", "content_rating", "director_name"} <= set(schema.names("category"))
    assert not [column.name for column in schema.columns if column.code == "leak"]


def test_waimai(tmp_path):
    _result, schema = read(tmp_path, "waimai_10k_zh.csv")
    assert roles(schema) == {"label": "target", "review": "text"}
    assert schema.column("review").language == "zh"
    assert schema.task == "binary"


def test_ai4i(tmp_path):
    result, schema = read(tmp_path, "ai4i2020.csv")
    found = roles(schema)
    assert result.encoding == "utf-8-sig"
    assert found["Machine_failure"] == "target"
    assert {name for name in found if schema.column(name).code == "leak"} == {"TWF", "HDF", "PWF", "OSF"}
    assert found["RNF"] == "category"  # 18 of its 19 rows did not fail: it says nothing, so it may stay
    assert (found["UDI"], found["Product ID"]) == ("id", "id")
    assert "“HDF” is 1 only where “Machine_failure” is 1" in str(schema.column("HDF").reason)


def test_symptom(tmp_path):
    _result, schema = read(tmp_path, "symptom2disease.csv")
    assert roles(schema) == {"index": "id", "label": "target", "text": "text"}
    assert schema.task == "multiclass"


def test_rt_polarity(tmp_path):
    result, schema = read(tmp_path, "rt-polarity.pos", "rt-polarity.neg")
    assert (result.n_rows, result.format) == (10_662, "text")
    assert roles(schema) == {"text": "text", "label": "target"}


def test_titanic(tmp_path):
    _result, schema = read(tmp_path, "titanic.csv")
    found = roles(schema)
    assert found["survived"] == "target"
    assert schema.column("name").code == "personal"  # kept, it is a text
    assert {name for name, role in found.items() if role == "category"} >= {"sex", "cabin", "embarked", "ticket"}
    assert not [column.name for column in schema.columns if column.code == "leak"]
