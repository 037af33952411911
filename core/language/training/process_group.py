"""Processes that train one network together: how they start, meet, and end with whoever started them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import torch.distributed as dist

from core.jobs.processes import start_module
from core.messages import UnusableData, _, _n

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}  # read once, when torch is loaded: see `processes`
ENDED_SECONDS = 10.0


def divisible(batch: int, n: int) -> None:
    """Each process takes an equal part of every batch.

    Raises
    ------
    UnusableData
        It can't.
    """
    if n < 2 or batch % n:
        raise UnusableData(
            _n(
                "A batch of {batch} texts can't be divided with {n} process.",
                "A batch of {batch} texts can't be divided among {n} processes.",
            ),
            _("Choose a number of at least 2 that divides it."),
            batch=batch,
            n=n,
        )


@contextmanager
def processes(module: str, folder: Path, ranks: Sequence[int], total: int) -> Iterator[list[subprocess.Popen[str]]]:
    """``python -m module folder rank total`` for each rank; none outlives the block.

    Threads that wait by spinning keep the other processes from their cores: two processes were then 26 times slower
    than one on two cores, where they are otherwise about as fast.
    """
    running = [
        start_module(module, [str(folder), str(rank), str(total)], folder / f"{rank}.log", ONE_THREAD) for rank in ranks
    ]
    try:
        yield running
    finally:
        for one in running:
            if one.poll() is None:
                one.terminate()
        for one in running:
            try:
                one.wait(ENDED_SECONDS)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
            assert one.stdin is not None
            one.stdin.close()


def failed(running: list[subprocess.Popen[str]], folder: Path, ranks: Sequence[int]) -> None:
    """Raise what a process died of, if one did."""
    for one, rank in zip(running, ranks, strict=True):
        if one.poll():
            raise RuntimeError((folder / f"{rank}.log").read_text(encoding="utf-8", errors="replace")[-2000:])


def meet(folder: Path, rank: int, total: int, backend: str = "gloo") -> None:
    """Wait for all processes of a group, which find each other in a file."""
    dist.init_process_group(backend, init_method=f"file://{folder / 'meeting'}", rank=rank, world_size=total)


def end_with_parent() -> None:
    """The pipe from whoever started this process closes when that one ends, however it ends."""

    def wait() -> None:
        sys.stdin.read()
        os._exit(1)

    Thread(target=wait, daemon=True).start()
