"""A model that does not fit is refused before it is loaded."""

from __future__ import annotations

from collections import namedtuple

import pytest

from core.messages import ModelUnavailable
from core.providers import memory


def test_what_fits_passes_and_what_does_not_is_a_sentence_with_both_numbers(monkeypatch):
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: namedtuple("Memory", "available")(1.3e9))
    memory.check("small", 0.99e9)
    with pytest.raises(ModelUnavailable, match=r"large.*2\.6 GB.*1\.3 GB"):
        memory.check("large", 2e9)
