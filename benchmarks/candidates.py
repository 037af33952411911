"""How good the candidates are on eight real tables, beside what peers reach there.

    python -m benchmarks.candidates [--tables A,B] [--candidates X,Y] [--seed N] [--budget SECONDS]

The folder with the tables is named by AMALGAM_TRIAL_DATA. Protocol: at most 3,000 rows, three quarters to train on, a
quarter to be scored on, seed 0. Results are kept by table, candidate, seed and code in ``benchmarks/cache``, so that a
run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.base import clone
from sklearn.metrics import average_precision_score
from sklearn.model_selection import train_test_split

from benchmarks._machine import machine
from core.data import reading, table
from core.data.roles import columns
from core.data.schema import ReadOptions
from core.evaluate.ranking import metric_for
from core.evaluate.scores import score
from core.fuse.assisted.base import Assisted
from core.fuse.auto.choice import Automatic
from core.fuse.candidates import build
from core.fuse.columns import word
from core.fuse.ensemble import aligned
from core.fuse.setting import Setting, Skipped
from core.jobs import limits
from core.plan import Plan
from core.workspace import Workspace

FOLDER = Path(os.environ.get("AMALGAM_TRIAL_DATA", ""))
CACHE = Path(__file__).parent / "cache" / "quality"
CORE = Path(__file__).parent.parent / "core"
MOST_ROWS = 3000
BUDGET = 300.0


@dataclass(frozen=True)
class Table:
    """One real table: its files, target, and what peers reached on it (accuracy; R² for movie)."""

    files: tuple[str, ...]
    target: str
    peers: dict[str, float]
    goal: float | None = None


PEERS = ("TF-IDF + linear", "skrub + boosting", "MiniLM + linear", "all features + linear", "AutoGluon medium, 90 s")


def _peers(*figures: float | None) -> dict[str, float]:
    return {name: figure for name, figure in zip(PEERS, figures, strict=True) if figure is not None}


TABLES = {
    "airline": Table(
        ("airline_tweets.csv",), "airline_sentiment", _peers(0.728, 0.728, 0.787, 0.792, 0.761), goal=0.84
    ),
    "sms": Table(("sms_spam.tsv",), "column_1", _peers(0.980, 0.972, 0.983, 0.984, 0.985), goal=0.987),
    "movie": Table(("movie_metadata.csv",), "imdb_score", _peers(0.431, 0.590, 0.277, 0.407, 0.603), goal=0.62),
    "waimai": Table(("waimai_10k_zh.csv",), "label", _peers(0.883, 0.817, 0.725, 0.884, None), goal=0.90),
    "ai4i": Table(("ai4i2020.csv",), "Machine_failure", _peers(0.967, 0.975, 0.967, 0.967, 0.980)),
    "symptom": Table(("symptom2disease.csv",), "label", _peers(0.967, 0.883, 0.937, 0.973, 0.907), goal=0.98),
    "rt": Table(("rt-polarity.pos", "rt-polarity.neg"), "label", _peers(0.712, 0.605, 0.732, 0.753, 0.617), goal=0.80),
    "titanic": Table(("titanic.csv",), "survived", _peers(0.780, 0.807, 0.785, 0.794, 0.821), goal=0.825),
}
CANDIDATES = (
    "dummy",
    "columns+boosting",
    "text-tfidf",
    "text-llm",
    "columns-as-text",
    "cooperative",
    "cooperative-tuned",
    "joint-best",
    "assisted-probabilities",
    "assisted-margins",
    "assisted-weak",
    "assisted-priors",
    "assisted-augment",
    "distilled",
    "auto",
)
JOINT_HEADS = ("joint", "joint+svm", "joint+tree", "joint+forest")
JOINT_OPERATORS = ("@gated", "@cross")
TRIED_ROWS = 400  # of the training rows, to choose a joint head and operator on


@dataclass(frozen=True)
class Split:
    """Rows to train on and rows to be scored on, with what the columns were taken for."""

    train: pd.DataFrame
    test: pd.DataFrame
    target: str
    setting: Setting


def split(name: str, seed: int) -> Split:
    """A table by the protocol."""
    entry = TABLES[name]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        reading.read_files([FOLDER / file for file in entry.files], ReadOptions(), folder)
        schema = columns.guess(folder / "table.parquet", entry.target)
        rows = table.load(folder).dropna(subset=[entry.target])
    rows = rows.sample(min(MOST_ROWS, len(rows)), random_state=seed)
    classes = schema.task != "regression"
    train, test = train_test_split(
        rows, test_size=0.25, random_state=seed, stratify=rows[entry.target] if classes else None
    )
    task = schema.task or "regression"
    metric = metric_for(task, truth_of(train[entry.target], task))[0]
    plan = Plan(target=entry.target, task=task, seed=seed)
    threads = limits.slot_threads("heavy")
    setting = Setting(schema, plan, task, metric, Workspace().cache_folder, threads, len(train))
    return Split(train.reset_index(drop=True), test.reset_index(drop=True), entry.target, setting)


def measured(name: str, candidate: str, seed: int, budget: float) -> dict:
    """One candidate on one table, from the cache if the code is the same."""
    path = CACHE / f"{name}_{candidate.replace(':', '-').replace('@', '-')}_{seed}_{code()}.json"
    if path.exists():
        return json.loads(path.read_text())
    made = split(name, seed)
    tries = candidate == "joint-best" and bool(made.setting.schema.names("text"))
    chosen, tried = _best_joint(made) if tries else (candidate.removesuffix("-best"), {})
    built = build(chosen, made.setting)
    if isinstance(built, Skipped):
        found: dict = {"table": name, "candidate": candidate, "skipped": str(built.reason)}
    else:
        if isinstance(built, Automatic):
            built.set_params(budget_seconds=budget)  # for one fit: here there are no folds to share it with
        found = {"table": name, "candidate": candidate, **_scored(built, made)}
        if tried:
            found |= {"rule": chosen, "tried": tried}
        if isinstance(built, Assisted):
            found["parent_score"] = _scored(clone(built.parent), made)["score"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found))
    return found


def _best_joint(made: Split) -> tuple[str, dict[str, float]]:
    """The joint head, then the operator, that does best on a quarter of the training rows held back.

    Each is fitted on at most 400 of the others.  →  its name, and what each that was tried scored
    """
    rows = made.train.sample(frac=1.0, random_state=made.setting.plan.seed).reset_index(drop=True)
    n_held_back = len(rows) // 4
    inner = replace(made, train=rows[n_held_back : n_held_back + TRIED_ROWS], test=rows[:n_held_back])

    def tried(name: str) -> float:
        built = build(name, inner.setting)
        assert not isinstance(built, Skipped), built.reason
        found = _scored(built, inner)
        return found.get("average_precision", found["score"])

    scores = {name: tried(name) for name in JOINT_HEADS}
    head = max(JOINT_HEADS, key=lambda name: scores[name])
    if made.setting.schema.names("text") and made.setting.schema.names("number", "category", "date"):
        scores |= {f"{head}{operator}": tried(f"{head}{operator}") for operator in JOINT_OPERATORS}
    return max(scores, key=lambda name: scores[name]), scores


def _scored(built, made: Split) -> dict:
    task = made.setting.task
    truth = truth_of(made.test[made.target], task)
    began = time.monotonic()
    fitted = built.fit(made.train, truth_of(made.train[made.target], task))
    fit_seconds = time.monotonic() - began
    fitted.predict_both(made.test.head(2))
    began = time.monotonic()
    prediction, probabilities = fitted.predict_both(made.test)
    ms_per_row = 1000 * (time.monotonic() - began) / len(truth)
    found: dict = {"fit_seconds": round(fit_seconds, 1), "n_test": len(truth), "ms_per_row": round(ms_per_row, 4)}
    if isinstance(fitted, Assisted):
        found["trust"] = fitted.trust_
    if hasattr(fitted, "rule"):
        found["rule"] = str(fitted.rule())
    if task == "regression":
        r2 = score("regression", truth, prediction, None, [])["r2"]
        return found | {"score": r2.mean, "low": r2.low, "high": r2.high}
    found["right"] = [bool(one) for one in np.asarray(prediction, dtype=str) == truth.astype(str)]
    found["score"] = float(np.mean(found["right"]))
    if made.setting.metric == "average_precision" and probabilities is not None:
        classes = sorted(set(truth.astype(str)))
        rare = min(classes, key=lambda label: int(np.sum(truth.astype(str) == label)))
        full = aligned(probabilities, fitted, classes)
        found["average_precision"] = float(
            average_precision_score(truth.astype(str) == rare, full[:, classes.index(rare)])
        )
    return found


def truth_of(values: pd.Series, task: str) -> np.ndarray:
    """The target as candidates take it: labels (str) or numbers, shape (n,)."""
    if task == "regression":
        return values.to_numpy(dtype=float)
    return np.asarray([word(value) for value in values.tolist()], dtype=object)


def against_peer(found: dict, peer: float) -> str:
    """Whether a score is under a peer's by its 95 % interval: binomial; of R², by the bootstrap."""
    if "right" not in found:
        low, high = found["low"], found["high"]
    else:
        low, high = stats.binomtest(sum(found["right"]), found["n_test"]).proportion_ci(0.95)
    return "worse" if high < peer else "better" if low > peer else "level"


def code() -> str:
    """A fingerprint of what the figures depend on."""
    digest = hashlib.sha256()
    for part in ("encode", "models", "fuse"):
        for path in sorted((CORE / part).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def report(results: list[dict]) -> dict:
    """Scores by candidate and table, means, and the automatic choice beside each table's best peer."""
    scores: dict[str, dict[str, float]] = {}
    for found in results:
        if "score" in found:
            scores.setdefault(found["candidate"], {})[found["table"]] = round(found["score"], 4)
    means = {
        name: round(float(np.mean(list(one.values()))), 4) for name, one in scores.items() if len(one) == len(TABLES)
    }
    peer_means = {
        peer: round(float(np.mean([entry.peers[peer] for entry in TABLES.values() if peer in entry.peers])), 4)
        for peer in PEERS
    }
    autos = {found["table"]: found for found in results if found["candidate"] == "auto" and "score" in found}
    beside = {
        name: {
            "auto": round(found["score"], 4),
            "best_peer": max(TABLES[name].peers.values()),
            "goal": TABLES[name].goal,
            "against_best_peer": against_peer(found, max(TABLES[name].peers.values())),
            "seconds": found["fit_seconds"],
            "rule": found.get("rule", ""),
        }
        for name, found in autos.items()
    }
    return {
        "scores": scores,
        "means": means,
        "peer_means": peer_means,
        "auto": beside,
        "joint": {found["table"]: found["rule"] for found in results if "tried" in found},
        "assisted": _assisted(results),
        "distilled": _distilled(results),
        "machine": machine(),
    }


def _assisted(results: list[dict]) -> dict:
    """Each assisted candidate beside its classical parent: trust and difference by table, and their mean."""
    found: dict[str, dict] = {}
    for one in results:
        if "parent_score" in one:
            difference = round(one["score"] - one["parent_score"], 4)
            line = {"trust": one["trust"], "parent": round(one["parent_score"], 4), "difference": difference}
            found.setdefault(one["candidate"], {})[one["table"]] = line
    for lines in found.values():
        lines["mean_difference"] = round(float(np.mean([line["difference"] for line in lines.values()])), 4)
    return found


def _distilled(results: list[dict]) -> dict:
    """The share of the tuned model's gain over word counts that the student keeps, and how much faster it answers."""
    by = {(one["table"], one["candidate"]): one for one in results if "score" in one}
    found = {}
    for name in TABLES:
        three = [by[name, one] for one in ("text-tfidf", "cooperative-tuned", "distilled") if (name, one) in by]
        if len(three) < 3:
            continue
        words, tuned, student = three
        gain = tuned["score"] - words["score"]
        found[name] = {
            "gain_of_tuned": round(gain, 4),
            "kept": round((student["score"] - words["score"]) / gain, 3) if gain > 0 else None,
            "times_faster": round(tuned["ms_per_row"] / student["ms_per_row"], 1),
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", default=",".join(TABLES))
    parser.add_argument("--candidates", default=",".join(CANDIDATES))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--budget", type=float, default=BUDGET)
    options = parser.parse_args()
    if not FOLDER.is_dir() or not os.environ.get("AMALGAM_TRIAL_DATA"):
        print("Left out: say where the real tables are, AMALGAM_TRIAL_DATA=folder", file=sys.stderr)
        return
    results = []
    for name in options.tables.split(","):
        for candidate in options.candidates.split(","):
            found = measured(name, candidate, options.seed, options.budget)
            results.append(found)
            shown = found.get("skipped") or f"{found['score']:.4f} in {found['fit_seconds']} s {found.get('rule', '')}"
            print(f"{name:10} {candidate:24} {shown}", file=sys.stderr, flush=True)
    print(json.dumps(report(results), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
