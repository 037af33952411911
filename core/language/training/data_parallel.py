"""A training that several processes share: each takes a part of every batch, all step by the mean of their gradients.

The process that trains goes on as if it were alone: looks at validation text, samples, checkpoints and the clock are
its own. Its helpers run this file as a program, find the same networks in a folder, and are told which of them makes
its next step. They run on processors (torch's `DistributedDataParallel` over gloo).

References
----------
Li et al., "PyTorch distributed: experiences on accelerating data parallel training", VLDB 2020.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from pydantic import TypeAdapter
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from core.catalog.language_models import Architecture
from core.encode.inference import torch_threads
from core.language.tokens import Tokens
from core.language.training.loop import Step, Training
from core.language.training.process_group import divisible, end_with_parent, failed, meet, processes

SPEC = "together.json"
STOP, BEGIN, STEP = range(3)
ANOTHER = 7_368_787  # between the seeds of two processes' dropout
POLL_SECONDS = 0.1


class Shared(Training):
    """A training of which this process makes its part of every step; the rest as for `Training`.

    Parameters
    ----------
    rank : int
        This process among all; 0 leads.
    total : int
        How many there are; divides the batch.
    """

    def __init__(self, architecture: Architecture, *rest: Any, rank: int, total: int, **more: Any) -> None:
        super().__init__(architecture, *rest, **more)
        divisible(architecture.batch, total)
        self.rank, self.total, self.place = rank, total, 0

    def join(self, place: int) -> None:
        """Share gradients from now on; all processes join with the same networks in the same places."""
        self.place = place
        self._through = self._shared(self.network)

    def begin(self) -> None:
        self._tell(BEGIN)
        super().begin()

    def step(self) -> Step:
        self._tell(STEP)
        return super().step()

    def _tell(self, what: int) -> None:
        if self.rank == 0:
            dist.broadcast(torch.tensor([self.place, what]), 0)

    def _affordable(self) -> int:
        found = torch.tensor(super()._affordable())
        dist.broadcast(found, 0)  # the leader's clock counts
        return int(found)

    def _seed_of(self, step: int) -> int:
        return super()._seed_of(step) + ANOTHER * self.rank

    def _rows(self, step: int) -> Tensor:
        return super()._rows(step)[self.rank :: self.total]

    def _shared(self, network: nn.Module) -> nn.Module:
        return DistributedDataParallel(network)

    def _mean(self, loss: Tensor) -> float:
        total = loss.detach().clone()
        dist.all_reduce(total)
        return total.item() / self.total


@contextmanager
def helped(
    trainings: Sequence[Shared], documents: Sequence[str], checkpoints: Sequence[Path], folder: Path,
    stopped: Callable[[], None],
) -> Iterator[None]:  # fmt: skip
    """Have helpers take part in these trainings, which lead; they end with the block.

    Parameters
    ----------
    checkpoints : list of Path
        Of each training: what it was resumed from, if it was.
    folder : Path
        An empty one, for what the helpers have to know.
    stopped : callable
        Raises to stop waiting for them.
    """
    total, first = trainings[0].total, trainings[0]
    first.tokens.save(folder / "tokenizer.json")
    spec = {
        "documents": list(documents),
        "trainings": [
            {
                "architecture": asdict(one.architecture),
                "steps": one.progress.n_steps or None,
                "seed": one.seed,
                "learning_rate": one.rate,
                "checkpoint": str(checkpoint),
            }
            for one, checkpoint in zip(trainings, checkpoints, strict=True)
        ],
    }
    (folder / SPEC).write_text(json.dumps(spec), encoding="utf-8")
    ranks = range(1, total)
    with processes("core.language.training.data_parallel", folder, ranks, total) as running, torch_threads(1):
        while not all(_ready(folder, rank).exists() for rank in ranks):
            stopped()
            failed(running, folder, ranks)
            time.sleep(POLL_SECONDS)
        meet(folder, 0, total)
        try:
            for place, one in enumerate(trainings):
                one.join(place)
            yield
            dist.broadcast(torch.tensor([0, STOP]), 0)
        finally:
            dist.destroy_process_group()


def take_part(folder: Path, rank: int, total: int) -> None:
    """A helper's life: make its part of each step it is told of."""
    spec = json.loads((folder / SPEC).read_text(encoding="utf-8"))
    torch.set_num_threads(1)
    tokens, trainings = Tokens.load(folder / "tokenizer.json"), []
    for one in spec["trainings"]:
        training = Shared(
            TypeAdapter(Architecture).validate_python(one["architecture"]),
            tokens,
            spec["documents"],
            [],
            seconds=0,
            steps=one["steps"],
            seed=one["seed"],
            learning_rate=one["learning_rate"],
            rank=rank,
            total=total,
        )
        training.resume(Path(one["checkpoint"]))
        trainings.append(training)
    _ready(folder, rank).touch()
    meet(folder, rank, total)
    for place, training in enumerate(trainings):
        training.join(place)
    told = torch.zeros(2, dtype=torch.int64)
    while True:
        dist.broadcast(told, 0)
        place, what = told.tolist()
        if what == STOP:
            break
        if what == BEGIN:
            trainings[place].begin()
        else:
            trainings[place].step()
    dist.destroy_process_group()


def _ready(folder: Path, rank: int) -> Path:
    return folder / f"ready-{rank}"


if __name__ == "__main__":
    end_with_parent()
    take_part(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
