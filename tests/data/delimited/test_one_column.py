"""One column whose values hold commas or colons stays one; several with commas inside are split at their delimiter."""

from __future__ import annotations

import pytest

from core.data import table
from core.data.delimited import one_column
from core.data.reading import read_files
from core.data.schema import ReadOptions


def read(folder, lines, letters="utf-8"):
    (folder / "a.csv").write_bytes("\r\n".join([*lines, ""]).encode(letters))
    result = read_files([folder / "a.csv"], ReadOptions(), folder / "set")
    return result, table.load(folder / "set")


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("name", ["Preis", "prix", "цена"])
def test_prices_with_decimal_commas_are_one_column(tmp_path, name, quote):
    prices = [f"{quote}{place * 7 % 13},{place:02}{quote}" for place in range(30)]
    _result, frame = read(tmp_path, [name, *prices])
    assert list(frame.columns) == [name]
    assert list(frame[name][:3]) == [0.0, 7.01, 1.02]


def test_prices_without_a_name_are_one_column_and_pairs_are_two(tmp_path):
    _result, prices = read(tmp_path, ["172,83", "548,05", "0,34", "673,81"])
    assert list(prices["column_1"]) == [172.83, 548.05, 0.34, 673.81]
    _result, pairs = read(tmp_path, ["172,8", "548,25", "34,1", "673,81"])
    assert pairs.shape == (4, 2)


@pytest.mark.parametrize("quote", ["min", "all", "none"])
def test_remarks_with_commas_are_one_column(tmp_path, quote):
    remarks = ["sehr gut, gerne wieder", "schlecht", "zu spät, leider, und kalt", "ok"] * 3
    quoted = [f'"{one}"' if quote == "all" or (quote == "min" and "," in one) else one for one in remarks]
    _result, frame = read(tmp_path, ["Bemerkung", *quoted])
    assert list(frame["Bemerkung"]) == remarks


def test_a_title_above_a_table_makes_it_no_single_column(tmp_path):
    _result, frame = read(tmp_path, ["Prices of May", "fruit,price", "apple,3", "plum,4", "pear,5"])
    assert list(frame.columns) == ["fruit", "price"]


def test_a_name_in_quotes_loses_them(tmp_path):
    _result, frame = read(tmp_path, ['"Preis"', "3.5", "4.5", "12.0"])
    assert list(frame.columns) == ["Preis"]


def test_addresses_and_times_are_one_column(tmp_path):
    _result, frame = read(tmp_path, ["url", *[f"https://a.de/{place}" for place in range(9)]])
    assert frame.shape == (9, 1)
    assert one_column.is_one("time\n12:30\n7:05\n23:59\n", ":", whole=True)


@pytest.mark.parametrize("mark", [";", "\t", "|"])
@pytest.mark.parametrize("head", [True, False])
def test_decimal_commas_in_every_column_do_not_split_them(tmp_path, mark, head):
    rows = [mark.join([f"{place},25", f"{place * 3},{place % 10}0"]) for place in range(20)]
    result, frame = read(tmp_path, [*([mark.join(["Preis, EUR", "Menge, kg"])] if head else []), *rows])
    assert result.delimiter == mark
    assert frame.shape == (20, 2)
    assert frame.iloc[7].tolist() == [7.25, 21.7]


def test_semicolons_inside_the_cells_of_a_comma_file_stay_there(tmp_path):
    rows = [f"{place},a;b{place},{place % 3}" for place in range(20)]
    result, frame = read(tmp_path, ["id,tags,n", *rows])
    assert result.delimiter == ","
    assert frame["tags"][4] == "a;b4"


def test_a_line_that_names_the_delimiter_decides(tmp_path):
    result, frame = read(tmp_path, ["sep=,", "a;b,c;d", *[f"{place};1,{place};2" for place in range(9)]])
    assert result.delimiter == ","
    assert list(frame.columns) == ["a;b", "c;d"]


def test_long_questions_above_repeated_answers_are_the_header(tmp_path):
    questions = [
        "What did you like about our service in particular and why?",
        "What could we improve, and why just that?",
    ]
    answers = [f"{['all', 'nothing'][place % 2]};{['more tea, please', 'chairs'][place % 2]}" for place in range(20)]
    _result, frame = read(tmp_path, [";".join(questions), *answers])
    assert list(frame.columns) == questions
    assert len(frame) == 20


FIXED = [
    "name      age  city      joined",
    "Alice      34  Berlin    2024-01-05",
    "Bob Smith   7  Paris     2023-11-30",
]


@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_columns_of_fixed_width_are_said_to_be_one(tmp_path, name):
    (tmp_path / name).write_text("\n".join([*FIXED, "Chris      51  New York  2022-02-14", ""]))
    said = [str(note) for note in read_files([tmp_path / name], ReadOptions(), tmp_path / "set").notes]
    assert "Its lines look like columns with blanks between them, and were read as one column." in said


def test_prose_with_two_blanks_here_and_there_is_no_table_of_fixed_width():
    lines = ["He came late.  She did not mind it.", "It rained a lot.  Nobody was there to see", "that.  So they went"]
    assert not one_column.is_fixed_width("\n".join([*lines, "home.  And all was as it had been before"]))
