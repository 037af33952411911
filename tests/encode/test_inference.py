"""Texts through a model: padding, pooling and batches by hand, in one thread and in several."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit

from core.encode import inference
from core.encode.inference import padded, pooled, through, tokens, torch_threads, usable_threads


def loaded() -> SimpleNamespace:
    """Words “0” to “99” are the tokens 0 to 99."""
    tokenizer = Tokenizer(WordLevel({str(number): number for number in range(100)}, unk_token="99"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    return SimpleNamespace(tokenizer=tokenizer, filler=7, padding=0)


def test_shorter_rows_are_filled_up_and_told_apart():
    ids, real = padded([[1, 2, 3], [4]], 9)
    assert ids.tolist() == [[1, 2, 3], [4, 9, 9]]
    assert real.tolist() == [[True, True, True], [True, False, False]]


@pytest.mark.parametrize(
    ("pooling", "rows"),
    [
        ("mean", [[2.0, -3.0], [3.0, 4.0]]),
        ("first", [[1.0, 0.0], [3.0, 4.0]]),
        ("last", [[3.0, -6.0], [3.0, 4.0]]),
        ("max", [[3.0, 0.0], [3.0, 4.0]]),
    ],
)
def test_a_text_is_one_unit_row_of_its_real_tokens(pooling, rows):
    hidden = np.array([[[1, 0], [3, -6]], [[3, 4], [99, 99]]], dtype=np.float32)
    unit = np.array(rows) / np.linalg.norm(rows, axis=1, keepdims=True)
    found = pooled(hidden, np.array([2, 1]), pooling)
    assert found == pytest.approx(unit)
    assert found.dtype == np.float32
    assert pooled(np.zeros((1, 1, 2), dtype=np.float32), np.array([1]), "mean").tolist() == [[0, 0]]


def test_texts_are_cut_and_never_empty():
    assert tokens(loaded(), ["1 2 3", "", "5", "\ud800"], 2) == [[1, 2], [7], [5], [99]]


class Counting:
    """An engine whose states are the token and 1; notes the batches it gets."""

    def __init__(self, threads):
        self.threads, self.batches = threads, []

    def hidden(self, ids):
        self.batches.append(ids)
        filled, _real = padded(ids, 50)
        return np.stack([filled.numpy(), np.ones(filled.shape)], axis=2).astype(np.float32)


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("chunk", [3, 7, 100])
def test_every_text_gets_its_row_whatever_the_batches_and_threads(threads, chunk, monkeypatch):
    monkeypatch.setattr(inference, "CHUNK_TEXTS", chunk)
    monkeypatch.setattr(inference, "BATCH_TOKENS", 8)
    texts = [" ".join(map(str, range(number, number + number % 4 + 1))) for number in range(20)]
    engine, rows, seen = Counting(threads), np.full((20, 2), np.nan), []
    for places, found in through(engine, loaded(), texts, 3, "mean", 1):
        rows[places] = found
        seen += places.tolist()
    assert sorted(seen) == list(range(20))
    means = np.array([[np.mean([int(word) for word in text.split()[:3]]), 1.0] for text in texts])
    assert rows == pytest.approx(means / np.linalg.norm(means, axis=1, keepdims=True), rel=1e-5)
    assert all(len(batch) * max(map(len, batch)) <= 8 for batch in engine.batches)
    assert list(through(engine, loaded(), [], 3, "mean", 1)) == []


def test_torch_has_its_threads_back_afterwards():
    before = torch.get_num_threads()
    with torch_threads(before + 1):
        assert torch.get_num_threads() == before + 1
    assert torch.get_num_threads() == before
    assert usable_threads(3) == 3
    assert usable_threads(None) >= 1
