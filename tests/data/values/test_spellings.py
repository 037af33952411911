"""Values that are written in several ways are found, and merged when asked."""

import pyarrow as pa
import pyarrow.parquet as pq

from core.data import profile
from core.data.reading import read_files
from core.data.roles import columns
from core.data.schema import ReadOptions
from core.data.values.spellings import spellings, with_one_spelling

ROWS = ["0.2,low", "1.1,High", "0.5,HIGH ", "0.7,high", "0.1,Low", "0.9,high"] * 10


def read(folder, options):
    (folder / "file.csv").write_text("x,risk\n" + "\n".join(ROWS) + "\n", encoding="utf-8")
    reading = read_files([folder / "file.csv"], options, folder)
    return reading, pq.read_table(folder / "table.parquet")["risk"].to_pylist()


def test_spellings_are_found_and_counted_apart_until_they_are_merged(tmp_path):
    _reading, values = read(tmp_path, ReadOptions())
    assert set(values) == {"low", "Low", "High", "HIGH", "high"} or set(values) == {
        "low",
        "Low",
        "High",
        "HIGH ",
        "high",
    }
    schema = columns.guess(tmp_path / "table.parquet", "risk")
    found = [one for one in profile.describe(tmp_path / "table.parquet", schema).findings if one.code == "spellings"]
    assert [one.column for one in found] == ["risk"]


def test_merged_they_are_one_value_and_a_scale_has_each_level_once(tmp_path):
    reading, values = read(tmp_path, ReadOptions(one_spelling=["risk"]))
    assert {value.lower() for value in values} == {"low", "high"}
    assert len(set(values)) == 2
    assert len(reading.layouts["risk"].levels) == 2
    schema = columns.guess(tmp_path / "table.parquet", "risk")
    assert schema.task == "binary"
    assert not [one for one in profile.describe(tmp_path / "table.parquet", schema).findings if one.code == "spellings"]


def test_new_rows_are_merged_by_the_same_spellings(tmp_path):
    reading, _values = read(tmp_path, ReadOptions(one_spelling=["risk"]))
    (tmp_path / "new.csv").write_text("x,risk\n1,HIGH\n2,  high\n", encoding="utf-8")
    read_files([tmp_path / "new.csv"], ReadOptions(layouts=reading.layouts, refuse=True), tmp_path, name="new.parquet")
    assert set(pq.read_table(tmp_path / "new.parquet")["risk"].to_pylist()) == {"high"}


def test_a_turkish_i_in_either_case_is_one_spelling_and_what_was_apart_in_an_older_model_stays_apart():
    cities = pa.array(["İstanbul", "İstanbul", "istanbul", "ISTANBUL", "Iğdır", "Iğdır", "IĞDIR"])
    merged = ["İstanbul"] * 4 + ["Iğdır"] * 3
    assert with_one_spelling(cities, spellings(cities)).to_pylist() == merged
    older = {"i\u0307stanbul": "İstanbul", "istanbul": "istanbul", "iğdır": "Iğdır", "iğdir": "IĞDIR"}
    assert with_one_spelling(cities, older).to_pylist() == ["İstanbul"] * 2 + ["istanbul"] * 2 + cities[4:].to_pylist()
