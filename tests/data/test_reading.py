"""What is written as a table is read as that table, whatever the dialect and the letters."""

from __future__ import annotations

import csv
import io
import string

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from core.data import reading, table
from core.data.delimited import direct_types, reader
from core.data.encodings import detect
from core.data.schema import ReadOptions
from core.messages import UnreadableFile

LETTERS = {
    "utf-8": string.ascii_letters + "éß中文字🙂,;|\t\"' \n",
    "utf-8-sig": string.ascii_letters + "éß中文字🙂,;|\t\"' \n",
    "utf-16": string.ascii_letters + "éß中文字🙂,;|\t\"' \n",
    "gb18030": string.ascii_letters + "的一是不了在人有我他这,;|\t\"' \n",
    "cp1252": string.ascii_letters + "éèüöñ,;|\t\"' \n",
}


def read(folder, content: bytes, name: str = "a.csv", **options):
    (folder / name).write_bytes(content)
    result = reading.read_files([folder / name], ReadOptions(**options), folder / "set")
    return result, table.load(folder / "set")


@st.composite
def tables(draw):
    letters = draw(st.sampled_from(sorted(LETTERS)))
    cell = st.text(LETTERS[letters], min_size=1, max_size=12).map(lambda text: "v" + text + "v")
    n_columns = draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(cell, min_size=n_columns, max_size=n_columns), min_size=1, max_size=30))
    delimiter = draw(st.sampled_from(",;|\t"))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    quoting = draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    return letters, delimiter, end, quoting, [f"name_{n}" for n in range(n_columns)], rows


@given(tables())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_comes_back_as_it_was_written(tmp_path, made):
    letters, delimiter, end, quoting, names, rows = made
    sink = io.StringIO(newline="")
    csv.writer(sink, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([names, *rows])
    result, frame = read(
        tmp_path, sink.getvalue().encode(letters), encoding=letters, delimiter=delimiter, quote='"', header=True
    )
    assert result.n_rejected == 0
    assert frame.columns.tolist() == names
    assert frame.to_numpy().tolist() == rows


@given(st.lists(st.integers(0, 3), min_size=4, max_size=40), st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ragged_rows_are_set_aside_with_their_line(tmp_path, kinds, mark):
    """0, 1: a good row; 2: a good row over two lines; 3: a value too many."""
    lines, bad, line = ["a,b"], [], 2
    for kind in [0, *kinds, 0]:
        if kind == 3 and len(bad) < len(kinds) // 3:
            lines.append("x,1,2")
            bad.append(line)
            line += 1
        elif kind == 2:
            lines.append('"two\nlines",1')
            line += 2
        else:
            lines.append("x,1")
            line += 1
    content = "\n".join(lines).encode("utf-8-sig" if mark else "utf-8")
    result, frame = read(tmp_path, content, delimiter=",", quote='"', header=True)
    assert [rejected.line for rejected in result.rejected] == bad
    assert result.n_rejected == len(bad)
    assert len(frame) == len(kinds) + 2 - len(bad)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    rows = [["name", "city", "age"], ["Ada", "Rome", "36"], ["Bob", "Paris", "41"], ["Cleo", "Oslo", "29"]]
    result, frame = read(tmp_path, "\n".join(delimiter.join(row) for row in rows).encode())
    assert result.delimiter == delimiter
    assert frame["age"].tolist() == [36, 41, 29]


@pytest.mark.parametrize(
    ("letters", "text"),
    [
        ("utf-8", "naïve café"),
        ("utf-8-sig", "naïve café"),
        ("utf-16", "naïve café"),
        ("cp1252", "the naïve café serves crème brûlée"),
        ("gb18030", "今天的菜很好吃，送餐也很快，下次还会再来"),
    ],
)
def test_the_encoding_is_found(tmp_path, letters, text):
    _result, frame = read(tmp_path, f"n,note\n1,{text}\n2,{text}\n3,{text}\n".encode(letters))
    assert detect.find(tmp_path / "a.csv").replace("_", "-") == letters
    assert frame["note"].tolist() == [text] * 3


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("ham\tGo home\nspam\tWin now\nham\tOk\n", False),
        ("label\ttext\nham\tGo home\nspam\tWin now\n", True),
        ("1,2\n3,4\n5,6\n", False),
        ("year,2020\na,1\nb,2\n", False),
        ("a,b\n1,2\n", True),
        ("name,2019,2020\nx,1,2\ny,3,4\n", True),
        ("name,17,4020\nx,1,2\ny,3,4\n", False),
    ],
)
def test_the_header_is_found(tmp_path, content, header):
    result, _frame = read(tmp_path, content.encode())
    assert result.header is header


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "2", ""], [1.0, 2.0, None]),
        (["1", "2", "3"], [1, 2, 3]),
        (["1.5", "NA", "-3e2"], [1.5, None, -300.0]),
        (["1", "?", "3"], [1, None, 3]),
        (["007", "123", "456"], ["007", "123", "456"]),
        (["1,234.5", "2,000.0", "7"], [1234.5, 2000.0, 7.0]),
        (["1.234,5", "2,25", "7"], [1234.5, 2.25, 7.0]),
        (["1,234", "2,345", "7,000"], [1.234, 2.345, 7.0]),  # beside semicolons, and said in a note
        (["true", "false", "true"], ["true", "false", "true"]),
        (["a", "NA", "?"], ["a", None, "?"]),
        (["12345678901234567890", "1", "2"], ["12345678901234567890", "1", "2"]),
        (["0x1A", "0x1B", "3"], ["0x1A", "0x1B", "3"]),
        (["0", "0.5", "-0"], [0.0, 0.5, 0.0]),
    ],
)
def test_values_are_what_they_look_like(tmp_path, values, expected):
    _result, frame = read(tmp_path, ("v;w\n" + "".join(f"{value};x\n" for value in values)).encode(), delimiter=";")
    found = [None if pd.isna(value) else value for value in frame["v"]]
    assert found == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["2024-01-31", "2023-12-01"], ["2024-01-31", "2023-12-01"]),
        (["2024-01-31 10:05:07", "2024-01-31 00:00:00"], ["2024-01-31 10:05:07", "2024-01-31"]),
        (["2024-01-31T10:05:07+02:00", "2024-01-31T10:05:07Z"], ["2024-01-31 08:05:07", "2024-01-31 10:05:07"]),
        (["2/24/2015 11:35", "12/1/2015 7:00"], ["2015-02-24 11:35", "2015-12-01 07:00"]),
        (["24/2/2015", "1/12/2015"], ["2015-02-24", "2015-12-01"]),
        (["24.02.2015", "01.12.2015"], ["2015-02-24", "2015-12-01"]),
        (["3 Feb 2015", "24 Dec 2016"], ["2015-02-03", "2016-12-24"]),
        (["2015年2月3日", "2016年12月24日"], ["2015-02-03", "2016-12-24"]),
    ],
)
def test_dates_are_dates(tmp_path, values, expected):
    _result, frame = read(tmp_path, ("d;x\n" + "".join(f"{value};y\n" for value in values)).encode(), delimiter=";")
    assert frame["d"].tolist() == [pd.Timestamp(value) for value in expected]


def test_dates_that_mean_two_things_are_told(tmp_path):
    result, _frame = read(tmp_path, b"d,x\n1/2/2015,a\n3/4/2015,b\n")
    assert any("day or month" in str(note) for note in result.notes)


def large(n_rows: int, late: str = "5") -> bytes:
    rows = [f"{place},{place / 8},a note number {place} that is long enough,2024-01-{place % 28 + 1:02d},{place % 7}"
            for place in range(n_rows)]  # fmt: skip
    rows[-10] = rows[-10].rsplit(",", 1)[0] + "," + late
    return ("n,x,note,day,code\n" + "\n".join(rows) + "\n").encode()


@pytest.mark.parametrize(
    "late", ["5", "0", " 7", "+7", "007", "-07", " 007", "0x1A", "9" * 18, "?", "", "words", "1.5", "1,5"]
)
def test_the_short_way_and_the_long_way_make_the_same_table(tmp_path, monkeypatch, late):
    content = large(20_000, late)
    monkeypatch.setattr(reader, "_BLOCK", 1 << 18)
    monkeypatch.setattr(direct_types, "MIN_BYTES", 1 << 18)
    quick, short = read(tmp_path, content)
    monkeypatch.setattr(direct_types, "MIN_BYTES", 1 << 40)
    slow, long = read(tmp_path, content)
    pd.testing.assert_frame_equal(short, long)
    assert quick.model_dump(exclude={"seconds"}) == slow.model_dump(exclude={"seconds"})
    assert quick.n_rejected == (1 if late == "1,5" else 0)


@pytest.mark.parametrize("late", ["high", "HIGH ", "unknown", "other", "n/a", ""])
def test_columns_of_few_words_are_decided_by_all_rows_on_either_way(tmp_path, monkeypatch, late):
    rows = [f"{place},{('low', 'medium')[place % 2]},{('yes', 'no')[place % 2]}" for place in range(40_000)]
    content = "\n".join(["n,risk,paid", *rows, f"1,{late},yes"]).encode()
    found = []
    for least in (1 << 18, 1 << 40):
        monkeypatch.setattr(reader, "_BLOCK", 1 << 18)
        monkeypatch.setattr(direct_types, "MIN_BYTES", least)
        result, frame = read(tmp_path, content)
        found.append((result.layouts, frame))
    assert found[0][0] == found[1][0]
    pd.testing.assert_frame_equal(found[0][1], found[1][1])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # pyarrow's, of a bad line's letters
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("late", ["1,2,a note,2024-01-01,5é", "1,2,d'été,2024-01-01,5", "1,2,d'été", "1,2\n3,é,x,y,z"])
def test_letters_that_turn_up_late_are_read_as_if_met_at_once(tmp_path, monkeypatch, late, start):
    content = start.encode() + large(20_000) + (late + "\n").encode("latin-1")
    assert len(content) > detect.SAMPLE_BYTES + len(late)
    found = []
    for least in (1 << 18, 1 << 40):
        monkeypatch.setattr(direct_types, "MIN_BYTES", least)
        try:
            result, frame = read(tmp_path, content)
            found.append((result.model_dump(exclude={"seconds"}), frame.to_csv()))
        except UnreadableFile as error:
            found.append((error.message, error.hint))
    assert found[0] == found[1]


def test_text_files_become_text_and_label(tmp_path):
    (tmp_path / "r.pos").write_bytes("a fine café\nlovely\n".encode("latin-1"))
    (tmp_path / "r.neg").write_bytes(b"dull, dull\n\nawful\n")
    result = reading.read_files([tmp_path / "r.pos", tmp_path / "r.neg"], ReadOptions(), tmp_path / "set")
    frame = table.load(tmp_path / "set")
    assert frame.to_numpy().tolist() == [
        ["a fine café", "pos"], ["lovely", "pos"], ["dull, dull", "neg"], ["awful", "neg"]
    ]  # fmt: skip
    assert result.format == "text"


def test_many_text_files_are_documents(tmp_path):
    paths = []
    for number in range(12):
        paths.append(tmp_path / f"{'ham' if number % 2 else 'spam'}_{number}.txt")
        paths[-1].write_text(f"First line {number}.\nSecond line.")
    result = reading.read_files(paths, ReadOptions(), tmp_path / "set")
    assert result.n_rows == 12
    assert set(table.load(tmp_path / "set")["label"]) == {"ham", "spam"}


def test_a_page_reads_the_rows_asked_for(tmp_path):
    _result, frame = read(tmp_path, large(3000))
    shown = table.page(tmp_path / "set", 1234, 20)
    assert shown.index.tolist() == list(range(1234, 1254))
    pd.testing.assert_frame_equal(shown, frame.iloc[1234:1254], check_index_type=False)
    assert table.page(tmp_path / "set", 99_999, 20).empty
