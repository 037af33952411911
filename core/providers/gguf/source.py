"""A GGUF file that is found and not loaded: what its header says, and the model once somebody needs it."""

from __future__ import annotations

from pathlib import Path

from core.providers.gguf import hidden_states, llama_cpp
from core.providers.gguf.files import header


class GgufSource:
    """A language model's file; see `core.providers.base.Source`.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.stem

    @property
    def n_bytes(self) -> int:
        """The size of the file."""
        return self.path.stat().st_size

    @property
    def width(self) -> int:
        """Numbers of one hidden state."""
        return header(self.path).width

    @property
    def writes(self) -> frozenset[str]:
        """Languages that it can be asked to answer in."""
        return header(self.path).writes

    @property
    def revision(self) -> str:
        """A short hash of the file's content."""
        return llama_cpp.fingerprint(self.path)

    def load(self) -> llama_cpp.Gguf:
        """The model, loaded once per process."""
        return llama_cpp.loaded(self.path, self.path.stat().st_mtime_ns)

    def reader(self, pooling: str) -> hidden_states.GgufStates:
        """The same for its hidden states."""
        return hidden_states.loaded(self.path, self.path.stat().st_mtime_ns, pooling)
