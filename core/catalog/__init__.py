"""What can be chosen: encoders, models, fusions, metrics and kinds of job, declared once.

Light on purpose: a page, the command line and a test read these lists without importing anything heavy. What does
the work is named by import path and loaded by the worker alone. Adding an encoder or a model is one entry here and
one class there.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from core.catalog.encoders import ENCODERS, POOLINGS, Encoder
from core.catalog.fusions import FUSIONS, HEADS, VARIANTS, Fusion
from core.catalog.job_kinds import JOB_KINDS, JobKind
from core.catalog.metrics import METRICS, Metric
from core.catalog.models import MODELS, Model, Parameter
from core.catalog.resident_ops import RESIDENT_OPS, ResidentOp
from core.catalog.roles import ROLES, TASKS, Role, Task
from core.messages import UnknownChoice, _, say

__all__ = [
    "ENCODERS",
    "FUSIONS",
    "HEADS",
    "JOB_KINDS",
    "METRICS",
    "MODELS",
    "POOLINGS",
    "RESIDENT_OPS",
    "ROLES",
    "TASKS",
    "VARIANTS",
    "Encoder",
    "Fusion",
    "JobKind",
    "Metric",
    "Model",
    "Parameter",
    "ResidentOp",
    "Role",
    "Task",
    "encoder",
    "fusion",
    "load",
    "model",
]


def encoder(name: str) -> Encoder | None:
    """The bundled encoder of this name; None means a Hugging Face id or a folder."""
    return next((entry for entry in ENCODERS if entry.name == name), None)


def model(name: str) -> Model:
    """The classical model of this name."""
    return _find(MODELS, name, _("a classical model"))


def fusion(name: str) -> Fusion:
    """The family of candidates of this name."""
    return _find(FUSIONS, name, _("a family of candidates"))


def _find(entries: tuple[Any, ...], name: str, what: str) -> Any:
    for entry in entries:
        if entry.name == name:
            return entry
    raise UnknownChoice(
        _("“{name}” is not {what} that Amalgam knows."),
        _("Choose one of: {known}."),
        name=name,
        what=say(what),
        known=[entry.name for entry in entries],
    )


def load(path: str) -> Callable[..., Any]:
    """What an import path ``module:name`` names; heavy, so for workers and the command line only."""
    module, _colon, name = path.partition(":")
    return getattr(importlib.import_module(module), name)
