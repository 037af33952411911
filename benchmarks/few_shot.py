"""Few labels: what a tuned and a frozen language model gain over word counts with 8, 16 and 64 labels per class.

    python -m benchmarks.few_shot [--tables A,B] [--labels 8,16,64] [--seeds N]

The folder with the tables is named by AMALGAM_TRIAL_DATA. The rows scored on are those of ``benchmarks.candidates``;
each seed draws other labelled rows from the rest. Results are kept in ``benchmarks/cache`` like those.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

from benchmarks._drawn import measured, summary
from benchmarks._machine import machine
from benchmarks.candidates import FOLDER, split

TABLES = ("rt", "airline", "symptom")
CANDIDATES = ("text-tfidf", "cooperative", "cooperative-tuned")


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
                found = [
                    measured("few_shot", made, table, candidate, n_labels, seed, made.setting)
                    for seed in range(options.seeds)
                ]
                shown = summary(found)
                results.setdefault(table, {}).setdefault(str(n_labels), {})[candidate] = shown
                print(table, n_labels, candidate, shown, file=sys.stderr, flush=True)
    for sizes in results.values():
        for one in sizes.values():
            for candidate in CANDIDATES[1:]:
                one[candidate]["gain"] = round(one[candidate]["mean"] - one["text-tfidf"]["mean"], 4)
    print(json.dumps({"results": results, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
