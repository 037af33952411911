"""From click to metrics: a cooperative candidate on 3,000 messages against the plain script that does the same.

    python -m benchmarks.training [--rows N] [--repeats N]

Both read the CSV, encode its text with MiniLM, add the other columns, and score logistic regression over five folds.
Each is a cold process, imports included; ours also makes its intervals and writes its report.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks._machine import machine
from benchmarks.encoding import tweets
from core.encode.model_files import locate

TARGET = 1.0
GLAD = ("great", "made my day", "best", "thanks")
SCRIPT = """
import sys
import pandas as pd
from sentence_transformers import SentenceTransformer
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, classification_report
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
table = pd.read_csv(sys.argv[1])
vectors = pd.DataFrame(SentenceTransformer(sys.argv[2], device="cpu").encode(table.text.tolist()))
vectors.columns = vectors.columns.astype(str)
rows = pd.concat([vectors, table[["carrier", "delay"]]], axis=1)
columns = make_column_transformer(
    (OneHotEncoder(handle_unknown="ignore"), ["carrier"]), (StandardScaler(), ["delay", *vectors.columns])
)
model = make_pipeline(columns, LogisticRegression(max_iter=1000))
folds = StratifiedKFold(5, shuffle=True, random_state=0)
told = cross_val_predict(model, rows, table.mood, cv=folds)
print(accuracy_score(table.mood, told))
print(classification_report(table.mood, told))
"""


def write(path: Path, n: int) -> None:
    """Messages, a carrier, a delay in minutes, and a mood that words decide nine times in ten."""
    chance = random.Random(1)
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["text", "carrier", "delay", "mood"])
        for text in tweets(n, chance):
            glad = any(word in text for word in GLAD) != (chance.random() < 0.1)
            table.writerow([text, chance.choice("ABCD"), chance.randint(0, 90), "glad" if glad else "cross"])


def seconds(command: list[str], home: str) -> float:
    """How long a command takes."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"AMALGAM_HOME": home})
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    taken: dict[str, list[float]] = {"ours": [], "script": []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "messages.csv")
        write(path, options.rows)
        ours = [sys.executable, "-m", "core", "compare", str(path), "--target", "mood"]
        ours += ["--candidates", "cooperative:minilm", "--folds", "5", "--json"]
        script = [sys.executable, "-c", SCRIPT, str(path), str(locate("minilm").folder)]
        for turn in range(options.repeats):
            home = Path(folder, f"home-{turn}")  # a new one each time: nothing comes from the cache
            home.mkdir()
            taken["ours"].append(seconds(ours, str(home)))
            taken["script"].append(seconds(script, str(home)))
    ratio = statistics.median(a / b for a, b in zip(taken["ours"], taken["script"], strict=True))
    results = {
        "rows": options.rows,
        "our_seconds": round(statistics.median(taken["ours"]), 1),
        "script_seconds": round(statistics.median(taken["script"]), 1),
        "ratio": round(ratio, 2),
    }
    document = {"results": results, "target": TARGET, "reached": ratio <= TARGET, "machine": machine()}
    print(json.dumps(document, indent=2))


if __name__ == "__main__":
    main()
