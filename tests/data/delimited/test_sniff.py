"""Layouts are found by the first lines, in a time that grows with their length."""

from __future__ import annotations

import time

import pytest

from core.data import reading
from core.data.delimited import sniff
from core.data.schema import ReadOptions


@pytest.mark.parametrize("cell", ["7" * 20_000, "7" * 20_000 + "kg", "1," * 10_000 + "x", "1." * 10_000, " " * 20_000])
def test_one_cell_of_twenty_thousand_signs_takes_no_time(tmp_path, cell):
    """A pattern that tries every way to share digits out takes seconds for the second one."""
    (tmp_path / "a.csv").write_text("a,b\n" + "x,1\n" * 50 + f'"{cell}",2\n')
    begun = time.thread_time()
    result = reading.read_files([tmp_path / "a.csv"], ReadOptions(), tmp_path / "set")
    assert time.thread_time() - begun < 0.5
    assert result.n_rows == 51


@pytest.mark.parametrize("number", ["12", "1,234.5", "-3.", ".5", "+1e-9", " 7 %"])
def test_numbers_below_a_word_make_it_a_name(number):
    assert sniff.has_header([["amount"], [number], [number]])


@pytest.mark.parametrize("word", ["1.2.3", "e5", "12kg", "1.2,3", "."])
def test_other_cells_are_no_numbers(word):
    assert not sniff._NUMBER.match(word)


def test_a_long_file_is_sniffed_by_whole_lines():
    lines = [f"{n};word {n}" for n in range(sniff._SAMPLE_LINES * 2)]
    assert sniff._first_lines("\n".join(lines)).splitlines() == lines[: sniff._SAMPLE_LINES]
    assert sniff._first_lines("a;b\nc;") == "a;b"
    assert sniff._first_lines("no end") == "no end"
    assert sniff.sniff("\n".join(lines), False, ReadOptions()).delimiter == ";"
