"""Fifty real tweets explained from the command line, by every kind of candidate: bars and words sum to the output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

FOLDER = Path(os.environ.get("AMALGAM_TRIAL_DATA", ""))
pytestmark = [
    pytest.mark.timeout(2400),
    pytest.mark.skipif(
        not os.environ.get("AMALGAM_TRIAL_DATA"), reason="AMALGAM_TRIAL_DATA names no folder with the real tables"
    ),
]
ROWS, EXPLAINED = 600, 50
NAMES = [
    *(f"cooperative+{model}" for model in ("linear", "svm-linear", "svm-kernel", "forest", "boosting")),
    "joint",
    "auto",
]


def command(*arguments: object) -> str:
    done = subprocess.run([sys.executable, "-m", "core", *map(str, arguments)], stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def _leaves(parts):
    """The words, and the sentences that were not opened into any."""
    words = [part for part in parts if part["level"] == "word"]
    return words + [
        part
        for part in parts
        if part["level"] == "sentence" and not any(part["start"] <= word["start"] < part["end"] for word in words)
    ]


@pytest.fixture(scope="module")
def tweets(tmp_path_factory):
    path = tmp_path_factory.mktemp("tweets") / "tweets.csv"
    pd.read_csv(FOLDER / "airline_tweets.csv").sample(ROWS, random_state=0).to_csv(path, index=False)
    return path


@pytest.mark.parametrize("name", NAMES)
def test_bars_and_words_sum_to_the_output(name, tweets, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
    command("fit", tweets, "--target", "airline_sentiment", "--candidate", name, "--budget", 120,
            "--out", tmp_path / "bundle")  # fmt: skip
    for output in ("margin", "probability"):
        told = command("explain", tmp_path / "bundle", tweets, "--rows", f"0:{EXPLAINED}", "--output", output, "--json")
        rows = json.loads(told)["rows"]
        assert len(rows) == EXPLAINED
        outputs = [row["output"] for row in rows]
        reach = max(outputs) - min(outputs)
        errors, opened = [], 0
        for row in rows:
            sampled = any(bar["high"] > bar["low"] for bar in row["columns"])
            gap = abs(row["base"] + sum(bar["value"] for bar in row["columns"]) - row["output"])
            assert gap <= (0.01 * reach if sampled else 1e-6 * max(1.0, abs(row["output"])))
            errors.append(gap)
            for bar in row["columns"]:
                if not bar["parts"]:
                    continue
                leaves = sum(part["value"] for part in _leaves(bar["parts"]))
                assert leaves == pytest.approx(bar["value"], abs=1e-6 * max(1.0, abs(bar["value"])))
                opened += 1
        assert opened >= EXPLAINED  # every tweet, or the line above would say nothing
        exact = sum(all(bar["high"] == bar["low"] for bar in row["columns"]) for row in rows)
        with capsys.disabled():
            print(f"\n{name}, {output}: {exact} of {EXPLAINED} exact, largest gap {max(errors):.2g}, range {reach:.2g}")
