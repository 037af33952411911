"""Is a time budget kept? ``fit --candidate auto --budget SECONDS`` as a whole process, table by table.

The three bundled samples and, where `AMALGAM_TRIAL_DATA` names the folder with the real tables, those, and one of long
Chinese texts made of theirs. ``python -m benchmarks.budgets tickets long --seconds 240`` measures some. A budget counts
as kept within a tenth and five seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from benchmarks._machine import machine
from benchmarks.verdicts import known
from core.cli.commands.training import OVERRUN, OVERRUN_SECONDS

LONG_ROWS, LONG_PARTS = 2250, 12  # texts, and the reviews that each is put together from


def long_texts(source: Path, folder: Path) -> Path:
    """Reviews of one class put together to long ones."""
    table = pd.read_csv(source)
    text = next(name for name in table.columns if name != "label")
    parts = table.groupby("label").sample(n=LONG_ROWS * LONG_PARTS // 2, replace=True, random_state=0)
    number = parts.groupby("label").cumcount() // LONG_PARTS
    joined = parts.groupby(["label", number])[text].agg("".join).rename(text).reset_index("label")
    joined.sample(frac=1, random_state=0).to_csv(folder / "long.csv", index=False)
    return folder / "long.csv"


def tables(folder: Path) -> dict[str, tuple[list[Path], str]]:
    """Name → files and target."""
    found: dict[str, tuple[list[Path], str]] = {name: ([path], target) for name, (path, target) in known().items()}
    if real := os.environ.get("AMALGAM_TRIAL_DATA"):
        found["rt"] = ([Path(real) / "rt-polarity.neg", Path(real) / "rt-polarity.pos"], "label")
        found["long"] = ([long_texts(Path(real) / "waimai_10k_zh.csv", folder)], "label")
    return found


def measured(files: list[Path], target: str, budget: float, folder: Path) -> dict[str, object]:
    """One run of the command line."""
    command = [sys.executable, "-m", "core", "fit", *map(str, files), "--target", target]
    command += [
        "--candidate",
        "auto",
        "--budget",
        f"{budget:g}",
        "--json",
        "--quiet",
        "--out",
        str(folder / "bundle.zip"),
    ]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    if done.returncode:
        return {"error": done.stderr[-500:], "seconds": round(seconds, 1)}
    return {"seconds": round(seconds, 1), "kept": seconds <= budget * (1 + OVERRUN) + OVERRUN_SECONDS}


def main() -> None:
    """Measure and print one JSON line per table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seconds", type=float, default=60.0)
    chosen = parser.parse_args()
    print(json.dumps({"machine": machine(), "budget": chosen.seconds}))
    with tempfile.TemporaryDirectory() as place:
        for name, (files, target) in tables(Path(place)).items():
            if not chosen.names or name in chosen.names:
                told = measured(files, target, chosen.seconds, Path(place))
                print(json.dumps({"table": name, **told}), flush=True)


if __name__ == "__main__":
    main()
