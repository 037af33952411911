"""Search for good settings of a classical model inside one training fold."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import optuna

from core import catalog

optuna.logging.set_verbosity(optuna.logging.WARNING)


def search(
    model: str,
    score: Callable[[dict[str, Any]], float],
    *,
    trials: int,
    budget_seconds: float | None,
    seed: int,
    start: dict[str, Any] | None = None,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Try settings and keep the best.

    The first trial is the start (the defaults), so that a search never ends below it on its own folds. A budget only
    decides how many of the trials take place.

    Parameters
    ----------
    score : callable (settings) → float
        Higher is better; NaN where these settings can't be judged. If none can, the start stays.

    Returns
    -------
    (settings, trials) : dict and list of ``{"settings", "score", "seconds"}``

    References
    ----------
    Bergstra et al., "Algorithms for hyper-parameter optimization", NeurIPS 2011 (TPE).
    """
    parameters = catalog.model(model).parameters
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
    defaults = {parameter.name: parameter.default for parameter in parameters}
    study.enqueue_trial({**defaults, **(start or {})})
    began = time.monotonic()
    history: list[dict[str, Any]] = []
    for _number in range(trials):
        trial_began = time.monotonic()
        if history and budget_seconds is not None and trial_began - began >= budget_seconds:
            break
        trial = study.ask()
        settings = {parameter.name: suggest(trial, parameter) for parameter in parameters}
        value = score(settings)
        known = not math.isnan(value)
        study.tell(trial, value if known else None, state=None if known else optuna.trial.TrialState.FAIL)
        seconds = time.monotonic() - trial_began
        history.append({"settings": settings, "score": value if known else None, "seconds": seconds})
    if all(one["score"] is None for one in history):
        return {**defaults, **(start or {})}, history
    return dict(study.best_params), history


def suggest(trial: optuna.Trial, parameter: catalog.Parameter) -> Any:
    """One value for a setting, within the bounds of the catalogue."""
    if parameter.kind == "choice":
        return trial.suggest_categorical(parameter.name, parameter.choices)
    if parameter.kind == "int":
        return trial.suggest_int(parameter.name, int(parameter.low), int(parameter.high), log=parameter.log)
    return trial.suggest_float(parameter.name, parameter.low, parameter.high, log=parameter.log)
