"""Parquet and Arrow files are copied as they are; what is far too large is refused by what the file says of itself."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from core.data import reading, table
from core.data.formats import detect
from core.data.schema import ReadOptions
from core.messages import UnreadableFile

TABLE = pa.table(
    {
        "n": pa.array([1, None, 3], pa.int32()),
        "x": pa.array([0.5, float("nan"), 2.0]),
        "word": pa.array(["a", "b", None]).dictionary_encode(),
        "day": pa.array([datetime.date(2020, 1, 2), None, datetime.date(1999, 12, 31)]),
        "at": pa.array([0, 3_600_000, None], pa.timestamp("ms", "Europe/Rome")),
    }
)


def read(path):
    result = reading.read_files([path], ReadOptions(), path.parent / "set")
    return result, table.load(path.parent / "set")


def write(path, whole):
    if path.suffix == ".parquet":
        pq.write_table(whole, path)
    elif path.suffix == ".arrows":
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, whole.schema) as writer:
            writer.write_table(whole)
    else:
        feather.write_feather(whole, path, compression="zstd" if path.stem == "packed" else "uncompressed")
    return path


NAMES = ["a.parquet", "a.feather", "packed.feather", "a.arrow", "a.arrows"]


@pytest.mark.parametrize("name", NAMES)
def test_values_come_back_with_their_types(tmp_path, name):
    result, frame = read(write(tmp_path / name, TABLE))
    assert result.format == ("parquet" if name == "a.parquet" else "arrow")
    assert frame["n"].isna().tolist() == [False, True, False]
    assert frame["x"].isna().tolist() == [False, True, False]
    assert frame["word"].tolist()[:2] == ["a", "b"]
    assert frame["day"].tolist()[::2] == [pd.Timestamp("2020-01-02"), pd.Timestamp("1999-12-31")]
    assert frame["at"].tolist()[:2] == [pd.Timestamp("1970-01-01 00:00"), pd.Timestamp("1970-01-01 01:00")]


@pytest.mark.parametrize("name", NAMES)
def test_nested_columns_are_flat(tmp_path, name):
    whole = pa.table(
        {
            "place": [{"city": "Rome", "at": {"lat": 41.9}}, None, {"city": "Oslo", "at": None}],
            "tags": [["a", None, "b"], [], None],
            "items": [[{"p": 1}, {"p": 2}], [], None],
            "picture": [b"\x89PNG", b"", None],
        }
    )
    result, frame = read(write(tmp_path / name, whole))
    assert frame.columns.tolist() == ["place.city", "place.at.lat", "tags", "items"]
    assert frame["place.at.lat"].isna().tolist() == [False, True, True]
    assert frame["tags"].tolist()[0] == "a, b"
    assert frame["items"].tolist()[:2] == [2, 0]
    notes = [str(note) for note in result.notes]
    assert "1 column holds binary data and was left out: picture." in notes
    assert "1 column holds lists of objects, and became how many there are: items." in notes


def test_three_hundred_million_rows_are_refused_by_the_metadata(tmp_path):
    """The file takes a few kilobytes: it repeats one value."""
    path = tmp_path / "many.parquet"
    block = pa.table({"a": pa.DictionaryArray.from_arrays(np.zeros(1_000_000, np.int32), ["x"])})
    with pq.ParquetWriter(path, block.schema, compression="zstd") as writer:
        for _place in range(300):
            writer.write_table(block, row_group_size=1_000_000)
    with pytest.raises(UnreadableFile, match=r"has 300,000,000 rows; at most 100,000,000 can be read"):
        read(path)
    assert not (tmp_path / "set" / "table.parquet").exists()


@pytest.mark.parametrize("name", NAMES)
def test_too_many_cells_are_refused(tmp_path, monkeypatch, name):
    monkeypatch.setattr(detect, "MAX_TABLE_BYTES", 8 * 3 * 5 - 1)
    with pytest.raises(UnreadableFile, match=r"has 3 rows and takes .* GB when unpacked"):
        read(write(tmp_path / name, TABLE))


def test_a_long_word_in_every_row_of_a_small_file_is_seen_before_it_is_written_out(tmp_path):
    path = tmp_path / "words.parquet"
    words = pa.DictionaryArray.from_arrays(np.zeros(100_000, np.int32), ["x" * 100_000])
    pq.write_table(pa.table({"a": words}), path, compression="zstd")
    assert path.stat().st_size < 200_000
    with pytest.raises(UnreadableFile, match=r"takes 9\.3 GB when unpacked"):
        read(path)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_cut_off_is_one_sentence(tmp_path, name):
    content = write(tmp_path / name, TABLE).read_bytes()
    for share in (0.1, 0.5, 0.97 if name != "a.arrows" else 0.8):
        (tmp_path / name).write_bytes(content[: int(share * len(content))])
        with pytest.raises(UnreadableFile):
            read(tmp_path / name)
