"""The command line speaks English to tests."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def english(workspace, monkeypatch):
    """English, and an empty home folder."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
