"""A GGUF file as the door hands it on."""

from __future__ import annotations

from core.providers.gguf import hidden_states, llama_cpp
from core.providers.gguf.source import GgufSource


def test_what_is_known_of_a_file_before_it_is_loaded(packed):
    source = GgufSource(packed)
    assert (source.name, source.path) == (packed.stem, packed)
    assert source.n_bytes == packed.stat().st_size
    assert source.width == 576
    assert source.writes == {"en"}
    assert source.revision == llama_cpp.fingerprint(packed)


def test_it_is_loaded_once(packed):
    assert GgufSource(packed).load() is GgufSource(packed).load()
    reader = GgufSource(packed).reader("mean")
    assert isinstance(reader, hidden_states.GgufStates)
    assert reader is GgufSource(packed).reader("mean")
