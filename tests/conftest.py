"""What every part's tests may ask for."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as workers do; read when numpy loads

import pytest

from core.workspace import Workspace


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """An empty home folder, which is also the processes' ``AMALGAM_HOME``."""
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
    return Workspace(tmp_path / "home")
