"""Files of an odd making that people have: each is read as the table it is."""

from __future__ import annotations

import pytest

from core.data import table
from core.data.reading import read_files
from core.data.schema import ReadOptions

ROWS = [("apple", 3, "yes"), ("pear", 4, "no"), ("plum", 15, "yes"), ("fig", 6, "no")]


def read(folder, name: str, text: str, letters: str = "utf-8"):
    (folder / name).write_bytes(text.encode(letters))
    result = read_files([folder / name], ReadOptions(), folder / "set")
    return result, table.load(folder / "set")


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.csv"])
def test_the_line_below_the_names_of_a_markdown_table_is_no_row(tmp_path, name):
    lines = ["| fruit | n | ok |", "|:------|---:|----|", *[f"| {a} | {n} | {ok} |" for a, n, ok in ROWS]]
    _result, frame = read(tmp_path, name, "\n".join(lines) + "\n")
    assert frame["n"].tolist() == [3, 4, 15, 6]
    assert [cell.strip() for cell in frame["fruit"]] == ["apple", "pear", "plum", "fig"]


@pytest.mark.parametrize("letters", ["utf-16", "utf-8", "cp1252"])
@pytest.mark.parametrize("name", ["a.xls", "a.xlsx"])
def test_a_text_table_that_is_called_a_sheet_is_read(tmp_path, name, letters):
    text = "früchte\tn\tok\r\n" + "".join(f"{a}\t{n}\t{ok}\r\n" for a, n, ok in ROWS)
    result, frame = read(tmp_path, name, text, letters)
    assert result.format == "csv"
    assert frame["n"].tolist() == [3, 4, 15, 6]
    assert list(frame.columns) == ["früchte", "n", "ok"]


def test_lines_of_json_may_end_in_commas(tmp_path):
    _result, frame = read(tmp_path, "a.jsonl", "".join(f'{{"a": "{a}", "n": {n}}},\n' for a, n, _ok in ROWS))
    assert frame["n"].tolist() == [3, 4, 15, 6]


def test_lines_of_json_that_are_one_list_are_read_as_that(tmp_path):
    _result, frame = read(tmp_path, "a.jsonl", '[{"a": "apple", "n": 3},\n {"a": "pear", "n": 4}]\n')
    assert frame["n"].tolist() == [3, 4]


@pytest.mark.parametrize("n_blank", [3, 99, 100, 101, 3000])
def test_any_number_of_blank_rows_below_a_table_is_left_out(tmp_path, n_blank):
    text = "fruit,n,ok\n" + "".join(f"{a},{n},{ok}\n" for a, n, ok in ROWS) + ",,\n" * n_blank
    result, frame = read(tmp_path, "a.csv", text)
    assert frame["n"].tolist() == [3, 4, 15, 6]
    assert result.notes[0].params["n"] == n_blank


def test_a_total_above_many_blank_rows_is_left_out_too(tmp_path):
    text = "fruit,n,m\n" + "".join(f"{a},{n},{n * 2}\n" for a, n, _ok in ROWS) + "Total,28,56\n" + ",,\n" * 500
    _result, frame = read(tmp_path, "a.csv", text)
    assert frame["n"].tolist() == [3, 4, 15, 6]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '[{"a": 1, "b": "x"}, {"a": NaN, "b": "NaN"}, {"a": -Infinity, "b": "y"}]'),
        ("a.jsonl", '{"a": 1, "b": "x"}\n{"a": NaN, "b": "NaN"}\n{"a": -Infinity, "b": "y"}\n'),
    ],
)
def test_what_json_has_for_no_number_is_missing_and_said(tmp_path, name, text):
    result, frame = read(tmp_path, name, text)
    assert frame["a"].isna().tolist() == [False, True, True]
    assert "2 values in the file are NaN or Infinity; they became missing." in [str(note) for note in result.notes]
