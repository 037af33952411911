"""What is packed is the same table; of several tables one is read and the others are named; nothing too large is."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import zipfile

import pyarrow as pa
import pytest

from core.data import reading, table
from core.data.formats import detect
from core.data.schema import ReadOptions
from core.messages import UnreadableFile
from tests.hostile.malformed import workbook

TABLE = "city,rain\nOslo,763\nBergen,2250\nBodø,1065\n".encode()
STREAMS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda content: pa.compress(content, "zstd", asbytes=True),
}


def read(folder, name: str, content: bytes, **options):
    (folder / name).write_bytes(content)
    result = reading.read_files([folder / name], ReadOptions(**options), folder / "set")
    assert {path.name for path in (folder / "set").iterdir()} == {"table.parquet"}
    return result, table.load(folder / "set")


def zipped(files: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return sink.getvalue()


@pytest.mark.parametrize("ending", STREAMS)
def test_a_packed_table_is_the_table(tmp_path, ending):
    result, frame = read(tmp_path, f"rain.csv.{ending}", STREAMS[ending](TABLE))
    assert frame.to_dict("list") == {"city": ["Oslo", "Bergen", "Bodø"], "rain": [763, 2250, 1065]}
    assert (result.format, result.files) == ("csv", [f"rain.csv.{ending}"])


@pytest.mark.parametrize("ending", STREAMS)
def test_streams_one_after_another_are_one_table(tmp_path, ending):
    """As pigz, pbzip2 and `cat a.gz b.gz` write them."""
    _result, frame = read(tmp_path, f"rain.csv.{ending}", STREAMS[ending](TABLE) + STREAMS[ending](b"Tromso,1031\n"))
    assert frame["city"].tolist()[-1] == "Tromso"


def test_json_lines_keep_their_kind_when_packed(tmp_path):
    result, frame = read(tmp_path, "a.jsonl.gz", gzip.compress(b'{"a": 1}\n{"a": 2}\n'))
    assert result.format == "jsonl"
    assert frame["a"].tolist() == [1, 2]


def test_a_table_that_was_unpacked_on_its_way_is_read(tmp_path):
    assert read(tmp_path, "rain.csv.gz", TABLE)[0].n_rows == 3
    assert read(tmp_path, "a.json.gz", b'[{"a": 1}, {"a": 2}]')[0].format == "json"


def test_the_one_table_of_an_archive_is_read_without_a_word(tmp_path):
    files = {"__MACOSX/._rain.csv": b"\0\0", "data/rain.csv": TABLE, "data/README.md": b"About rain. " * 90}
    result, frame = read(tmp_path, "rain.zip", zipped(files))
    assert len(frame) == 3
    assert (result.sheet, result.sheets, result.notes) == ("", [], [])


def test_of_several_tables_the_largest_is_read_and_all_are_named(tmp_path):
    files = {"sample.csv": b"id,y\n1,0\n", "train.csv": TABLE * 3, "test.csv": TABLE}
    result, _frame = read(tmp_path, "game.zip", zipped(files))
    assert (result.sheet, result.sheets) == ("train.csv", ["sample.csv", "train.csv", "test.csv"])
    assert str(result.notes[-1]) == (
        "Of the tables in the archive, “train.csv” was read; there are also sample.csv, test.csv."
    )


def test_the_table_that_was_asked_for_is_read(tmp_path):
    files = {"a.csv": TABLE * 2, "b.csv": b"x,y\n1,2\n3,4\n"}
    result, frame = read(tmp_path, "two.zip", zipped(files), sheet="b.csv")
    assert frame["y"].tolist() == [2, 4]
    assert result.sheet == "b.csv"
    with pytest.raises(UnreadableFile, match=r"no table called “c.csv”. It has: a.csv, b.csv"):
        read(tmp_path, "two.zip", zipped(files), sheet="c.csv")


def test_a_sheet_of_a_workbook_in_an_archive_can_be_asked_for(tmp_path):
    book = workbook({"One": [["a", "b"], ["x", "1"], ["y", "2"]], "Two": [["c", "d"], ["z", "8"], ["w", "9"]]})
    content = zipped({"book.xlsx": book, "small.csv": b"q,r\n1,2\n"})
    result, _frame = read(tmp_path, "a.zip", content)
    assert result.sheets == ["book.xlsx/One", "book.xlsx/Two", "small.csv"]
    result, frame = read(tmp_path, "a.zip", content, sheet="book.xlsx/Two")
    assert frame["d"].tolist() == [8, 9]
    assert result.sheet == "book.xlsx/Two"
    alone, frame = read(tmp_path, "b.zip", zipped({"book.xlsx": book}), sheet="Two")
    assert (alone.sheet, frame["d"].tolist()) == ("Two", [8, 9])


def test_a_packed_table_in_an_archive_is_read(tmp_path):
    assert read(tmp_path, "outer.zip", zipped({"inner/rain.csv.gz": gzip.compress(TABLE)}))[0].n_rows == 3


def test_texts_in_folders_have_the_folder_as_their_label(tmp_path):
    texts = {
        f"{name}/{place}.txt": f"Text {place}.\nIts end.".encode() for name in ("pos", "neg") for place in range(8)
    }
    result, frame = read(tmp_path, "reviews.zip", zipped(texts))
    assert frame.groupby("label")["text"].nunique().to_dict() == {"neg": 8, "pos": 8}
    assert "folder" in str(result.notes[-1])


def test_chinese_names_of_older_programs_are_read(tmp_path):
    """They write the bytes of GB18030 and don't say so; here under a name of as many bytes, then put in its place."""
    content = zipped({"xxxx.csv": TABLE * 2, "b.csv": TABLE}).replace(b"xxxx.csv", "房价.csv".encode("gb18030"))
    result, _frame = read(tmp_path, "a.zip", content)
    assert result.sheets == ["房价.csv", "b.csv"]


@pytest.mark.parametrize("name", ["../../evil.csv", "/tmp/evil.csv", "C:\\evil.csv", "..", "a/../b.csv"])
def test_a_name_that_points_elsewhere_leads_nowhere(tmp_path, name):
    folder = tmp_path / "deep" / "deeper"
    folder.mkdir(parents=True)
    with contextlib.suppress(UnreadableFile):
        read(folder, "a.zip", zipped({name: TABLE}))
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} <= {"a.zip", "table.parquet"}


def test_a_locked_archive_is_refused_in_one_sentence(tmp_path):
    content = bytearray(zipped({"a.csv": TABLE}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableFile, match="locked by a password"):
        read(tmp_path, "a.zip", bytes(content))


@pytest.mark.parametrize("ending", [*STREAMS, "zip"])
def test_a_bomb_is_not_unpacked_to_its_end(tmp_path, monkeypatch, ending):
    monkeypatch.setattr(detect, "LARGE_PART", 1 << 20)
    content = b"a,b\n" + b"1,2\n" * (20 << 18)
    packed = zipped({"a.csv": content}) if ending == "zip" else STREAMS[ending](content)
    with pytest.raises(UnreadableFile, match="unpacks to more than"):
        read(tmp_path, f"a.csv.{ending}", packed)
    assert list((tmp_path / "set").iterdir()) == []


def test_a_table_that_packs_well_but_is_small_is_no_bomb(tmp_path):
    content = b"a,b\n" + b"1,2\n" * (8 << 18)
    assert len(content) > detect.MAX_RATIO * len(gzip.compress(content))
    assert read(tmp_path, "a.csv.gz", gzip.compress(content))[0].n_rows == 8 << 18


def test_damage_inside_leaves_nothing_behind(tmp_path):
    content = bytearray(zipped({"a.csv": TABLE * 200}))
    content[60] ^= 255
    with pytest.raises(UnreadableFile, match="damaged"):
        read(tmp_path, "a.zip", bytes(content))
    assert list((tmp_path / "set").iterdir()) == []
