"""A corpus: what a document is, what is dropped and counted, and that no part repeats another."""

from __future__ import annotations

import time

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.schema import Column, ReadOptions, Schema, write_model
from core.data.texts.documents import split
from core.language import bundled_corpus, corpus
from core.language.sentences import sentences
from core.messages import UnknownChoice, UnreadableFile, UnusableData, say

WORDS = [
    "river",
    "stone",
    "light",
    "garden",
    "winter",
    "paper",
    "music",
    "window",
    "island",
    "letter",
    "bridge",
    "summer",
    "candle",
]


def essay(number: int) -> str:
    """A text of its own of some hundred bytes; each says its words in another order."""
    turned = WORDS[number % 13 :] + WORDS[: number % 13]
    return f"Essay {number} speaks of " + f" and {number * 7} of ".join(turned) + "."


ESSAYS = [essay(number) for number in range(40)]


def test_a_few_blank_lines_among_many_do_not_make_a_few_documents_of_a_text():
    """Three blank lines among lines that are a document each; once refused as too little text."""
    text = "\n".join(essay + ("\n" if number in {9, 20, 31} else "") for number, essay in enumerate(ESSAYS))
    assert corpus.prepare(text, name="essays").counts.documents == 40
    with pytest.raises(UnusableData, match="4 different documents"):
        corpus.prepare(text, name="essays", parting=ReadOptions(documents="blank lines"))


def test_cleaning_keeps_one_form_of_each_letter():
    assert corpus.clean("\ufeffcafe\u0301 \x00\t \r\n\r\n\r\n end \u3000") == "café\n\nend"


def test_every_dropped_document_is_counted():
    close = essay(0).replace("Essay", "An essay")  # alike in well over nine tenths of its runs of five letters
    made = corpus.prepare([*ESSAYS, essay(3), f" {essay(4)}\x00", close, "", " \n"], name="essays")
    counts = made.counts
    assert (counts.documents, counts.empty, counts.exact_duplicates, counts.near_duplicates) == (40, 2, 2, 1)
    assert counts.bytes == sum(len(text.encode()) for text in ESSAYS)
    assert counts.bytes == counts.train_bytes + counts.validation_bytes + counts.test_bytes
    assert (counts.train_documents, counts.validation_documents, counts.test_documents) == (36, 2, 2)
    assert (counts.sentences, counts.language) == (40, "en")
    assert close not in [*made.train, *made.validation, *made.test]


def test_the_parts_share_no_document_and_lose_none():
    made = corpus.prepare("\n\n".join(ESSAYS + ESSAYS[::-1]), name="essays", shares=(0.6, 0.2, 0.2))
    assert sorted(made.train + made.validation + made.test) == sorted(ESSAYS)
    assert made.train == [text for text in ESSAYS if text in made.train]  # still in the order of the text


@given(st.lists(st.text(max_size=200), min_size=10), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_whatever_is_read_lands_in_one_part_once(texts, seed):
    made = corpus.prepare([*texts, *ESSAYS], name="any", seed=seed, near=1.0)
    parts = [*made.train, *made.validation, *made.test]
    assert len(parts) == len(set(parts)) == made.counts.documents
    assert set(parts) <= {corpus.clean(text) for text in texts + ESSAYS}
    counts = made.counts
    assert len(texts) + 40 == counts.documents + counts.empty + counts.exact_duplicates + counts.near_duplicates


def test_long_runs_of_one_character_take_no_time():
    start = time.perf_counter()
    for run in (" " * 200_000 + "x", "." * 200_000 + "x", "\n" * 200_000 + "x", "e.g. a " * 30_000):
        split(run)
        sentences(corpus.clean("x" + run))
    assert time.perf_counter() - start < 5  # some would take minutes if each place were tried to the end


def test_the_seed_decides_the_split():
    assert corpus.prepare(ESSAYS, name="essays", seed=1) == corpus.prepare(ESSAYS, name="essays", seed=1)
    assert corpus.prepare(ESSAYS, name="essays", seed=1).test != corpus.prepare(ESSAYS, name="essays", seed=2).test


@pytest.mark.parametrize("text", ["", "one line " * 500, [essay(1)] * 50, [str(n) for n in range(99)]])
def test_too_little_text_says_how_much_is_needed(text):
    with pytest.raises(UnusableData, match="At least 10 and 1000"):
        corpus.prepare(text, name="little")


def test_shares_must_add_up():
    with pytest.raises(UnusableData, match="add up to 1"):
        corpus.prepare(ESSAYS, name="essays", shares=(0.9, 0.1, 0.1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_file_of_any_encoding_is_read(encoding, tmp_path):
    text = "今天天气很好，我们去公园。\n这个电影不错，大家都说好看。\n"
    (tmp_path / "text.txt").write_text(text, encoding=encoding)
    assert corpus.read_text(tmp_path / "text.txt") == text


def test_what_is_no_text_file_is_refused(tmp_path):
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x00\x01\x02")
    with pytest.raises(UnreadableFile, match="zero bytes"):
        corpus.read_text(tmp_path / "picture.txt")
    with pytest.raises(UnreadableFile, match="no file"):
        corpus.read_text(tmp_path / "missing.txt")


def test_a_column_gives_its_cells(tmp_path):
    frame = pd.DataFrame({"review": ["good", None, "bad"], "stars": [1.0, 2.0, 3.0]})
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "table.parquet")
    roles = {"review": "text", "stars": "number"}
    columns = [Column(name=name, role=role, guessed=role, reason=say("")) for name, role in roles.items()]
    write_model(Schema(columns=columns), tmp_path / "schema.json")
    assert corpus.read_column(tmp_path, "review") == ["good", "", "bad"]
    with pytest.raises(UnknownChoice, match="review, stars"):
        corpus.read_column(tmp_path, "title")
    with pytest.raises(UnusableData, match="holds no text"):
        corpus.read_column(tmp_path, "stars")


def test_a_class_stands_before_each_text_where_both_are_there(tmp_path):
    texts = ["good", None, "bad", "so so"]
    frame = pd.DataFrame({"review": texts, "stars": [1.0, 2.0, None, 4.5], "kind": ["a", "b", "", None]})
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "table.parquet")
    roles = {"review": "text", "stars": "number", "kind": "category"}
    columns = [Column(name=name, role=role, guessed=role, reason=say("")) for name, role in roles.items()]
    write_model(Schema(columns=columns), tmp_path / "schema.json")
    assert corpus.read_column(tmp_path, "review", "stars") == ["stars: 1\ngood", "", "bad", "stars: 4.5\nso so"]
    assert corpus.read_column(tmp_path, "review", "kind") == ["kind: a\ngood", "", "bad", "so so"]
    with pytest.raises(UnknownChoice, match="“mood”"):
        corpus.read_column(tmp_path, "review", "mood")


def test_sentences_end_at_their_marks():
    text = "It rained, e.g. in May. Dr. Lee came! “Why?” she asked. See www.a.b now. 3.5 is a number"
    assert sentences(text) == [
        "It rained, e.g. in May.",
        "Dr. Lee came!",
        "“Why?”",
        "she asked.",
        "See www.a.b now.",
        "3.5 is a number",
    ]
    assert sentences("今天很好。我们去“公园”！好吗？") == ["今天很好。", "我们去“公园”！", "好吗？"]


def test_the_bundled_text_is_free_of_mark_up():
    broken = "* a line of a list that is **long enough** to have been broken into two-\n  part *lines* here"
    assert bundled_corpus.plain("Title\n*****") == "Title"
    assert bundled_corpus.plain("+---+\n| a |\n+---+") == ""
    assert bundled_corpus.plain("   x = 1\n   if x:\n       y") == "x = 1\nif x:\n    y"
    assert bundled_corpus.plain(broken) == (
        "* a line of a list that is long enough to have been broken into two-part lines here"
    )


def test_the_bundled_corpus_is_large_enough_to_learn_from():
    made = corpus.prepare(bundled_corpus.documents(), name=bundled_corpus.NAME)
    assert made.counts.bytes > 250_000
    assert made.counts.exact_duplicates > 100  # topics repeat one another
    assert made.counts.language == "en"
