"""Duplicates: found, set aside, brought back; nothing found that is not one."""

from __future__ import annotations

import random
import time

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings

from core.data import overrides, profile, reading, table
from core.data.duplicates import cleaning, near_duplicates
from core.data.roles import columns
from core.data.schema import Cleaning, Column, ReadOptions, Report, Schema, read_model, write_model
from core.messages import say

WORDS = [
    f"{a}{b}" for a in ("ba", "ko", "ri", "ten", "mul", "sa", "vor", "li") for b in ("na", "to", "rig", "mel", "su")
]


def sentence(dice: random.Random, n: int = 25) -> str:
    return " ".join(dice.choices(WORDS, k=n))


def runs(text: str) -> set[str]:
    text = near_duplicates.normal(text)
    return {text[place : place + near_duplicates.RUN] for place in range(len(text) - near_duplicates.RUN + 1)}


def likeness(left: str, right: str) -> float:
    return len(runs(left) & runs(right)) / len(runs(left) | runs(right))


@given(st.integers(0, 10_000), st.sampled_from([0.6, 0.75, 0.9]))
@settings(max_examples=40, deadline=None)
def test_alike_texts_are_found_and_others_are_not(seed, similarity):
    dice = random.Random(seed)
    texts = [sentence(dice) for _place in range(12)]
    for place in range(6):
        words = texts[place].split()
        words[dice.randrange(len(words))] = "other"
        texts.append(" ".join(words))
    found = near_duplicates.groups(texts, similarity)
    linked = {(a, b) for a in range(18) for b in range(a) if likeness(texts[a], texts[b]) >= similarity}
    for a, b in linked:
        assert found[a] == found[b]
    for a in range(18):
        assert found[a] == a or any(a in pair for pair in linked)


def test_recall_at_the_threshold_is_nearly_complete():
    dice = random.Random(3)
    texts, pairs = [], 0
    for _place in range(400):
        words = sentence(dice, 40).split()
        other = list(words)
        other[dice.randrange(len(words))] = dice.choice(WORDS)
        texts += [" ".join(words), " ".join(other)]
    found = near_duplicates.groups(texts, 0.85)
    hits = 0
    for place in range(0, 800, 2):
        if likeness(texts[place], texts[place + 1]) >= 0.85:
            pairs += 1
            hits += found[place] == found[place + 1]
    assert pairs > 200
    assert hits / pairs > 0.99


def test_case_width_and_spaces_do_not_tell_texts_apart():
    assert near_duplicates.groups(["Hello  World", "hello world", "ＨＥＬＬＯ world", "", "", "hi"], 1.0).tolist() == [
        0,
        0,
        0,
        3,
        4,
        5,
    ]


def test_many_texts_take_seconds():
    dice = random.Random(4)
    texts = [sentence(dice, 18) for _place in range(8000)]
    begun = time.perf_counter()
    near_duplicates.groups(texts)
    assert time.perf_counter() - begun < 6


def test_rows_without_text_columns_are_alone():
    assert cleaning.groups(pd.DataFrame({"a": [1, 1]}), []).tolist() == [0, 1]


def prepared(folder) -> None:
    dice = random.Random(1)
    texts = [sentence(dice) for _place in range(40)]
    rows = [[place, text, "good" if place % 2 else "bad", place % 5] for place, text in enumerate(texts)]
    rows.append([40, texts[3], "good", 3])  # exact, but for the id
    rows.append([41, texts[5] + "!", "good", 1])  # nearly
    rows.append([42, texts[7] + "!", "bad", 2])  # nearly, with another label
    frame = pd.DataFrame(rows, columns=["row", "note", "label", "n"])
    frame.to_csv(folder / "a.csv", index=False)
    reading.read_files([folder / "a.csv"], ReadOptions(), folder)
    schema = columns.guess(folder / "table.parquet", "label")
    write_model(schema, folder / "schema.json")
    write_model(profile.describe(folder / "table.parquet", schema), folder / "report.json")


def test_duplicates_are_set_aside_and_brought_back(tmp_path):
    prepared(tmp_path)
    found = cleaning.clean(tmp_path)
    assert (found.exact, found.but_ids, found.near, found.dropped) == (0, 1, 1, [40, 41])
    assert found.pairs == [(3, 40), (5, 41)]
    frame = table.load(tmp_path)
    assert len(frame) == 41
    assert frame.index.tolist() == [*range(40), 42]
    described = read_model(Report, tmp_path / "report.json")
    assert "conflicts" in {finding.code for finding in described.findings}
    cleaning.undo(tmp_path)
    assert len(table.load(tmp_path)) == 43
    assert read_model(Cleaning, tmp_path / "cleaning.json") is None


def test_only_exact_ones_if_asked(tmp_path):
    prepared(tmp_path)
    assert cleaning.clean(tmp_path, near_too=False).dropped == [40]
    assert len(table.load(tmp_path, cleaned=False)) == 43


def written(folder, frame: pd.DataFrame, ids: list[str]) -> Schema:
    kept = pa.Table.from_pandas(frame, preserve_index=False)
    strings = [field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field for field in kept.schema]
    pq.write_table(kept.cast(pa.schema(strings)), folder / "table.parquet")
    roles = {name: "id" if name in ids else "category" for name in frame.columns}
    return Schema(columns=[Column(name=name, role=role, guessed=role, reason=say("")) for name, role in roles.items()])


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.sampled_from(["a", "b", "", None]),
            st.sampled_from([0.5, 1.0, None]),
            st.sampled_from([True, False]),
        ),
        min_size=1,
        max_size=30,
    )
)
@settings(max_examples=60, deadline=None)
def test_both_numbers_of_duplicates_are_those_of_pandas(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("duplicates")
    frame = pd.DataFrame(rows, columns=["key", "word", "x", "yes"]).convert_dtypes()
    exact, but_ids = profile.duplicate_rows(folder / "table.parquet", written(folder, frame, ["key"]))
    assert exact.tolist() == frame.duplicated().tolist()
    assert but_ids.tolist() == frame.drop(columns="key").duplicated().tolist()


def test_rows_equal_but_for_ids_are_not_called_exact(tmp_path):
    frame = pd.DataFrame({"key": [1, 2, 2, 3], "word": ["a", "a", "a", "b"]})
    schema = written(tmp_path, frame, ["key"])
    described = profile.describe(tmp_path / "table.parquet", schema)
    assert (described.n_duplicate_rows, described.n_duplicate_rows_but_ids) == (1, 2)
    message = next(str(one.message) for one in described.findings if one.code == "duplicates")
    assert message == "2 rows repeat an earlier row in everything but ids, 1 of them in every cell."


def test_the_number_follows_when_a_column_becomes_an_id(tmp_path):
    schema = written(tmp_path, pd.DataFrame({"key": [1, 2, 3], "word": ["a", "a", "b"]}), [])
    write_model(schema, tmp_path / "schema.json")
    write_model(profile.describe(tmp_path / "table.parquet", schema), tmp_path / "report.json")
    overrides.change(tmp_path, "key", "id")
    described = read_model(Report, tmp_path / "report.json")
    assert (described.n_duplicate_rows, described.n_duplicate_rows_but_ids) == (0, 1)


def test_a_table_of_ids_alone_has_only_exact_duplicates(tmp_path):
    schema = written(tmp_path, pd.DataFrame({"key": [1, 1, 2]}), ["key"])
    exact, but_ids = profile.duplicate_rows(tmp_path / "table.parquet", schema)
    assert exact.tolist() == but_ids.tolist() == [False, True, False]
    found, _conflicts = cleaning.find(tmp_path / "table.parquet", schema, near_too=False, similarity=0.9)
    assert (found.exact, found.but_ids, found.pairs) == (1, 0, [(0, 1)])


def test_jaccard_of_known_sets():
    assert near_duplicates.jaccard(np.array([1, 2, 3]), np.array([2, 3, 4])) == 0.5
