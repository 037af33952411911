"""``fit`` on three quarters of every real table, ``predict`` on the rest: better than guessing, printed as a table."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, average_precision_score, r2_score
from sklearn.model_selection import train_test_split

from core.data import reading, table
from core.data.schema import ReadOptions

FOLDER = Path(os.environ.get("AMALGAM_TRIAL_DATA", ""))
pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        not os.environ.get("AMALGAM_TRIAL_DATA"), reason="AMALGAM_TRIAL_DATA names no folder with the real tables"
    ),
]
MOST_ROWS = 3000
TABLES = {  # files, target, candidate, how far above guessing at least
    "airline": (["airline_tweets.csv"], "airline_sentiment", "cooperative", 0.1),
    "sms": (["sms_spam.tsv"], "column_1", "cooperative", 0.08),
    "movie": (["movie_metadata.csv"], "imdb_score", "cooperative+boosting", 0.4),
    "waimai": (["waimai_10k_zh.csv"], "label", "cooperative", 0.1),
    "ai4i": (["ai4i2020.csv"], "Machine_failure", "columns+boosting", 0.2),
    "symptom": (["symptom2disease.csv"], "label", "cooperative", 0.8),
    "rt-polarity": (["rt-polarity.pos", "rt-polarity.neg"], "label", "cooperative", 0.2),
    "titanic": (["titanic.csv"], "survived", "cooperative", 0.1),
}


def run(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", "core", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def quality(truth: pd.Series, scored: pd.DataFrame, rare: bool) -> float:
    """R² of numbers, average precision of a rare class, accuracy of all others."""
    if "probability_1" not in scored and len([name for name in scored if name.startswith("probability_")]) == 0:
        return float(r2_score(truth, scored["prediction"]))
    if rare:
        return float(average_precision_score(truth.astype(str) == "1", scored["probability_1"]))
    return float(accuracy_score(truth.astype(str), scored["prediction"].astype(str)))


@pytest.mark.parametrize("name", TABLES)
def test_fit_and_predict_beat_guessing(name, tmp_path, monkeypatch, capsys):
    files, target, candidate, margin = TABLES[name]
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
    reading.read_files([FOLDER / file for file in files], ReadOptions(), tmp_path)
    rows = table.load(tmp_path).dropna(subset=[target])
    rows = rows.sample(min(MOST_ROWS, len(rows)), random_state=0)
    numbers = pd.api.types.is_float_dtype(rows[target])
    train, test = train_test_split(rows, test_size=0.25, random_state=0, stratify=None if numbers else rows[target])
    train.to_csv(tmp_path / "train.csv", index=False)
    test.drop(columns=target).to_csv(tmp_path / "test.csv", index=False)
    run("fit", tmp_path / "train.csv", "--target", target, "--candidate", candidate, "--out", tmp_path / "bundle")
    run("predict", tmp_path / "bundle", tmp_path / "test.csv", "--out", tmp_path / "scored.csv")
    scored = pd.read_csv(tmp_path / "scored.csv")
    assert len(scored) == len(test)
    rare = name == "ai4i"
    reached = quality(test[target], scored, rare)
    if numbers:
        guess = 0.0
    elif rare:
        guess = float(np.mean(test[target] == 1))
    else:
        guess = float(test[target].value_counts(normalize=True).iloc[0])
    measure = "R²" if numbers else "average precision" if rare else "accuracy"
    with capsys.disabled():
        print(f"\n{name}: {candidate}, {len(train)} rows → {measure} {reached:.3f}, guessing {guess:.3f}")
    assert reached > guess + margin
