"""Large files are parsed in parts side by side, and come out as if read from end to end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import hypothesis.strategies as st
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings

from core.data import reading, table
from core.data.delimited import cuts, direct_types, one_pass, reader
from core.data.encodings import detect
from core.data.schema import Reading, ReadOptions
from core.messages import UnreadableFile

CELL = st.text('ab1 "\n', max_size=5)
ROWS = st.lists(st.lists(CELL, min_size=2, max_size=4).map(",".join), min_size=4, max_size=30)


@pytest.fixture(autouse=True)
def _short_ways(monkeypatch):
    monkeypatch.setattr(direct_types, "MIN_BYTES", 0)
    monkeypatch.setattr(one_pass, "PART_BYTES", 64)


def read(folder: Path, content: bytes) -> tuple[Reading, str]:
    """How a file was read, and its table."""
    (folder / "a.csv").write_bytes(content)
    options = ReadOptions(delimiter=",", quote='"', header=True)
    result = reading.read_files([folder / "a.csv"], options, folder / "set")
    return result.model_copy(update={"seconds": 0.0}), table.load(folder / "set").to_csv()


def outcome(folder: Path, content: bytes) -> object:
    """All that comes of a file, a refusal too."""
    try:
        return read(folder, content)
    except UnreadableFile as error:
        return str(error.message)


@given(ROWS)
@example([",", ', ,","1"', ",a,", '"\n,'])  # a quote that is never closed, in a row that is too short to be taken
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_quotes_wherever_they_stand_make_no_difference(tmp_path, monkeypatch, rows):
    content = ("a,b,c\n" + "\n".join(["x,y,z", *rows]) + "\n").encode()
    abreast = outcome(tmp_path, content)
    with monkeypatch.context() as patch:
        patch.setattr(one_pass, "_can_be_cut", lambda source: False)
        assert abreast == outcome(tmp_path, content)


def ways(monkeypatch) -> list[str]:
    """Hears which ways are gone."""
    gone: list[str] = []

    def listen(module, name: str) -> None:
        way = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given: gone.append(name) or way(*given))

    listen(one_pass, "_side_by_side")
    listen(one_pass, "_from_end_to_end")
    listen(reader, "_slow")
    return gone


def test_values_of_several_lines_are_read_side_by_side(tmp_path, monkeypatch):
    gone = ways(monkeypatch)
    content = "n,note\n" + "".join(f'{n},"note {n}, of\ntwo lines"\n' for n in range(200))
    _result, text = read(tmp_path, content.encode())
    assert gone == ["_side_by_side"]
    assert text.count("two lines") == 200


def test_a_cut_inside_of_quotes_is_noticed(tmp_path, monkeypatch):
    """Inches in a cell without quotes make the number of quotes even in the middle of the next value."""
    gone = ways(monkeypatch)
    rows = [f'disk {n},wide by 5" or so {n},"a note that goes on,\nfor two lines {n}"' for n in range(50)]
    result, text = read(tmp_path, ("name,size,note\n" + "\n".join(rows) + "\n").encode())
    assert gone == ["_side_by_side", "_from_end_to_end"]
    assert result.n_rows == 50
    assert text.count("goes on,\nfor two lines") == 50


def test_rejected_rows_keep_their_lines(tmp_path, monkeypatch):
    gone = ways(monkeypatch)
    rows = [f"{n},note {n}" + ",odd" * (n in (20, 150)) for n in range(200)]
    result, _text = read(tmp_path, ("n,note\n" + "\n".join(rows)).encode())
    assert gone == ["_side_by_side"]
    assert [line.line for line in result.rejected] == [22, 152]
    assert (result.n_rows, result.n_rejected) == (198, 2)


def test_rows_keep_their_order(tmp_path):
    read(tmp_path, ("n,x\n" + "".join(f"{n},{n / 2}\n" for n in range(5000))).encode())
    assert table.load(tmp_path / "set")["n"].tolist() == list(range(5000))


def test_no_more_parts_wait_than_threads_work(monkeypatch):
    begun: list[int] = []

    def parts() -> Iterator[int]:
        for part in range(100):
            begun.append(part)
            yield part

    results = one_pass._in_order(lambda part: part, parts(), 2)
    assert next(results) == 0
    assert len(begun) == 3
    assert list(results) == list(range(1, 100))


def test_the_table_of_a_large_file_is_not_compressed(tmp_path):
    read(tmp_path, b"n,note\n" + b"1,some text\n" * 1000)
    group = pq.read_metadata(tmp_path / "set" / "table.parquet").row_group(0)
    assert {group.column(place).compression for place in range(2)} == {"UNCOMPRESSED"}


def test_a_row_longer_than_any_part_is_read(tmp_path):
    content = "n,note\n" + "".join(f"{n},{'long ' * 200}{n}\n" for n in range(20))
    read(tmp_path, content.encode())
    assert table.load(tmp_path / "set")["note"].str.len().min() > 1000


def test_a_row_that_never_ends_sends_the_reader_from_end_to_end(tmp_path, monkeypatch):
    gone = ways(monkeypatch)
    monkeypatch.setattr(cuts, "LONGEST_ROW", 500)
    read(tmp_path, ("n,note\n" + "".join(f'{n},on 5" and on {n}\n' for n in range(10)) + f"11,{'x' * 2000}\n").encode())
    assert gone[:2] == ["_side_by_side", "_from_end_to_end"]
    assert len(table.load(tmp_path / "set")) == 11


@pytest.mark.parametrize("letters", ["utf-8", "latin-1"])
def test_the_first_letter_beyond_ascii_far_down_is_read(tmp_path, monkeypatch, letters):
    """Parts of plain ASCII are not checked for valid UTF-8; the others are."""
    monkeypatch.setattr(one_pass, "PART_BYTES", 100_000)
    content = "n,note\n" + "plain,text\n" * 200_000 + "late,café\n"
    assert len(content) > detect.SAMPLE_BYTES
    result, _text = read(tmp_path, content.encode(letters))
    assert result.encoding == {"utf-8": "utf-8", "latin-1": "cp1252"}[letters]
    assert table.load(tmp_path / "set")["note"].iloc[-1] == "café"
