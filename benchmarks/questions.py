"""A language model's answers to questions as features, beside word counts and an encoder, on the same folds.

    python -m benchmarks.questions TABLE TARGET [--rows N] [--questions FILE] [--provider NAME] [--candidates NAMES]

Prints one JSON document: scores with their intervals, the gain over the fair rival, and seconds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from benchmarks._machine import machine

CANDIDATES = "dummy,classical,cooperative,zero-shot:llm,questions,questions+tree,questions@words,questions@fast"


def main() -> None:
    """Compare on a sample of a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("table", type=Path)
    parser.add_argument("target")
    parser.add_argument("--text", default="text", help="the column that is asked about; no other takes part")
    parser.add_argument("--rows", type=int, default=600)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--provider", default="bundled")
    parser.add_argument("--candidates", default=CANDIDATES)
    options = parser.parse_args()
    table = pd.read_csv(options.table, sep=None, engine="python").dropna(subset=[options.target, options.text])
    table = table.sample(min(options.rows, len(table)), random_state=0)[[options.target, options.text]]
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / options.table.with_suffix(".csv").name
        table.to_csv(file, index=False)
        command = [sys.executable, "-m", "core", "compare", str(file), "--target", options.target, "--json"]
        command += ["--candidates", options.candidates, "--provider", options.provider]
        if options.questions:
            command += ["--questions", str(options.questions)]
        began = time.monotonic()
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout)
    print(json.dumps(_told(told) | {"seconds_in_all": round(time.monotonic() - began), "machine": machine()}, indent=1))


def _told(told: dict[str, object]) -> dict[str, object]:
    metric, lines = str(told["metric"]), told["candidates"]
    assert isinstance(lines, list)
    return {
        "metric": metric,
        "n_rows": told["n_rows"],
        "candidates": {
            line["name"]: {
                "score": {name: round(value, 3) for name, value in line["scores"][metric].items()},
                "accuracy": round(line["scores"]["accuracy"]["mean"], 3),
                "difference": line.get("difference"),
                "seconds": round(line["fit_seconds"], 1),
                "ms_per_row": round(line["ms_per_row"], 1),
                "megabytes": line["size_mb"] and round(line["size_mb"]),
            }
            if line["status"] == "ok"
            else line["status"]
            for line in lines
        },
        "verdict": told["verdict"],
    }


if __name__ == "__main__":
    main()
