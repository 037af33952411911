"""Curves of a training under way, written beside a candidate's other files now and then, whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from core.data.schema import write_model
from core.encode.batches import loss_listener
from core.results.training_curves import CURVES_FILE, CurvePoint, FoldCurve, read_curves

POINTS = 200  # per training, beside those with a validation loss
SECONDS = 1.0  # between two writings


@contextmanager
def curve_of(candidate_folder: Path, fold: str) -> Iterator[None]:
    """Within this block, what `report_loss` says is written as the curve of this fold.

    Of an earlier curve that part stays which a training that was cut off, and goes on, does not go through again.
    """
    curves = read_curves(candidate_folder)
    curve = next((one for one in curves.folds if one.fold == fold), FoldCurve(fold=fold))
    earlier, curve.points = curve.points, []
    curves.folds = [one for one in curves.folds if one.fold != fold] + [curve]
    since: list[float] = []
    written = time.monotonic()

    def hear(step: int, n_steps: int, train: float, validation: float | None) -> None:
        nonlocal written, earlier
        curve.points += [point for point in earlier if point.step < step]
        earlier = []
        since.append(train)
        if validation is None and step % max(1, n_steps // POINTS) and step != n_steps:
            return
        mean = float(np.mean(since))
        since.clear()
        curve.points.append(CurvePoint(step=step, steps=n_steps, train=mean, validation=validation))
        if time.monotonic() - written >= SECONDS or not (candidate_folder / CURVES_FILE).exists():
            write()

    def write() -> None:
        nonlocal written
        candidate_folder.mkdir(parents=True, exist_ok=True)
        write_model(curves, candidate_folder / CURVES_FILE)
        written = time.monotonic()

    try:
        with loss_listener(hear):
            yield
    finally:
        if curve.points:
            write()
