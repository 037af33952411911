"""How files are read, as flags say it."""

from __future__ import annotations

import json

import pytest

from core.cli.arguments import parser
from core.cli.reading import read_options, role_of, roles, rows_of
from core.messages import UnknownChoice


def flags(*arguments):
    return parser().parse_args(["inspect", "file.csv", *map(str, arguments)])


def test_a_role_that_needs_numbers_or_dates_makes_the_cells_such():
    options = flags("--role", "a=number", "--role", "b=date", "--role", "c=category", "--role", "d=ordered")
    assert read_options(options).kinds == {"a": "number", "b": "date", "d": "ordered"}
    assert roles(options) == {"a": "number", "b": "date", "c": "category", "d": "category"}


def test_a_file_may_name_roles_alone(tmp_path):
    (tmp_path / "roles.json").write_text(json.dumps({"a": "date", "b": "text"}), encoding="utf-8")
    options = flags("--roles", tmp_path / "roles.json", "--role", "b=number")
    assert read_options(options).kinds == {"a": "date", "b": "number"}
    assert roles(options) == {"a": "date", "b": "number"}


@pytest.mark.parametrize("text", ["{", "[1]", '{"columns": [{"role": "text"}]}'])
def test_a_file_that_is_none(tmp_path, text):
    (tmp_path / "roles.json").write_text(text, encoding="utf-8")
    with pytest.raises(UnknownChoice, match="roles file"):
        read_options(flags("--roles", tmp_path / "roles.json"))


def test_where_the_table_lies():
    options = read_options(flags("--header", "3,4", "--first-row", 6, "--last-row", 90, "--sheet", "Q1"))
    assert (options.header_rows, options.first_row, options.last_row, options.sheet) == ([3, 4], 6, 90, "Q1")
    assert read_options(flags("--header", "none")).header is False


def test_rows_and_roles_by_name():
    assert rows_of("2") == [2]
    assert (role_of("time", "a=time"), role_of("list", "a=list")) == ("number", "category")
    for wrong in ("0", "a", "1,,2"):
        with pytest.raises(UnknownChoice):
            rows_of(wrong)
