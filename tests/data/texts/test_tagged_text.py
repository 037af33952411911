"""Marked texts: tags become the entities the field's scorers see, files are read or say which line is wrong."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.data import table
from core.data.reading import read_files
from core.data.schema import ReadOptions
from core.data.texts.tagged_text import Marked, chunks, joined, relations, spans
from core.messages import UnreadableFile, UnusableData


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("B-PER I-PER O B-LOC", [(0, 2, "PER"), (3, 4, "LOC")]),
        ("B-PER B-PER", [(0, 1, "PER"), (1, 2, "PER")]),
        ("I-PER I-PER O", [(0, 2, "PER")]),  # conlleval: an I without its B begins one
        ("B-PER I-LOC", [(0, 1, "PER"), (1, 2, "LOC")]),  # another type begins another
        ("B-PER E-PER S-LOC", [(0, 2, "PER"), (2, 3, "LOC")]),  # BIOES
        ("O O", []),
    ],
)
def test_tags_mark_what_the_conll_script_counts(tags, expected):
    assert chunks(tags.split()) == [Marked(*one) for one in expected]


@given(some.lists(some.text("abcdeXYZ.,'好的", min_size=1, max_size=6), min_size=1, max_size=12))
def test_joined_tokens_stand_where_they_are_said_to(tokens):
    text, places = joined(tokens)
    assert [text[start:end] for start, end in places] == tokens


def test_a_conll_file_is_read_as_texts_with_spans(tmp_path):
    path = tmp_path / "people.conll"
    path.write_text("Ada B-PER\nLovelace I-PER\nwrote O\n. O\n\nParis B-LOC\n", encoding="utf-8")
    read_files([path], ReadOptions(), tmp_path / "made")
    frame = table.load(tmp_path / "made")
    assert frame["text"].tolist() == ["Ada Lovelace wrote.", "Paris"]
    assert json.loads(frame["spans"][0]) == [{"start": 0, "end": 12, "label": "PER"}]


def test_a_line_without_a_tag_is_named(tmp_path):
    path = tmp_path / "people.conll"
    path.write_text("Ada B-PER\nLovelace\n", encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        read_files([path], ReadOptions(), tmp_path / "made")
    assert caught.value.message.params["line"] == 2


def test_json_lines_with_a_span_outside_the_text_are_named(tmp_path):
    path = tmp_path / "people.jsonl"
    good = {"text": "Ada wrote", "spans": [{"start": 0, "end": 3, "label": "person"}]}
    bad = {"text": "Ada", "spans": [{"start": 0, "end": 30, "label": "person"}]}
    path.write_text("\n".join(map(json.dumps, [good, bad])), encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        read_files([path], ReadOptions(), tmp_path / "made")
    assert caught.value.message.params["line"] == 2


@pytest.mark.parametrize("value", ["no list", "[1]", '[{"start": 2, "end": 1, "label": "x"}]', '[{"start": 0}]'])
def test_what_is_no_span_says_so(value):
    with pytest.raises(UnusableData):
        spans(value, "Ada")


def test_a_relation_needs_both_ends():
    with pytest.raises(UnusableData):
        relations('[{"head": {"start": 0, "end": 1, "label": "x"}, "label": "y"}]', "Ada")
