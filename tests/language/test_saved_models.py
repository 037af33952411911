"""Models on disk: what is saved comes back, what is damaged is said."""

import numpy as np
import pytest
from pydantic import BaseModel

from core.catalog.language_models import ARCHITECTURES, Architecture
from core.language.model import Neural
from core.language.saved_models import load, save
from core.language.tokens import Tokens
from core.messages import UnreadableFile, UnusableData
from tests.language.test_model import network

READERS = ["article", "transformer", "lstm"]
VOCABULARY = 300


@pytest.fixture(scope="module")
def tokens():
    return Tokens.train("bpe", ["the cat sat on the mat and the dog sat on the log"] * 4, VOCABULARY)


def small(name, **changed):
    a = ARCHITECTURES[name]
    shape = {"width": 32, "heads": 4, "feed_forward": 64, "context": 16} | changed
    return Architecture(**{**a.__dict__, **shape})


class Card(BaseModel):
    name: str = "small"


@pytest.mark.parametrize("name", READERS)
def test_what_is_saved_comes_back(name, tokens, tmp_path):
    made = Neural(network(name, tokens.size), tokens, 16)
    save(tmp_path / "one", made, Card(), small(name))
    again = load(tmp_path / "one")
    ids = tokens.document("the dog sat on the cat")
    np.testing.assert_array_equal(again.log_probabilities(ids), made.log_probabilities(ids))
    assert again.context == 16


def test_a_model_that_is_not_there_or_damaged_is_said(tokens, tmp_path):
    with pytest.raises(UnusableData, match="no language model “lstm”"):
        load(tmp_path / "lstm")
    save(tmp_path / "one", Neural(network("lstm", tokens.size), tokens, 16), Card(), small("lstm"))
    weights = tmp_path / "one" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(UnreadableFile, match="missing or damaged"):
        load(tmp_path / "one")
