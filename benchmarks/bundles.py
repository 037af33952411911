"""How long a bundle of many trees takes to write, to read and to predict with, beside the fitted object itself."""

from __future__ import annotations

import json
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import skops.io

from benchmarks._machine import machine
from core.bundles import bundle
from core.data.schema import Column, Schema
from core.fuse.candidates import build
from core.fuse.ensemble import Ensemble
from core.fuse.predictor import Predictor
from core.fuse.setting import Setting
from core.messages import say
from core.plan import Plan
from core.workspace import folder_bytes

N_ROWS, SCORED, TURNS = 2250, 750, 5
SETTINGS: dict[str, dict[str, Any]] = {
    "forest": {"n_estimators": 1000},
    "extra-trees": {"n_estimators": 1000},
    "boosting": {"max_iter": 1000},
    "lightgbm": {"n_estimators": 1000},
}
MIXTURE = ["cooperative:tfidf-svd+extra-trees", "columns+forest", "columns+boosting", "text-tfidf"]
NAMES = ["columns+forest", "columns+extra-trees", "columns+boosting", "columns+lightgbm", "text-tfidf"]
ROLES = {"note": "text", "plan": "category", **{f"x{place}": "number" for place in range(6)}, "answer": "target"}


def table() -> pd.DataFrame:
    """Notes of thirty words out of 6,000, a category, six numbers, and an answer that a few of them decide."""
    chance = np.random.default_rng(0)
    numbers = chance.normal(size=(N_ROWS, 6))
    words = np.array([f"word{number}" for number in range(6000)])
    made = pd.DataFrame(numbers, columns=[f"x{place}" for place in range(6)])
    made["note"] = [" ".join(row) for row in words[chance.integers(0, 6000, (N_ROWS, 30))]]
    made["plan"] = chance.choice(list("abcd"), N_ROWS)
    made["answer"] = np.where(numbers[:, 0] * numbers[:, 1] + chance.normal(0, 0.5, N_ROWS) > 0, "yes", "no")
    return made


def schema() -> Schema:
    """Its columns."""
    columns = [
        Column(name=name, role=role, guessed=role, reason=say(""), language="en" if role == "text" else "")
        for name, role in ROLES.items()
    ]
    return Schema(columns=columns, task="binary")


def seconds(work: Callable[[], object], turns: int = TURNS) -> float:
    """The median of a few turns."""
    took = []
    for _turn in range(turns):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return median(took)


def measured(name: str, fitted: Predictor, rows: pd.DataFrame, folder: Path) -> dict[str, object]:
    """Seconds to write, to read and to predict."""

    def save() -> None:
        bundle.save(fitted, folder / "b", name=name, target="answer", schema=schema(), rows=rows)

    saved = seconds(save, 3)
    loaded = seconds(lambda: bundle.load(folder / "b"), 3)
    opened, scored = bundle.load(folder / "b"), rows.tail(SCORED)
    pairs = [
        (seconds(lambda: fitted.predict_both(scored), 1), seconds(lambda: opened.predict(scored), 1))
        for _turn in range(7)
    ]
    same = np.array_equal(opened.pipeline.predict_proba(scored), fitted.predict_proba(scored))
    return {
        "candidate": name,
        "save_s": round(saved, 2),
        "load_s": round(loaded, 2),
        "predict_fitted_s": round(median(one for one, _other in pairs), 3),
        "predict_bundle_s": round(median(other for _one, other in pairs), 3),
        "predict_ratio": round(median(other / one for one, other in pairs), 2),
        "bit_identical": same,
        "mb": round(folder_bytes(folder / "b") / 1e6, 1),
        "files": len(zipfile.ZipFile(folder / "b" / "pipeline.skops").namelist()),
    }


def skops_alone(fitted: Predictor, folder: Path) -> dict[str, object]:
    """What the same takes without packing: a file for each array and for each number of NumPy's."""
    plain = folder / "plain.skops"
    saved = seconds(lambda: skops.io.dump(fitted, plain, compression=zipfile.ZIP_DEFLATED), 1)
    with zipfile.ZipFile(plain) as archive:
        return {
            "skops_alone_save_s": round(saved, 2),
            "skops_alone_mb": round(plain.stat().st_size / 1e6, 1),
            "skops_alone_files": len(archive.namelist()),
        }


def main() -> list[dict[str, object]]:
    """Each kind of 1,000 trees, word counts, and a mixture."""
    rows = table()
    plan = Plan(target="answer", model_settings=SETTINGS)
    setting = Setting(schema(), plan, "binary", n_rows=N_ROWS, threads=1)
    built = {name: made for name in [*NAMES, *MIXTURE] if isinstance(made := build(name, setting), Predictor)}
    members = [(name, built[name]) for name in MIXTURE]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name in [*NAMES, "mixture"]:
            made = Ensemble(members, [0.25] * 4, "binary") if name == "mixture" else built[name]
            fitted = made.fit(rows, rows["answer"])
            found.append(measured(name, fitted, rows, Path(folder)))
            if name in {"columns+forest", "text-tfidf"}:
                found[-1] |= skops_alone(fitted, Path(folder))
    return found


if __name__ == "__main__":
    print(json.dumps({"machine": machine(), "found": main()}, indent=2))
