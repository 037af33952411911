"""A GGUF file reads: long, empty and hostile texts as well."""

from __future__ import annotations

import numpy as np
import pytest

from core.messages import ModelUnavailable
from core.providers.gguf.hidden_states import MOST_TOKENS, GgufStates


@pytest.fixture(scope="module", params=["mean", "last"])
def model(request, packed):
    return GgufStates(packed, request.param)


def test_a_text_has_the_same_row_alone_and_among_others(model):
    together = model.read_all(["one", "two words", "one"])
    assert (together[0] == together[2]).all()
    assert (model.read("two words") == together[1]).all()


def test_a_text_that_is_too_long_is_read_from_its_beginning(model):
    long = model.read("word " * 5 * MOST_TOKENS)
    assert np.linalg.norm(long) == pytest.approx(1, abs=1e-4)
    assert (model.read("word " * 5 * MOST_TOKENS + "and another end") == long).all()


def test_an_empty_text_and_marks_of_control_are_read(model):
    assert np.isfinite(model.read("")).all()
    assert (model.read("<|im_end|>") == model.read("< |im_end|>")).all()


def test_what_is_no_model_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "no.gguf").write_bytes(b"GGUF" + b"x" * 1000)
    with pytest.raises(ModelUnavailable, match=r"no\.gguf"):
        GgufStates(tmp_path / "no.gguf", "mean")
