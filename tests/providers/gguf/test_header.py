"""The header as the format's own library reads it, and no more trust than it deserves."""

from __future__ import annotations

import contextlib
import struct
import tempfile
from pathlib import Path

import gguf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.providers.gguf.header import read_fields
from tests.providers.gguf.test_files import made


def test_fields_are_those_of_the_library(packed):
    wanted = {"tokenizer.ggml.tokens", "tokenizer.ggml.token_type", "tokenizer.ggml.merges"}
    ours, theirs = read_fields(packed, wanted), gguf.GGUFReader(packed).fields
    for name, value in ours.items():
        plain = list(value) if isinstance(value, tuple) else value
        expected = theirs[name].contents()
        assert plain == (pytest.approx(expected) if isinstance(value, float) else expected)
    assert len(ours["tokenizer.ggml.tokens"]) == 49152
    assert "tokenizer.ggml.merges" not in read_fields(packed, {"tokenizer.ggml.tokens"})


@given(st.binary(max_size=200), st.integers(0, 300))
def test_anything_else_is_refused_and_never_read_past_its_end(junk, cut):
    with tempfile.TemporaryDirectory() as folder:
        path = made(Path(folder, "a.gguf"), ["<s>", "a", "b"])
        whole = path.read_bytes()
        path.write_bytes(whole[: min(cut, len(whole) - 64)] + junk)
        with contextlib.suppress(ValueError, KeyError, struct.error):
            read_fields(path, {"tokenizer.ggml.tokens"})


def test_a_length_beyond_the_file_is_refused(tmp_path):
    path = tmp_path / "a.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**60))
    with pytest.raises(ValueError, match="cut off"):
        read_fields(path, ())
