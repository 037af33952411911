"""Data parallel training put to the test: the same steps on one process and on several give the same weights.

Each process runs this file as a program and finds the training in a folder; accelerate wraps the network for torch's
`DistributedDataParallel` (gloo on processors, NCCL where each process has a GPU). The time each took is told, too.

References
----------
Li et al., "PyTorch distributed: experiences on accelerating data parallel training", VLDB 2020.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch
import torch.distributed as dist
from accelerate import Accelerator
from pydantic import TypeAdapter
from safetensors.torch import load_file, save_file
from torch import nn

from core.catalog.language_models import Architecture
from core.language.tokens import Tokens
from core.language.training.loop import CLIPPED, Training, scheduled
from core.language.training.process_group import divisible, end_with_parent, failed, meet, processes
from core.results.language.laboratory import ParallelCheck

SAME = 1e-5
WARM_STEPS = 2  # not timed
EXACT_STEPS = 8  # whose weights are compared
SPEC, WEIGHTS, TIMED = "training.json", "weights.safetensors", "seconds.json"
POLL_SECONDS = 0.1


def check(
    architecture: Architecture,
    tokens: Tokens,
    documents: Sequence[str],
    *,
    n_processes: int = 2,
    steps: int = 20,
    seed: int = 0,
    stopped: Callable[[], None] = lambda: None,
) -> ParallelCheck:
    """Train the same steps on one process and on several, each process with one thread.

    Weights are compared in double precision and without dropout, which falls differently on parts of a batch: in
    single precision AdamW makes steps of full size even where a gradient is nothing but rounding (a key's bias, which
    attention does not see). The time is that of single precision, as in a real training.

    Parameters
    ----------
    stopped : callable
        Raises to stop.

    Raises
    ------
    UnusableData
        The batch can't be divided among so many processes.
    """
    divisible(architecture.batch, n_processes)
    plain = replace(architecture, dropout=0.0)
    with tempfile.TemporaryDirectory(prefix="amalgam-") as place:

        def trained(n: int, n_steps: int, *, double: bool) -> Path:
            folder = Path(place) / f"{n}-{'double' if double else 'single'}"
            return _trained(plain, tokens, documents, n, n_steps, seed, folder, stopped, double)

        weights = [load_file(trained(n, min(steps, EXACT_STEPS), double=True) / WEIGHTS) for n in (1, n_processes)]
        seconds = [json.loads((trained(n, steps, double=False) / TIMED).read_text()) for n in (1, n_processes)]
    largest = max(float((weights[0][name] - weights[1][name]).abs().max()) for name in weights[0])
    return ParallelCheck(
        model=architecture.name,
        processes=n_processes,
        steps=steps,
        largest_difference=largest,
        same=largest <= SAME,
        one_seconds=seconds[0],
        many_seconds=seconds[1],
        speed_up=seconds[0] / seconds[1],
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
    )


def _trained(
    architecture: Architecture,
    tokens: Tokens,
    documents: Sequence[str],
    n: int,
    steps: int,
    seed: int,
    folder: Path,
    stopped: Callable[[], None],
    double: bool,
) -> Path:
    """Run n processes to their end.  →  the folder with what they wrote"""
    folder.mkdir(parents=True)
    tokens.save(folder / "tokenizer.json")
    spec = {"architecture": asdict(architecture), "documents": list(documents), "steps": steps, "seed": seed}
    spec |= {"double": double}
    (folder / SPEC).write_text(json.dumps(spec), encoding="utf-8")
    with processes("core.language.training.parallel_check", folder, range(n), n) as running:
        while any(one.poll() is None for one in running):
            stopped()
            failed(running, folder, range(n))  # the others would wait for it
            time.sleep(POLL_SECONDS)
        failed(running, folder, range(n))
    return folder


def part(folder: Path, rank: int, total: int) -> None:
    """One process's part of the training that the folder describes."""
    spec = json.loads((folder / SPEC).read_text(encoding="utf-8"))
    torch.set_num_threads(1)
    gpus = torch.cuda.device_count() >= total
    if total > 1:
        _announce(rank, total)
        meet(folder, rank, total, "nccl" if gpus else "gloo")
    accelerator = Accelerator(cpu=not gpus)
    whole = Training(
        TypeAdapter(Architecture).validate_python(spec["architecture"]),
        Tokens.load(folder / "tokenizer.json"),
        spec["documents"],
        [],
        seconds=0,
        steps=spec["steps"],
        seed=spec["seed"],
    )
    if spec["double"]:
        whole.network.double()
    network, optimiser = accelerator.prepare(whole.network, whole.optimiser)
    began = 0.0
    for step in range(spec["steps"]):
        if step == min(WARM_STEPS, spec["steps"] - 1):
            accelerator.wait_for_everyone()
            began = time.monotonic()
        for group in optimiser.param_groups:
            group["lr"] = whole.rate * scheduled(step + 1, spec["steps"])
        network.train()
        loss = whole.loss(whole.batches.at(step)[rank::total].to(accelerator.device), network)
        optimiser.zero_grad()
        accelerator.backward(loss)
        nn.utils.clip_grad_norm_(network.parameters(), CLIPPED)
        optimiser.step()
    accelerator.wait_for_everyone()
    if accelerator.is_main_process:
        seconds = time.monotonic() - began
        own = accelerator.unwrap_model(network)
        save_file({name: value.detach().cpu().clone() for name, value in own.named_parameters()}, folder / WEIGHTS)
        (folder / TIMED).write_text(json.dumps(seconds))
    if total > 1:
        dist.destroy_process_group()


def _announce(rank: int, total: int) -> None:
    """What accelerate asks the environment for; an address too, though the processes meet in a file."""
    told = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": total, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": 29500}
    os.environ.update({name: str(value) for name, value in told.items()})


if __name__ == "__main__":
    end_with_parent()
    part(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
