"""How good ``auto`` is beside its peers, in equal time: whole processes on the same files, scored on the same rows.

    python -m benchmarks.quality [--tables A,B | --kept] [--sides auto,best] [--budget SECONDS] [--seed N]

Protocol: at most 3,000 rows, three quarters to learn from and a quarter to be scored on; classes spread evenly. `auto`
is ``fit --candidate auto --budget SECONDS`` and ``predict``, the peers are AutoGluon with that time limit, in an
environment of its own (``make peers``). Only tables not named as kept for the end may be looked at while settings are
chosen. Results are kept by table, side, seed, budget and code in ``benchmarks/cache``, so that a run that was stopped
goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.metrics import average_precision_score, r2_score
from sklearn.model_selection import train_test_split

from benchmarks._machine import machine
from benchmarks.candidates import code
from benchmarks.tables.against_peers import PEERS, TABLES, Table

CACHE = Path(__file__).parent / "cache" / "peers"
MOST_ROWS, TEST_SHARE = 3000, 0.25
SIDES = {"auto": "", "best": "best_quality", "medium": "medium_quality"}
RARE = 0.1  # below this share of the rarer of two classes, average precision is told, too


def split(table: Table, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows to learn from, and rows to be scored on."""
    rows = table.read().dropna(subset=[table.target])
    rows = rows.sample(min(MOST_ROWS, len(rows)), random_state=seed)
    even = rows[table.target] if _classes(rows[table.target]) else None
    if even is not None and even.value_counts().min() < 2:
        even = None
    train, test = train_test_split(rows, test_size=TEST_SHARE, random_state=seed, stratify=even)
    return train, test


def measured(name: str, side: str, seed: int, budget: float) -> dict[str, Any]:
    """One side on one table, from the cache if the code is the same."""
    version = code() if side == "auto" else "peer"
    path = CACHE / f"{name}_{side}_{seed}_{budget:g}_{version}.json"
    if path.exists():
        return dict(json.loads(path.read_text()))
    table = TABLES[name]
    train, test = split(table, seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        train.to_csv(folder / "train.csv", index=False)
        test.drop(columns=[table.target]).to_csv(folder / "test.csv", index=False)
        began = time.monotonic()
        found = _ours(folder, table, budget, seed) if side == "auto" else _peer(folder, table, SIDES[side], budget)
        seconds = time.monotonic() - began
    told = {"table": name, "side": side, "seed": seed, "budget": budget, "load": os.getloadavg()[0], **found}
    if "error" not in found:
        classes = _classes(pd.concat([train[table.target], test[table.target]]))
        told |= _scored(told.pop("frame"), test[table.target], classes)
    path.parent.mkdir(parents=True, exist_ok=True)
    told.setdefault("seconds", round(seconds, 1))
    path.write_text(json.dumps(told))
    return told


def _ours(folder: Path, table: Table, budget: float, seed: int) -> dict[str, Any]:
    bundle = folder / "bundle"
    fit = ["fit", str(folder / "train.csv"), "--target", table.target, "--candidate", "auto", "--budget", f"{budget:g}"]
    began = time.monotonic()
    done = _run([*_CORE, *fit, "--seed", str(seed), "--json", "--quiet", "--out", str(bundle)], folder)
    seconds = round(time.monotonic() - began, 1)
    if done.returncode:
        return {"error": done.stderr[-500:], "seconds": seconds}
    told = json.loads(done.stdout)
    out = folder / "out.csv"
    done = _run([*_CORE, "predict", str(bundle), str(folder / "test.csv"), "--out", str(out), "--quiet"], folder)
    if done.returncode:
        return {"error": done.stderr[-500:], "seconds": seconds}
    notes = " ".join(map(str, told["notes"]))
    return {"frame": pd.read_csv(out), "seconds": seconds, "promised": told["scores"], "notes": notes[:1500]}


def _peer(folder: Path, table: Table, presets: str, budget: float) -> dict[str, Any]:
    out = folder / "out.csv"
    script = Path(__file__).parent / "_autogluon.py"
    command = [PEERS / "bin" / "python", script, folder / "train.csv", folder / "test.csv", table.target, presets]
    began = time.monotonic()
    done = _run([*map(str, command), f"{budget:g}", str(out)], folder)
    seconds = round(time.monotonic() - began, 1)
    if done.returncode:
        return {"error": done.stderr[-500:], "seconds": seconds}
    return {"frame": pd.read_csv(out), "seconds": seconds, "notes": done.stderr.strip()[-200:]}


_CORE = [sys.executable, "-m", "core"]


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """A whole process, with a home of its own, so that nothing read before helps."""
    known = {**os.environ, "AMALGAM_HOME": str(folder / "home"), "LANG": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=known)


def _scored(frame: pd.DataFrame, truth: pd.Series, classes: bool) -> dict[str, Any]:
    """Score, and for each row whether it was right, or its squared error."""
    if not classes:
        prediction = frame["prediction"].to_numpy(dtype=float)
        errors = (prediction - truth.to_numpy(dtype=float)) ** 2
        return {"score": float(r2_score(truth, prediction)), "rows": [float(one) for one in errors]}
    asked = np.array([_word(one) for one in truth])
    right = np.array([_word(one) for one in frame["prediction"]]) == asked
    found: dict[str, Any] = {"score": float(right.mean()), "rows": [float(one) for one in right]}
    labels, counts = np.unique(asked, return_counts=True)
    rare = labels[counts.argmin()]
    if len(labels) == 2 and counts.min() < RARE * counts.sum():
        column = next(name for name in frame if str(name).startswith("probability_") and _word(name[12:]) == rare)
        found["average_precision"] = float(average_precision_score(asked == rare, frame[column]))
    return found


def _classes(target: pd.Series) -> bool:
    return target.nunique() <= 30


def _word(value: object) -> str:
    """A class as both sides write it: 1, 1.0 and “1” are one."""
    try:
        return f"{float(str(value)):g}"
    except ValueError:
        return str(value)


def report(results: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Scores, ranks, means with and without texts, and where `auto` is clearly behind its best peer."""
    by: dict[str, dict[str, dict[str, Any]]] = {}
    for one in results:
        by.setdefault(one["table"], {})[one["side"]] = one
    scores = {
        name: {side: round(one.get("score", float("nan")), 4) for side, one in s.items()} for name, s in by.items()
    }
    sides = sorted({side for one in scores.values() for side in one}, key=list(SIDES).index)
    whole = {name: one for name, one in scores.items() if set(one) == set(sides)}
    ranks = {name: stats.rankdata([-np.nan_to_num(one[side], nan=-9) for side in sides]) for name, one in whole.items()}
    means: dict[str, dict[str, float]] = {}
    for kind, wanted in (("with texts", True), ("without", False)):
        mine = [one for name, one in whole.items() if TABLES[name].text is wanted]
        if mine:
            means[kind] = {side: round(float(np.nanmean([one[side] for one in mine])), 4) for side in sides}
    return {
        "scores": scores,
        "seconds": {name: {side: one["seconds"] for side, one in s.items()} for name, s in by.items()},
        "average_precision": {
            name: {side: round(one["average_precision"], 4) for side, one in s.items() if "average_precision" in one}
            for name, s in by.items()
            if any("average_precision" in one for one in s.values())
        },
        "promised by auto": {
            name: _promise(one["auto"]) for name, one in by.items() if "promised" in one.get("auto", {})
        },
        "mean rank": {s: round(float(np.mean([r[n] for r in ranks.values()])), 2) for n, s in enumerate(sides)},
        "means": means,
        "clearly worse": [name for name, one in by.items() if _clearly_worse(one)],
        "machine": machine(),
    }


def _promise(mine: dict[str, Any]) -> dict[str, float]:
    """The score that `fit` said, with its interval, for the one that the held-out rows gave."""
    told = mine["promised"].get("accuracy") or mine["promised"]["r2"]
    return {name: round(float(told[name]), 4) for name in ("mean", "low", "high")}


def _clearly_worse(sides: dict[str, dict[str, Any]]) -> bool:
    """Whether `auto` is behind its best peer by a paired test, 95 %: of signs for classes, of t for squared errors."""
    peers = [one for side, one in sides.items() if side != "auto" and "score" in one]
    mine = sides.get("auto", {})
    if "score" not in mine or not peers:
        return False
    best = max(peers, key=lambda one: float(one["score"]))
    ahead = np.array(mine["rows"]) - np.array(best["rows"])
    if set(np.unique(mine["rows"])) <= {0.0, 1.0}:
        won, lost = int((ahead > 0).sum()), int((ahead < 0).sum())
        return bool(lost > won and stats.binomtest(won, won + lost).pvalue < 0.05)
    return bool(ahead.mean() > 0 and stats.ttest_1samp(ahead, 0).pvalue < 0.05)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", default="", help="default: those that settings may be chosen on")
    parser.add_argument("--kept", action="store_true", help="those kept for the end")
    parser.add_argument("--sides", default=",".join(SIDES))
    parser.add_argument("--budget", type=float, default=240.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    names = [name for name in options.tables.split(",") if name]
    names = names or [name for name, table in TABLES.items() if table.kept == options.kept]
    results = []
    for name in names:
        for side in options.sides.split(","):
            one = measured(name, side, options.seed, options.budget)
            results.append(one)
            shown = one.get("error") or f"{one['score']:.4f} in {one['seconds']} s {one.get('notes', '')[:300]}"
            print(f"{name:10} {side:8} {shown}", file=sys.stderr, flush=True)
    print(json.dumps(report(results), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
