"""A real GGUF file: the bundled model's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.encode.engines.unpack_smollm2 import packed_file


@pytest.fixture(scope="session")
def packed() -> Path:
    return packed_file().resolve()
