"""Reading a large CSV into a data set against ``pandas.read_csv``: seconds, and the most memory the process held.

    python -m benchmarks.reading [--megabytes N] [--repeats N]

Each reading is a process of its own, and both sides take turns. Time is of the reading alone, without imports.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks._machine import machine

TARGETS = {"time_ratio": 1.0, "memory_ratio": 1.5}
WORDS = [
    "the",
    "flight",
    "was",
    "late",
    "again",
    "and",
    "nobody",
    "told",
    "us",
    "why",
    "so",
    "we",
    "waited",
    "at",
    "gate",
    "for",
    "two",
    "hours",
    "thanks",
]
SIDES = {
    "ours": "from core.data.reading import read_files; from core.data.schema import ReadOptions\n"
    "def read(): read_files([path], ReadOptions(), folder)",
    "pandas": "import pandas as pd\ndef read(): pd.read_csv(path)",
}
MEASURED = """
import resource, sys, tempfile, time
from pathlib import Path
path, folder = Path(sys.argv[1]), Path(tempfile.mkdtemp(dir=sys.argv[2]))
{side}
start = time.perf_counter()
read()
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def numbers(path: Path, size: int) -> None:
    """Twelve columns: ten of numbers, one of whole numbers, one of categories."""
    chance = np.random.default_rng(0)
    with path.open("w") as file:
        file.write(",".join(f"x{place}" for place in range(10)) + ",count,kind\n")
        while file.tell() < size:
            block = chance.normal(size=(5000, 10)).round(6).tolist()
            file.writelines(
                ",".join(map(str, row)) + f",{place},{'abc'[place % 3]}\n" for place, row in enumerate(block)
            )


def texts(path: Path, size: int) -> None:
    """Three columns: a label, a sentence of 5 to 40 words with a comma now and then, a number."""
    chance = random.Random(0)
    with path.open("w") as file:
        file.write("label,text,score\n")
        while file.tell() < size:
            for _ in range(2000):
                words = " ".join(chance.choices(WORDS, k=chance.randint(5, 40)))
                file.write(f'{chance.choice(["good", "bad"])},"{words}, really",{chance.random():.4f}\n')


def measured(path: Path, folder: Path, repeats: int) -> dict[str, float]:
    """Both sides in turns.  →  medians and ratios"""
    seconds: dict[str, list[float]] = {side: [] for side in SIDES}
    peaks: dict[str, list[float]] = {side: [] for side in SIDES}
    for _ in range(repeats):
        for side, code in SIDES.items():
            answer = subprocess.run(
                [sys.executable, "-c", MEASURED.format(side=code), str(path), str(folder)],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            taken, peak = map(float, answer.stdout.split())
            seconds[side].append(taken)
            peaks[side].append(peak)
    size = path.stat().st_size
    return {
        "megabytes": round(size / 1e6, 1),
        "our_seconds": round(statistics.median(seconds["ours"]), 2),
        "pandas_seconds": round(statistics.median(seconds["pandas"]), 2),
        "time_ratio": round(
            statistics.median(a / b for a, b in zip(seconds["ours"], seconds["pandas"], strict=True)), 2
        ),
        "our_peak_mb": round(max(peaks["ours"]) / 1e6),
        "pandas_peak_mb": round(max(peaks["pandas"]) / 1e6),
        "memory_ratio": round(max(peaks["ours"]) / size, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    results = {}
    for make in (numbers, texts):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"{make.__name__}.csv")
            make(path, options.megabytes * 1_000_000)
            results[make.__name__] = measured(path, Path(folder), options.repeats)
    reached = {
        f"{name}_{figure}": one[figure] <= target for name, one in results.items() for figure, target in TARGETS.items()
    }
    print(json.dumps({"results": results, "targets": TARGETS, "reached": reached, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
