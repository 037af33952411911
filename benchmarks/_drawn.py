"""Candidates trained on few labelled rows drawn from a table's training rows, scored on its held-out rows."""

from __future__ import annotations

import json
import statistics
import time

import numpy as np
import pandas as pd

from benchmarks.candidates import CACHE, Split, code, truth_of
from core import catalog
from core.fuse.assisted.base import Assisted
from core.fuse.candidates import build
from core.fuse.setting import Setting, Skipped
from core.names import parse


def measured(folder: str, made: Split, table: str, candidate: str, n_labels: int, seed: int, setting: Setting) -> dict:
    """One candidate on so many rows of each class, or on all there are; from the cache if the code is the same.

    A family that can use unlabelled rows is given all others without their labels.
    """
    path = CACHE.with_name(folder) / f"{table}_{candidate}_{n_labels}_{seed}_{code()}.json"
    if path.exists():
        return json.loads(path.read_text())
    y = truth_of(made.train[made.target], setting.task)
    random = np.random.default_rng(seed)
    rows = np.concatenate([random.permutation(np.flatnonzero(y == label))[:n_labels] for label in sorted(set(y))])
    built = build(candidate, setting)
    assert not isinstance(built, Skipped)
    X, labels = made.train.iloc[rows], y[rows]
    if catalog.fusion(parse(candidate).family).uses_unlabelled:
        others = np.setdiff1d(np.arange(len(y)), rows)
        X = pd.concat([X, made.train.iloc[others]])
        labels = np.concatenate([labels, np.full(len(others), None)])
    began = time.monotonic()
    fitted = built.fit(X, labels)
    seconds = time.monotonic() - began
    right = fitted.predict(made.test).astype(str) == truth_of(made.test[made.target], setting.task).astype(str)
    found = {"accuracy": float(np.mean(right)), "seconds": round(seconds, 1), "n_labelled": len(rows)}
    if isinstance(fitted, Assisted):
        found["trust"] = fitted.trust_
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found))
    return found


def summary(found: list[dict]) -> dict:
    """Mean and deviation of accuracy over the draws, and the median of the seconds."""
    scores = [one["accuracy"] for one in found]
    shown = {
        "mean": round(statistics.mean(scores), 4),
        "deviation": round(statistics.stdev(scores), 4) if len(scores) > 1 else None,
        "seconds": round(statistics.median(one["seconds"] for one in found), 1),
        "n_labelled": found[0]["n_labelled"],
    }
    trusts = [one["trust"] for one in found if "trust" in one]
    return shown | ({"trust": trusts} if trusts else {})
