"""The training of a joint network: rows held back say when to stop, and a training that was cut off goes on."""

from __future__ import annotations

import numpy as np
import torch

from core.catalog import Task
from core.data.splits.inner import Dependence, held_back
from core.encode.batches import by_length, report_loss, report_progress
from core.encode.finetuning.checkpoints import Checkpoint
from core.encode.finetuning.loop import Encoding, Training
from core.encode.inference import BATCH_TOKENS
from core.fuse.joint.network import Decision

HELD_BACK = 0.12  # of the training rows: they say when to stop
FEWEST_ROWS = 40  # with fewer, none is held back and every epoch is made
PATIENCE = 2  # epochs without gain
HEAD_RATE = 1e-3


def split(
    codes: np.ndarray, task: Task, seed: int, dependence: Dependence | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Rows to learn from, and rows held back: later ones or whole groups where rows depend on each other.

    codes: class numbers or numbers; a class of two rows or more is on both sides where rows are independent.
    """
    every = np.arange(len(codes))
    if len(codes) < FEWEST_ROWS:
        return every, every[:0]
    return held_back(task, codes, HELD_BACK, seed, dependence)


def train_to_best(
    body: Encoding,
    aim: Decision,
    batches: list[np.ndarray],
    per_epoch: int,
    held_back: np.ndarray,
    threads: int,
    fingerprint: str,
) -> tuple[list[float], list[float]]:
    """Train to the end, or until the rows held back gain no more; the best weights are left in place.

    A training of the same fingerprint that was cut off goes on where it was kept last.

    Parameters
    ----------
    per_epoch : int
        Batches.
    held_back : int array
        Places of examples that no batch holds; without any, the last weights are the best.

    Returns
    -------
    losses of the steps, losses of the rows held back after each epoch
    """
    losses: list[float] = []
    validation: list[float] = []
    training = Training(body, aim, len(batches), HEAD_RATE)
    checkpoint, best = Checkpoint(fingerprint), list[torch.Tensor]()  # until rows held back have judged, the last ones
    if (kept := checkpoint.load()) is not None:
        training.resume(kept)
        losses, validation = kept["losses"].tolist(), kept["validation"].tolist()
        best = [kept[f"best.{number}"] for number in range(len(training.masters))] if "best.0" in kept else []
    for step in training.steps(batches, threads):
        losses.append(step.loss)
        ends = step.number % per_epoch == 0
        judged = _judged(body, aim, held_back) if ends and len(held_back) else None
        report_loss(step.number, step.n_steps, step.loss, judged)
        report_progress(step.number, step.n_steps)
        if judged is not None:
            validation.append(judged)
            if judged <= min(validation):
                best = training.weights()
            elif len(validation) - 1 - int(np.argmin(validation)) >= PATIENCE:
                break
        if ends:
            checkpoint.save(_state(training, best, {"losses": losses, "validation": validation}))
    if best:
        training.put_back(best)
    return losses, validation


def _state(training: Training, best: list[torch.Tensor], curves: dict[str, list[float]]) -> dict[str, torch.Tensor]:
    """What a training that is cut off goes on from."""
    return {
        **training.state(),
        **{f"best.{number}": one for number, one in enumerate(best)},
        **{name: torch.tensor(values, dtype=torch.float64) for name, values in curves.items()},
    }


def _judged(body: Encoding, aim: Decision, places: np.ndarray) -> float:
    """The mean loss of these rows as things stand."""
    lengths = [len(body.examples[place]) for place in places]
    total = 0.0
    with torch.no_grad():
        for batch in by_length(lengths, BATCH_TOKENS):
            chosen = places[batch]
            given = (body.states if aim.needs_states else body.rows)(chosen.tolist())
            total += float(aim.plain(given, chosen)) * len(chosen)
    return total / len(places)
