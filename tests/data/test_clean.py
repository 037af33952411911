"""Duplicates: found, set aside, brought back; nothing found that is not one."""

from __future__ import annotations

import random
import time

import hypothesis.strategies as st
import numpy as np
import pandas as pd
from hypothesis import given, settings

from core.data import clean, columns, near, reading, report, table
from core.data.schema import Cleaning, ReadOptions, Report, read_model, write_model

WORDS = [
    f"{a}{b}" for a in ("ba", "ko", "ri", "ten", "mul", "sa", "vor", "li") for b in ("na", "to", "rig", "mel", "su")
]


def sentence(dice: random.Random, n: int = 25) -> str:
    return " ".join(dice.choices(WORDS, k=n))


def runs(text: str) -> set[str]:
    text = near.normal(text)
    return {text[place : place + near.RUN] for place in range(len(text) - near.RUN + 1)}


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
    found = near.groups(texts, similarity)
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
    found = near.groups(texts, 0.85)
    hits = 0
    for place in range(0, 800, 2):
        if likeness(texts[place], texts[place + 1]) >= 0.85:
            pairs += 1
            hits += found[place] == found[place + 1]
    assert pairs > 200
    assert hits / pairs > 0.99


def test_case_width_and_spaces_do_not_tell_texts_apart():
    assert near.groups(["Hello  World", "hello world", "ＨＥＬＬＯ world", "", "", "hi"], 1.0).tolist() == [
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
    near.groups(texts)
    assert time.perf_counter() - begun < 6


def test_rows_without_text_columns_are_alone():
    assert clean.groups(pd.DataFrame({"a": [1, 1]}), []).tolist() == [0, 1]


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
    write_model(report.describe(folder / "table.parquet", schema), folder / "report.json")


def test_duplicates_are_set_aside_and_brought_back(tmp_path):
    prepared(tmp_path)
    found = clean.clean(tmp_path)
    assert (found.exact, found.near, found.dropped) == (1, 1, [40, 41])
    assert found.pairs == [(3, 40), (5, 41)]
    frame = table.load(tmp_path)
    assert len(frame) == 41
    assert frame.index.tolist() == [*range(40), 42]
    described = read_model(Report, tmp_path / "report.json")
    assert "conflicts" in {finding.code for finding in described.findings}
    clean.undo(tmp_path)
    assert len(table.load(tmp_path)) == 43
    assert read_model(Cleaning, tmp_path / "cleaning.json") is None


def test_only_exact_ones_if_asked(tmp_path):
    prepared(tmp_path)
    assert clean.clean(tmp_path, near_too=False).dropped == [40]
    assert len(table.load(tmp_path, cleaned=False)) == 43


def test_jaccard_of_known_sets():
    assert near.jaccard(np.array([1, 2, 3]), np.array([2, 3, 4])) == 0.5
