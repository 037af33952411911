"""Few labels: what a tuned and a frozen language model gain over word counts with 8, 16 and 64 labels per class.

    python -m benchmarks.few_shot [--tables A,B] [--labels 8,16,64] [--seeds N]

The folder with the tables is named by AMALGAM_TRIAL_DATA. The rows scored on are those of ``benchmarks.quality``; each
seed draws other labelled rows from the rest. Results are kept in ``benchmarks/cache`` like those.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time

import numpy as np

from benchmarks._machine import machine
from benchmarks.quality import CACHE, FOLDER, Split, code, split, truth_of
from core.fuse.candidates import build
from core.fuse.setting import Skipped

TABLES = ("rt", "airline", "symptom")
CANDIDATES = ("text-tfidf", "cooperative", "cooperative-tuned")


def measured(made: Split, table: str, candidate: str, n_labels: int, seed: int) -> dict:
    """One candidate trained on so many rows of each class, or on all there are."""
    path = CACHE.with_name("few_shot") / f"{table}_{candidate}_{n_labels}_{seed}_{code()}.json"
    if path.exists():
        return json.loads(path.read_text())
    y = truth_of(made.train[made.target], made.setting.task)
    random = np.random.default_rng(seed)
    rows = np.concatenate([random.permutation(np.flatnonzero(y == label))[:n_labels] for label in sorted(set(y))])
    built = build(candidate, made.setting)
    assert not isinstance(built, Skipped)
    began = time.monotonic()
    fitted = built.fit(made.train.iloc[rows], y[rows])
    seconds = time.monotonic() - began
    right = fitted.predict(made.test).astype(str) == truth_of(made.test[made.target], made.setting.task).astype(str)
    found = {"accuracy": float(np.mean(right)), "seconds": round(seconds, 1), "n_rows": len(rows)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", default=",".join(TABLES))
    parser.add_argument("--labels", default="8,16,64")
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    if not FOLDER.is_dir() or not os.environ.get("AMALGAM_TRIAL_DATA"):
        print("Left out: say where the real tables are, AMALGAM_TRIAL_DATA=folder", file=sys.stderr)
        return
    results: dict[str, dict] = {}
    for table in options.tables.split(","):
        made = split(table, 0)
        for n_labels in map(int, options.labels.split(",")):
            for candidate in CANDIDATES:
                found = [measured(made, table, candidate, n_labels, seed) for seed in range(options.seeds)]
                scores = [one["accuracy"] for one in found]
                shown = {
                    "mean": round(statistics.mean(scores), 4),
                    "deviation": round(statistics.stdev(scores), 4) if len(scores) > 1 else None,
                    "seconds": round(statistics.median(one["seconds"] for one in found), 1),
                    "n_rows": found[0]["n_rows"],
                }
                results.setdefault(table, {}).setdefault(str(n_labels), {})[candidate] = shown
                print(table, n_labels, candidate, shown, file=sys.stderr, flush=True)
    for sizes in results.values():
        for one in sizes.values():
            for candidate in CANDIDATES[1:]:
                one[candidate]["gain"] = round(one[candidate]["mean"] - one["text-tfidf"]["mean"], 4)
    print(json.dumps({"results": results, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
