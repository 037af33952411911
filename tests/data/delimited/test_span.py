"""Physical lines and the bytes they lie on, whatever the letters and the line ends."""

from __future__ import annotations

import io

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from core.data.delimited import span
from core.data.delimited.sniff import Dialect

LETTERS = ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
COMMA = Dialect(",", '"')


@given(
    st.lists(st.text("abcé ", max_size=6), min_size=1, max_size=12),
    st.sampled_from(LETTERS),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.integers(0, 13),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_part_of_a_file_is_its_lines(tmp_path, lines, letters, end, closed, skipped):
    text = end.join(lines) + end * closed
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(letters))
    pieces = list(io.StringIO(text, newline=""))
    assert span.count_lines(path, letters) == len(pieces)
    begin = span.offset(path, letters, min(skipped, len(pieces)))
    if begin:
        part = span.Span(path, letters, begin, None, skipped + 1)
        with part.open() as file:
            assert file.read().decode(part.letters) == "".join(pieces[skipped:])
    half = span.offset(path, letters, len(pieces) // 2)
    with span.Span(path, letters, 0, half).open() as file:
        assert file.read() == path.read_bytes()[:half]


@pytest.mark.parametrize("letters", LETTERS)
def test_rows_know_their_lines(tmp_path, letters):
    path = tmp_path / "a.csv"
    path.write_bytes('Title\n\na,b\n1,"two\nlines"\n3,4\n'.encode(letters))
    whole = list(span.Span(path, letters).rows(COMMA))
    assert [(row.line, row.end) for row in whole] == [(1, 1), (3, 3), (4, 5), (6, 6)]
    part = span.Span(path, letters, span.offset(path, letters, 3), span.offset(path, letters, 5), 4)
    assert [(row.line, row.end, row.cells) for row in part.rows(COMMA)] == [(4, 5, ["1", "two\nlines"])]


@pytest.mark.parametrize("letters", LETTERS)
@pytest.mark.parametrize("shift", range(0, 40, 7))
def test_the_last_rows_are_found_from_inside_of_quotes(tmp_path, monkeypatch, letters, shift):
    monkeypatch.setattr(span, "TAIL_BYTES", 1600 + shift)
    path = tmp_path / "a.csv"
    rows = "".join(f'{n},"a text, that goes\nover lines",{n}\n' for n in range(200))
    path.write_bytes((rows + "Total,9\n").encode(letters))
    tail = span.tail(path, letters, COMMA, 3)
    assert tail.rows[-1].cells == ["Total", "9"]
    assert tail.rows[-2].cells == ["199", "a text, that goes\nover lines", "199"]
    end = tail.end_of(tail.rows[-2])
    assert path.read_bytes()[end:].decode(tail.letters) == "Total,9\n"
    before = span.count_lines(path, letters) - len(tail.lines)
    assert tail.rows[-1].line + before == 401
