"""Whether a column is numbers: by nearly all of its cells, and what else stands among them."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.values.counted import Counted
from core.data.values.numeric.number_columns import plain_numbers, read_numbers


def counted(*cells: str) -> Counted:
    return Counted.of(pa.array(cells, pa.string()))


def many(*odd: str) -> Counted:
    return counted(*(f"{place}.5" for place in range(100)), *odd)


def test_a_word_among_many_numbers_is_counted_and_shown():
    found = read_numbers(many("broken"), "v")
    assert (found.layout.kind, found.layout.n_unread, found.layout.unread) == ("number", 1, ["broken"])


@pytest.mark.parametrize("odd", [[f"broken {letter}" for letter in "abcdefghi"], ["007"], ["1" * 18]])
def test_too_many_words_or_digits_that_are_names_make_no_numbers(odd):
    assert read_numbers(many(*odd), "v") is None


def test_a_word_that_comes_back_stands_for_nothing():
    assert read_numbers(many("closed", "closed", "closed"), "v").layout.missing == ["closed"]


def test_whoever_says_that_they_are_numbers_gets_them_however_few():
    cells = counted("twelve", "three", "7")
    assert read_numbers(cells, "v") is None
    assert read_numbers(cells, "v", least=0.0).layout.n_unread == 2


def test_commas_settle_the_decimal_mark_where_they_can_stand_for_nothing_else():
    assert read_numbers(counted("1,25", "3,5", "12,125"), "v").shows == {"decimal ,"}
    (other,) = read_numbers(counted("1,250", "3,500", "2,125"), "v").others
    assert {other.decimal, read_numbers(counted("1,250", "3,500", "2,125"), "v").layout.decimal} == {".", ","}


def test_days_without_marks_are_dates_where_programs_write_them_so():
    assert plain_numbers(counted("20170922", "20171001", "20180131"), "day").layout.kind == "date"
    assert plain_numbers(counted("12", "7", "7.5"), "day").layout.kind == "number"
    assert plain_numbers(counted("12 kg", "7 kg"), "weight") is None, "units need a closer look"


OF_PROGRAMS = st.one_of(
    st.integers(-(10**14), 10**14).map(str),
    st.integers(0, 99).map(str),
    st.from_regex(r"\A[+-]?[0-9]{1,5}\.[0-9]{1,5}\Z"),
    st.sampled_from(["n/a", "-", "1.234", "0.125", "12.500", "44927", "20240501", "007"]),
)


@settings(deadline=None)
@given(cells=st.lists(OF_PROGRAMS, min_size=1, max_size=12), name=st.sampled_from(["v", "date", "created_at"]))
def test_numbers_of_programs_are_found_at_once_as_they_are_by_a_closer_look(cells, name):
    at_once = plain_numbers(counted(*cells), name)
    assert at_once is None or at_once == read_numbers(counted(*cells), name)
