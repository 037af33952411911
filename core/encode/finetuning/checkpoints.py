"""A training under way on disk, so that one that was cut off goes on at its last epoch: numbers in safetensors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import safetensors.torch
import torch
from safetensors import SafetensorError

from core.files import written_whole
from core.messages import Cancelled

SECONDS = 15.0  # of training that are worth a file
Tensors = dict[str, torch.Tensor]
_FILE: ContextVar[Path | None] = ContextVar("file", default=None)


@contextmanager
def checkpoint_to(file: Path) -> Iterator[None]:
    """Within this block, a training may keep itself in this file; it stays only where somebody stopped the work."""
    before = _FILE.set(file)
    try:
        yield
        file.unlink(missing_ok=True)
    except Cancelled:
        raise
    except Exception:
        file.unlink(missing_ok=True)
        raise
    finally:
        _FILE.reset(before)


class Checkpoint:
    """Where one training keeps itself; nowhere unless somebody asked for it.

    Parameters
    ----------
    fingerprint : str
        Of everything the training depends on: with another one, what lies there is not taken up.
    """

    def __init__(self, fingerprint: str) -> None:
        self.file, self.fingerprint = _FILE.get(), fingerprint
        self._written = time.monotonic()

    def load(self) -> Tensors | None:
        """What was kept of the same training; None if nothing was."""
        if self.file is None or not self.file.is_file():
            return None
        try:
            with safetensors.safe_open(self.file, framework="pt") as kept:
                if (kept.metadata() or {}).get("fingerprint") != self.fingerprint:
                    return None
                return {name: kept.get_tensor(name) for name in kept.keys()}  # noqa: SIM118  (not a dict)
        except (SafetensorError, OSError):
            return None

    def save(self, tensors: Tensors) -> None:
        """Keep it, whole or not at all, if enough was done since the last time."""
        if self.file is None or time.monotonic() - self._written < SECONDS:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(self.file) as place:
            safetensors.torch.save_file(tensors, place, metadata={"fingerprint": self.fingerprint})
        self._written = time.monotonic()
