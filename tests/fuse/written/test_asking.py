"""What the bundled model writes for a candidate: held to a grammar, the same with the same seed, heard on the way."""

from __future__ import annotations

import pytest

from core.encode.batches import progress_listener
from core.fuse.written.asking import written
from core.messages import ModelUnavailable
from core.results.language.laboratory import Decoding

HELD_TO = 'root ::= [a-c]{4} "."'


def test_it_writes_what_the_grammar_allows_and_the_same_with_the_same_seed():
    said = [
        written("bundled", ["Write letters.", "More."], Decoding(temperature=2, max_tokens=9, seed=seed), HELD_TO)
        for seed in (1, 1, 2)
    ]
    assert said[0] == said[1] != said[2]
    assert all(len(one) == 5 and set(one[:4]) <= set("abc") and one[4] == "." for one in said[0])


def test_progress_grows_to_the_end():
    heard: list[float] = []
    with progress_listener(lambda done, total: heard.append(done / total)):
        written("bundled", ["One.", "Two."], Decoding(max_tokens=6))
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len(heard) > 4


def test_a_model_that_is_not_there_is_named():
    with pytest.raises(ModelUnavailable, match="gone"):
        written("gone", ["Write."], Decoding())
