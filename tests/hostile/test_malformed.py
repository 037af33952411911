"""Whatever is uploaded, it is read, or one clear sentence says why not: never another exception."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from core.data import profile, reading, table
from core.data.roles import columns
from core.data.schema import ReadOptions
from core.messages import AmalgamError, UnreadableFile
from tests.hostile.malformed import GOOD, READ, REFUSED


def read_whole(folder, name: str, content: bytes, **options):
    """Everything that happens to an upload until the page can show it."""
    source = folder / name
    source.write_bytes(content)
    result = reading.read_files([source], ReadOptions(**options), folder / "set")
    schema = columns.guess(folder / "set" / "table.parquet")
    described = profile.describe(folder / "set" / "table.parquet", schema)
    frame = table.load(folder / "set")
    assert len(frame) == result.n_rows == described.n_rows
    assert list(frame.columns) == [column.name for column in schema.columns]
    assert len(set(frame.columns)) == result.n_columns
    return result


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_table_is_refused_in_one_sentence(what, tmp_path):
    name, content = REFUSED[what]
    with pytest.raises(UnreadableFile) as refusal:
        read_whole(tmp_path, name, content)
    sentence = str(refusal.value.message)
    assert 10 < len(sentence) < 400
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    assert not (tmp_path / "set" / "table.parquet.strings").exists()


@pytest.mark.parametrize("what", READ)
def test_what_is_odd_but_a_table_is_read(what, tmp_path):
    name, content, n_rows, bad_lines = READ[what]
    result = read_whole(tmp_path, name, content)
    assert result.n_rows == n_rows
    assert [line.line for line in result.rejected] == bad_lines
    assert result.n_rejected == len(bad_lines)


@pytest.mark.parametrize(
    "options",
    [
        {"encoding": "klingon"},
        {"encoding": "ascii"},
        {"encoding": "utf-16"},
        {"encoding": "base64"},
        {"delimiter": ",,"},
        {"delimiter": "\n"},
        {"delimiter": "é"},
        {"quote": '""'},
        {"delimiter": '"', "quote": '"'},
    ],
    ids=str,
)
def test_options_that_do_not_fit_are_refused(options, tmp_path):
    with pytest.raises(UnreadableFile):
        read_whole(tmp_path, "a.csv", GOOD.replace("Ada", "Zoé").encode(), **options)


def test_bad_lines_can_be_made_an_error(tmp_path):
    with pytest.raises(UnreadableFile, match="line 5"):
        read_whole(tmp_path, "a.csv", GOOD.encode() + b"Dora,50\n", skip_bad_lines=False)


def test_a_sheet_that_is_not_there_is_named(tmp_path):
    name, content, _rows, _lines = READ["Excel with an empty first sheet"]
    with pytest.raises(UnreadableFile, match="Full"):
        read_whole(tmp_path, name, content, sheet="Third")


def test_several_tables_at_once_are_refused(tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(GOOD)
    with pytest.raises(AmalgamError, match="one table at a time"):
        reading.read_files([tmp_path / "a.csv", tmp_path / "b.csv"], ReadOptions(), tmp_path / "set")


def test_a_file_that_vanished_is_said_so(tmp_path):
    with pytest.raises(UnreadableFile, match="not there"):
        reading.read_files([tmp_path / "gone.csv"], ReadOptions(), tmp_path / "set")


def test_there_are_sixty_of_them():
    assert len(REFUSED) + len(READ) >= 90


SEEDS = [
    READ[name][:2]
    for name in (
        "one long line",
        "Excel with formulas",
        "Parquet with odd types",
        "UTF-16 big endian",
        "gzip named csv",
        "zip named csv",
        "JSON lines nested",
        "Parquet nested",
        "Parquet lists",
    )
]


@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), min_size=1, max_size=4))
@settings(max_examples=120, deadline=None)
def test_damaged_anywhere_it_is_still_read_or_refused(seed, damages):
    name, content = seed
    for share, piece in damages:
        place = int(share * len(content))
        content = content[:place] + piece + content[place + len(piece) // 2 :]
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(AmalgamError):
        read_whole(Path(folder), name, content)


@given(st.text(alphabet=",;\"'\n\r\t ab1é", min_size=1, max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_little_text_is_read_or_refused(text):
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(AmalgamError):
        read_whole(Path(folder), "a.csv", text.encode())
