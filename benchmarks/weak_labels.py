"""Few labels, many unlabelled rows: what weak labels and a distilled student gain over word counts.

    python -m benchmarks.weak_labels [--tables A,B] [--labels N] [--seeds N] [--candidates X,Y]

The folder with the tables is named by AMALGAM_TRIAL_DATA. The rows scored on are those of ``benchmarks.candidates``;
each seed draws other labelled rows from the rest, and what is left of these is unlabelled. The classes are described,
and keyword rules are given, as a user would who has seen a dozen rows; both stand below. Results are kept in
``benchmarks/cache`` like those.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace

from benchmarks._drawn import measured, summary
from benchmarks._machine import machine
from benchmarks.candidates import FOLDER, Split, split
from core.fuse.setting import Setting
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


def told(table: str, made: Split, seed: int) -> Setting:
    """The plan with what is said of the classes."""
    rules = [Rule(label=label, words=words) for label, words in RULES[table]]
    known = {"descriptions": DESCRIPTIONS[table], "rules": rules, "seed": seed}
    return replace(made.setting, plan=made.setting.plan.model_copy(update=known))


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
            found = [
                measured("weak_labels", made, table, candidate, options.labels, seed, told(table, made, seed))
                for seed in range(options.seeds)
            ]
            shown = summary(found)
            results.setdefault(table, {})[candidate] = shown
            print(table, candidate, shown, file=sys.stderr, flush=True)
    print(json.dumps({"results": results, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
