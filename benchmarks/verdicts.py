"""The default comparison of each table: verdict, rival, gain with its interval, seconds, and what was left out.

As the Compare page starts it: the usual candidates within the usual budget. The three bundled samples and, where
`AMALGAM_TRIAL_DATA` names the folder with the real tables, those. ``python -m benchmarks.verdicts tickets titanic``
measures some; ``--beside`` trains something else on the same processor all the while.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks._intervals import corrected_t
from benchmarks._machine import machine
from core.catalog.defaults import usual_candidates
from core.cli import tables
from core.cli.terminal import Terminal
from core.compare.estimator import usual_budget
from core.data.samples import SAMPLES
from core.data.schema import read_model
from core.results.comparison import Comparison, uses_llm

REAL = {
    "airline": ("airline_tweets.csv", "airline_sentiment"),
    "movie": ("movie_metadata.csv", "imdb_score"),
    "titanic": ("titanic.csv", "survived"),
    "waimai": ("waimai_10k_zh.csv", "label"),
    "sms": ("sms_spam.tsv", "column_1"),
    "ai4i": ("ai4i2020.csv", "Machine_failure"),
    "symptom": ("symptom2disease.csv", "label"),
}
OTHER = [sys.executable, "-m", "core", "compare", "assets/samples/support_tickets.csv", "--target", "priority"]


def known() -> dict[str, tuple[Path, str]]:
    """Name → file and target."""
    found = {sample.name: (sample.path, sample.target) for sample in SAMPLES}
    if folder := os.environ.get("AMALGAM_TRIAL_DATA"):
        found |= {name: (Path(folder) / file, target) for name, (file, target) in REAL.items()}
    return found


def plan_of(path: Path, target: str) -> tuple[list[str], float | None]:
    """The candidates and the budget that the Compare page would offer."""
    with Terminal("en", quiet=True) as terminal, tables.read_beside([path], None, target, terminal) as table:
        schema = table.schema
        n_texts, n_columns = len(schema.names("text")), len(schema.names("number", "category", "date"))
        names = usual_candidates(n_texts, n_columns, schema.task)
        return names, usual_budget(names, pq.read_metadata(table.folder / "table.parquet").num_rows, 5, n_texts)


def measured(path: Path, target: str) -> dict[str, object]:
    """One run of the command line, as a whole process."""
    names, budget = plan_of(path, target)
    command = [sys.executable, "-m", "core", "compare", str(path), "--target", target, "--json", "--quiet"]
    command += ["--candidates", ",".join(names), *(["--budget", f"{budget:g}"] if budget else [])]
    with tempfile.TemporaryDirectory() as place:
        began = time.monotonic()
        done = subprocess.run([*command, "--out", f"{place}/run"], capture_output=True, text=True, check=False)
        seconds = time.monotonic() - began
        kept = read_model(Comparison, Path(place, "run", "result.json"))
    if done.returncode:
        return {"error": done.stderr[-500:], "seconds": seconds}
    told = json.loads(done.stdout)
    verdict, lines = told["verdict"], {line["name"]: line for line in told["candidates"]}
    widths = widths_over_t(kept) if kept else []
    return {
        "verdict": verdict["code"],
        "llm": verdict["llm"],
        "rival": verdict["rival"],
        "numbers": verdict["numbers"],
        "scores": {
            name: round(line["scores"][told["metric"]]["mean"], 4) for name, line in lines.items() if line["scores"]
        },
        "metric": told["metric"],
        "left_out": [name for name, line in lines.items() if line["status"] == "cancelled"],
        "other": {name: line["status"] for name, line in lines.items() if line["status"] in {"failed", "skipped"}},
        "ladder": {
            rung["step"]: rung["gain"] and [round(rung["gain"][key], 4) for key in ("mean", "low", "high")]
            for rung in told["ladder"]
        },
        "width_over_t": round(statistics.median(widths), 2) if widths else None,
        "budget": budget,
        "seconds": round(seconds, 1),
        "n_rows": told["n_rows"],
    }


def widths_over_t(told: Comparison) -> list[float]:
    """Of each candidate with a language model: its gain's interval, joint over all of them, over the former one.

    That was the corrected t-test over folds with Bonferroni's level (Nadeau and Bengio 2003).
    """
    judged = [line for line in told.candidates if line.status == "ok" and uses_llm(line) and line.difference]
    rival = told.verdict and told.candidate(told.verdict.rival)
    widths = []
    for line in judged:
        now = line.difference
        if now is None or rival is None or now.to != rival.name or now.joint_low is None or now.joint_high is None:
            continue
        gains = np.subtract(line.fold_scores, rival.fold_scores)
        n_test = told.n_rows // told.folds
        low, high = corrected_t(gains, told.n_rows - n_test, n_test, 1 - 0.05 / len(judged))
        widths.append((now.joint_high - now.joint_low) / (high - low))
    return widths


def main() -> None:
    """Measure and print one JSON line per table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--beside", action="store_true")
    chosen = parser.parse_args()
    print(json.dumps({"machine": machine()}))
    for name, (path, target) in known().items():
        if chosen.names and name not in chosen.names:
            continue
        other = None
        if chosen.beside:
            loop = f"while true; do {' '.join(OTHER)} --candidates cooperative-tuned --quiet --json; done"
            other = subprocess.Popen(["bash", "-c", loop], stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            print(json.dumps({"table": name, "beside": chosen.beside, **measured(path, target)}), flush=True)
        finally:
            if other is not None:
                os.killpg(other.pid, 9)


if __name__ == "__main__":
    main()
