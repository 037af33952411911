"""The learning-rate finder: a short training whose rate grows from step to step until the loss runs away.

Where the smoothed loss falls fastest per decade of the rate, learning is quickest; a tenth of the rate at which the
loss is lowest is a careful choice. The curve says more than either number.

References
----------
Smith, "Cyclical learning rates for training neural networks", WACV 2017 (section 3.3, the range test).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import deepcopy

import numpy as np
import torch
from torch import nn

from core.language.training.loop import CLIPPED, Training
from core.results.language.laboratory import FinderCurve, FinderPoint

LOWEST, HIGHEST = 1e-5, 1.0
STEPS = 100
SMOOTHING = 0.9  # share of the loss so far
RUN_AWAY = 1.3  # times the lowest loss: it ends there
CAREFUL = 10.0


def find(
    training: Training, *, steps: int = STEPS, tell: Callable[[int, FinderCurve], None] = lambda step, curve: None
) -> FinderCurve:
    """Let the rate grow from 1e-5 to 1 in even ratios; the training given is left as it was.

    Parameters
    ----------
    tell : callable (step, curve so far) → None
        May raise to stop.
    """
    network = deepcopy(training.network).train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=LOWEST, weight_decay=0.0)
    curve = FinderCurve(model=training.architecture.name, points=[])
    mean = 0.0
    for step in range(steps):
        rate = LOWEST * (HIGHEST / LOWEST) ** (step / (steps - 1))
        for group in optimiser.param_groups:
            group["lr"] = rate
        torch.manual_seed(training.seed + step)
        loss = training.loss(training.batches.at(step), network)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), CLIPPED)
        optimiser.step()
        mean = SMOOTHING * mean + (1 - SMOOTHING) * loss.item()
        smooth = mean / (1 - SMOOTHING ** (step + 1))  # as if it had not begun at zero
        if not math.isfinite(smooth):
            break
        curve.points.append(FinderPoint(learning_rate=rate, loss_nats=smooth))
        tell(step + 1, curve)
        if smooth > RUN_AWAY * min(point.loss_nats for point in curve.points):
            break
    return judged(curve)


def judged(curve: FinderCurve) -> FinderCurve:
    """The curve with what it suggests; a loss that never falls suggests nothing."""
    rates = np.array([point.learning_rate for point in curve.points])
    losses = np.array([point.loss_nats for point in curve.points])
    if len(rates) < 3 or losses.argmin() == 0:
        return curve
    lowest = int(losses.argmin())
    slopes = np.gradient(losses, np.log10(rates))[: lowest + 1]
    steepest = float(rates[slopes.argmin()])
    return curve.model_copy(update={"steepest": steepest, "suggested": float(min(steepest, rates[lowest] / CAREFUL))})
