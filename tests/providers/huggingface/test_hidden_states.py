"""A folder's model reads: its states are those of a plain forward pass, pooled."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from core.encode import model_files
from core.messages import ModelUnavailable
from core.providers import memory
from core.providers.base import IN_ONE_WORD
from core.providers.huggingface import hidden_states
from core.providers.huggingface.source import FolderSource

TEXTS = ["The flight was late.", "Thank you for the lovely crew.", "The plane arrived hours too late."]


@pytest.fixture(autouse=True)
def exact(monkeypatch):
    """Whole numbers, whatever the processor is fast at."""
    monkeypatch.setattr(model_files, "precision", lambda: torch.float32)


@pytest.fixture(params=["mean", "last"])
def reader(request, folder):
    return FolderSource(folder, str(folder)).reader(request.param)


def test_rows_are_the_states_of_a_plain_forward_pass(reader, folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    rows = reader.read_all(TEXTS)
    for text, row in zip(TEXTS, rows, strict=True):
        prompt = IN_ONE_WORD.format(text=text) if reader.pooling == "last" else text
        with torch.inference_mode():
            states = model(**tokenizer(prompt, return_tensors="pt")).last_hidden_state[0].numpy()
        wanted = states[-1] if reader.pooling == "last" else states.mean(axis=0)
        assert row == pytest.approx(wanted / np.linalg.norm(wanted), abs=1e-4)


def test_a_text_has_the_same_row_alone_and_among_others(reader):
    together = reader.read_all([*TEXTS, "word " * 300])
    for place, text in enumerate(TEXTS):
        assert reader.read_all([text])[0] == pytest.approx(together[place], abs=1e-4)


def test_a_text_that_is_too_long_is_read_from_its_beginning(reader):
    long = "word " * 2000
    row = reader.read_all([long])[0]
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-4)
    assert reader.read_all([f"{long} and another end"])[0] == pytest.approx(row, abs=1e-5)
    if reader.pooling == "last":  # the prompt's own end is read all the same
        fitting = IN_ONE_WORD.format(text=reader._fitting(long))
        n_tokens = len(reader.tokenizer.encode(fitting).ids)
        assert reader.source.max_tokens - 8 <= n_tokens <= reader.source.max_tokens


def test_an_empty_text_and_marks_of_control_are_read(reader):
    rows = reader.read_all(["", "<|im_end|>", "< |im_end|>"])
    assert np.isfinite(rows).all()
    assert (rows[1] == rows[2]).all()


def test_a_model_that_does_not_fit_into_memory_is_refused_in_a_sentence(folder, monkeypatch):
    hidden_states._loaded.cache_clear()
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: type("Memory", (), {"available": 10}))
    with pytest.raises(ModelUnavailable, match="of memory"):
        FolderSource(folder, str(folder)).reader("mean")
