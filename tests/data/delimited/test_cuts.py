"""A file is cut between rows, and where that can't be told it says so."""

from __future__ import annotations

import csv
import io

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from core.data.delimited import cuts

CELLS = st.lists(st.lists(st.text('ab,"\n\r é', max_size=6), min_size=2, max_size=2), min_size=1, max_size=12)


def parts(content: bytes, quote: str = '"', part_bytes: int = 16) -> list[bytes]:
    return [bytes(part) for part in cuts.parts(io.BytesIO(content), quote, part_bytes)]


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


@settings(max_examples=200, deadline=None)
@given(CELLS, st.sampled_from(["\n", "\r\n"]), st.integers(1, 40))
def test_parts_are_whole_rows_in_their_order(cells, line_end, part_bytes):
    sink = io.StringIO(newline="")
    csv.writer(sink, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(cells)
    content = sink.getvalue().encode()
    found = parts(content, part_bytes=part_bytes)
    assert b"".join(found) == content
    assert [row for part in found for row in rows(part)] == rows(content)


def test_a_file_of_short_rows_comes_in_many_parts():
    assert len(parts(b"a,b\n" * 100)) > 20


def test_without_quotes_every_line_is_a_row():
    assert parts(b'a,"\nb,c\nd,e\nf', quote="", part_bytes=9) == [b'a,"\n', b"b,c\n", b"d,e\nf"]


def test_no_part_begins_with_what_the_parser_would_take_for_the_mark_of_the_file():
    found = parts("a,b\n\ufeffc,d\ne,f\n".encode() * 8)
    assert len(found) > 2
    assert not any(part.startswith(b"\xef\xbb\xbf") for part in found)


def test_a_quote_that_is_never_closed_is_given_up(monkeypatch):
    monkeypatch.setattr(cuts, "LONGEST_ROW", 1000)
    with pytest.raises(cuts.Uncut):
        parts(b'a,"b\n' + b"a,b\n" * 1000)


@pytest.mark.parametrize(
    ("part", "value", "rejected", "inside"),
    [
        (b'1,"two\n', "two\n", "", True),
        (b'"1,two\n', "", '"1,two', True),
        (b'5" x,"two\n', "", '5" x,"two', True),  # an even number of quotes
        (b'1,"two"\n', "two", "", False),
        (b'1,"2",3\n1,"two"\n', "two", '1,"2",3', False),  # rejected, but further up
    ],
)
def test_a_part_that_was_cut_inside_quotes_is_told_by_its_last_row(part, value, rejected, inside):
    assert cuts.ends_inside_quotes(part, value, rejected, '"') is inside
    assert not cuts.ends_inside_quotes(part, value, rejected, "")
