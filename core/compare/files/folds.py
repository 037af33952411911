"""What one candidate did on one fold, as files: written whole, read back on a resume, never computed twice."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.files import write_whole, written_whole
from core.results.advice import Advice
from core.results.flow import Flow

FACTS = {"fit_seconds", "settings", "trials", "ms_per_row", "teacher_ms_per_row", "flow", "advice"}


@dataclass(frozen=True)
class FoldResult:
    """Predictions for the rows held back, and what they cost."""

    test: np.ndarray  # positions in the comparison's rows
    prediction: np.ndarray
    probabilities: np.ndarray | None  # (n, k) in the order of the comparison's classes
    fit_seconds: float
    settings: dict[str, Any]  # found by a search
    trials: list[Any]
    ms_per_row: float | None = None  # of the first fold
    teacher_ms_per_row: float = 0.0  # of the first fold: for each row trained on, where a model is asked only then
    flow: Flow | None = None  # of the first fold
    advice: Advice | None = None  # of the first fold


def save(result: FoldResult, path: Path) -> None:
    """Write ``path`` (arrays) and, last, the JSON beside it, which says that both are complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {"test": result.test, "prediction": _plain(result.prediction)}
    if result.probabilities is not None:
        arrays["probabilities"] = result.probabilities
    with written_whole(path) as place, place.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
    facts = {key: value for key, value in asdict(result).items() if key in FACTS}
    for name in ("flow", "advice"):
        facts[name] = facts[name] and facts[name].model_dump(mode="json")
    write_whole(path.with_suffix(".json"), json.dumps(facts))


def load(path: Path) -> FoldResult | None:
    """A fold that was finished before; None if it was not."""
    note = path.with_suffix(".json")
    if not (path.exists() and note.exists()):
        return None
    facts = json.loads(note.read_text())
    for name, kind in (("flow", Flow), ("advice", Advice)):
        facts[name] = kind(**facts[name]) if facts.get(name) else None
    with np.load(path, allow_pickle=False) as arrays:
        prediction = arrays["prediction"]
        return FoldResult(
            test=arrays["test"],
            prediction=prediction.astype(object) if prediction.dtype.kind == "U" else prediction,
            probabilities=arrays.get("probabilities"),
            **facts,
        )


def write_predictions(
    folds: list[FoldResult], rows: np.ndarray, units: np.ndarray, y: np.ndarray, classes: list[str], path: Path
) -> pd.DataFrame:
    """All held-out rows in one table (``predictions.parquet``).

    rows, units, y: of the comparison's rows, shape (n,): position in the data set, unit of drawing, target.
    """
    parts = []
    for number, fold in enumerate(folds):
        part = pd.DataFrame(
            {
                "row": rows[fold.test],
                "unit": units[fold.test],
                "fold": number,
                "truth": y[fold.test],
                "prediction": fold.prediction,
            }
        )
        if fold.probabilities is not None:
            for place, label in enumerate(classes):
                part[f"probability_{label}"] = fold.probabilities[:, place]
        parts.append(part)
    frame = pd.concat(parts, ignore_index=True)
    with written_whole(path) as whole:
        frame.to_parquet(whole)
    return frame


def _plain(values: np.ndarray) -> np.ndarray:
    return values.astype(str) if values.dtype == object else values
