"""The same trials once more: what a run tried, read from its files, and a candidate that tries exactly that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sklearn.base import clone

from core.data.schema import read_model
from core.files import write_whole
from core.fuse.auto.choice import Automatic
from core.fuse.candidate import Candidate
from core.fuse.logged import Logged
from core.fuse.predictor import Predictor
from core.messages import UnreadableFile, _
from core.plan import Plan, Trials
from core.results.comparison import Comparison, candidate_folder

ALL = "all"  # the fit on all rows, beside the folds by number


def plan_of(run: Path) -> Plan:
    """The plan that repeats a finished run: its candidates that finished, their trials, no budget.

    Raises
    ------
    UnreadableFile
        The folder is not a run's.
    """
    plan, result = read_model(Plan, run / "plan.json"), read_model(Comparison, run / "result.json")
    if plan is None or result is None:
        raise UnreadableFile(
            _("“{folder}” is not the folder of a run."),
            _("It is what “compare --out FOLDER” wrote."),
            folder=str(run),
        )
    finished = [line.name for line in result.candidates if line.status == "ok"]
    return plan.model_copy(
        update={
            "candidates": finished,
            "budget_seconds": None,
            "replay": {name: _recorded(candidate_folder(run, name) / "folds") for name in finished},
        }
    )


def as_before(candidate: Predictor, trials: Trials | None) -> Predictor:
    """A fresh candidate; with trials, one that tries exactly those."""
    fresh: Predictor = clone(candidate)
    if trials is None:
        return fresh
    if isinstance(fresh, Automatic):
        fresh.set_params(only=trials)
        return fresh
    inner = fresh.candidate if isinstance(fresh, Logged) else fresh
    if isinstance(inner, Candidate) and inner.search:
        inner.set_params(search={**inner.search, "trials": max(1, len(trials)), "budget_seconds": None})
    return fresh


def record(folder: Path, fitted: Any) -> None:
    """Write down what the fit on all rows tried."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{ALL}.json", json.dumps({"trials": fitted.trials_, "settings": fitted.settings_}))


def _recorded(folds: Path) -> dict[str, Trials]:
    return {note.stem: json.loads(note.read_text())["trials"] for note in sorted(folds.glob("*.json"))}
