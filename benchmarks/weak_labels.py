"""Few labels, many unlabelled rows: what weak labels and a distilled student gain over word counts.

    python -m benchmarks.weak_labels [--tables A,B] [--labels N] [--seeds N] [--candidates X,Y]

The folder with the tables is named by AMALGAM_TRIAL_DATA. The rows scored on are those of ``benchmarks.quality``; each
seed draws other labelled rows from the rest, and what is left of these is unlabelled. The classes are described, and
keyword rules are given, as a user would who has seen a dozen rows; both stand below. Results are kept in
``benchmarks/cache`` like those.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from benchmarks._machine import machine
from benchmarks.quality import CACHE, FOLDER, Split, code, split, truth_of
from core import catalog
from core.fuse.assisted.base import Assisted
from core.fuse.candidates import build
from core.fuse.setting import Skipped
from core.names import parse
from core.plan import Rule

TABLES = ("rt", "sms", "airline")
CANDIDATES = ("text-tfidf", "cooperative-tuned", "assisted-weak", "distilled")
DESCRIPTIONS = {
    "rt": {
        "pos": "A positive review that praises the film.",
        "neg": "A negative review that finds the film bad.",
    },
    "sms": {"spam": "An advertisement that offers prizes or services.", "ham": "A personal message to a friend."},
    "airline": {
        "negative": "The passenger complains about the airline.",
        "neutral": "The passenger asks the airline a question.",
        "positive": "The passenger thanks or praises the airline.",
    },
}
RULES = {
    "rt": [
        ("pos", ["moving", "touching", "delightful", "beautifully", "best", "funny and"]),
        ("neg", ["bad", "dull", "worst", "boring", "fails", "predictable", "tedious"]),
    ],
    "sms": [("spam", ["free", "prize", "claim", "txt", "urgent", "won", "call now"]), ("ham", ["i'm", "ok", "lol"])],
    "airline": [
        ("negative", ["delayed", "cancelled", "hours", "worst", "lost", "rude", "on hold"]),
        ("positive", ["thank you", "thanks", "great", "awesome", "love", "best"]),
        ("neutral", ["do you", "can i", "is there"]),
    ],
}


def measured(made: Split, table: str, candidate: str, n_labels: int, seed: int) -> dict:
    """One candidate trained on so many rows of each class, and on all others without labels if it can use them."""
    path = CACHE.with_name("weak_labels") / f"{table}_{candidate}_{n_labels}_{seed}_{code()}.json"
    if path.exists():
        return json.loads(path.read_text())
    y = truth_of(made.train[made.target], made.setting.task)
    random = np.random.default_rng(seed)
    rows = np.concatenate([random.permutation(np.flatnonzero(y == label))[:n_labels] for label in sorted(set(y))])
    rules = [Rule(label=label, words=words) for label, words in RULES[table]]
    known = {"descriptions": DESCRIPTIONS[table], "rules": rules, "seed": seed}
    built = build(candidate, replace(made.setting, plan=made.setting.plan.model_copy(update=known)))
    assert not isinstance(built, Skipped)
    X, labels = made.train.iloc[rows], y[rows]
    if catalog.fusion(parse(candidate).family).uses_unlabelled:
        others = np.setdiff1d(np.arange(len(y)), rows)
        X = pd.concat([X, made.train.iloc[others]])
        labels = np.concatenate([labels, np.full(len(others), None)])
    began = time.monotonic()
    fitted = built.fit(X, labels)
    seconds = time.monotonic() - began
    right = fitted.predict(made.test).astype(str) == truth_of(made.test[made.target], made.setting.task).astype(str)
    found = {"accuracy": float(np.mean(right)), "seconds": round(seconds, 1), "n_labelled": len(rows)}
    if isinstance(fitted, Assisted):
        found["trust"] = fitted.trust_
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", default=",".join(TABLES))
    parser.add_argument("--labels", type=int, default=8)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--candidates", default=",".join(CANDIDATES))
    options = parser.parse_args()
    if not FOLDER.is_dir() or not os.environ.get("AMALGAM_TRIAL_DATA"):
        print("Left out: say where the real tables are, AMALGAM_TRIAL_DATA=folder", file=sys.stderr)
        return
    results: dict[str, dict] = {}
    for table in options.tables.split(","):
        made = split(table, 0)
        for candidate in options.candidates.split(","):
            found = [measured(made, table, candidate, options.labels, seed) for seed in range(options.seeds)]
            scores = [one["accuracy"] for one in found]
            shown = {
                "mean": round(statistics.mean(scores), 4),
                "deviation": round(statistics.stdev(scores), 4) if len(scores) > 1 else None,
                "seconds": round(statistics.median(one["seconds"] for one in found), 1),
                "trust": [one["trust"] for one in found if "trust" in one],
            }
            results.setdefault(table, {})[candidate] = shown
            print(table, candidate, shown, file=sys.stderr, flush=True)
    print(json.dumps({"results": results, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
