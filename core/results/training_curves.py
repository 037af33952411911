"""How training went, step by step, as it happens. Light: pages poll it and draw (``curves.json``).

One list of points per fold, in the order of the folds, then ``all`` for the fit on all rows. Where a fold trains
several encoders one after the other, the steps begin anew.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from core.data.schema import read_model

CURVES_FILE = "curves.json"


class CurvePoint(BaseModel):
    """The loss up to a step of a training: on its batches since the last point, and on rows held back."""

    step: int
    steps: int  # of the whole training, which may stop earlier
    train: float
    validation: float | None = None


class FoldCurve(BaseModel):
    """One training."""

    fold: str  # its number from 0, or "all"
    points: list[CurvePoint] = []


class TrainingCurves(BaseModel):
    """All trainings of a candidate so far."""

    folds: list[FoldCurve] = []


def read_curves(candidate_folder: Path) -> TrainingCurves:
    """The curves of a candidate; empty if it has not trained step by step."""
    return read_model(TrainingCurves, candidate_folder / CURVES_FILE) or TrainingCurves()
