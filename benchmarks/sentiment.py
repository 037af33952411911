"""The mood of tweets without training: a language model chooses a class, with no example and with a few in its prompt.

    python -m benchmarks.sentiment TWEETS.csv [--rows N] [--examples N] [--provider NAME]

The rows are the same for both ways; the examples are other rows, as many of each class, and stand first in the prompt,
so that reading them serves every text.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks._machine import machine
from core.evaluate.scores import intervals
from core.fuse.asked.labels import AskedLabels, choice
from core.providers import door
from core.providers.base import answer_logs
from core.workspace import default_home


def main() -> None:
    """Print one JSON document."""
    parser = argparse.ArgumentParser()
    parser.add_argument("table", type=Path)
    parser.add_argument("--target", default="airline_sentiment")
    parser.add_argument("--text", default="text")
    parser.add_argument("--rows", type=int, default=400)
    parser.add_argument("--examples", type=int, default=4, help="of each class")
    parser.add_argument("--provider", default="bundled")
    options = parser.parse_args()
    table = pd.read_csv(options.table).sample(frac=1, random_state=0)
    held, others = table.head(options.rows), table.iloc[options.rows :]
    texts, truth = held[options.text].tolist(), held[options.target].to_numpy()
    classes = sorted(set(truth))
    shots = pd.concat([others[others[options.target] == name].head(options.examples) for name in classes])
    shots = shots.sample(frac=1, random_state=0)
    told = {"model": options.provider, "n_rows": len(held), "majority": float((truth == "negative").mean())}
    began = time.monotonic()
    weights = AskedLabels(options.provider).fit(classes).transform(texts)
    told["zero-shot"] = _scored(weights, truth, classes, time.monotonic() - began)
    began = time.monotonic()
    shown = list(zip(shots[options.text], shots[options.target], strict=True))
    logs, prior = _few_shot(texts, shown, classes, options.provider)
    told["few-shot"] = _scored(logs, truth, classes, time.monotonic() - began)
    told["few-shot, less what is said of no text"] = _scored(logs - prior, truth, classes, time.monotonic() - began)
    print(json.dumps(told | {"machine": machine()}, indent=1))


def _few_shot(
    texts: list[str], shots: list[tuple[str, str]], classes: list[str], provider: str
) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of the answers' probabilities for each text, shape (n, k), and for no text, shape (k,)."""
    judge = door.judge(default_home() / "models", provider)
    question, answers = choice(classes)
    before = "".join(f"Text: {text}\nAnswer: {label}\n\n" for text, label in shots)
    prompts = [f"{question}\n\n{before}Text: {text}\nAnswer:" for text in ["", *texts]]
    logs = [
        answer_logs(judge._likeliest(prompt, answers, again=place > 0), answers) for place, prompt in enumerate(prompts)
    ]
    return np.stack(logs[1:]), logs[0]


def _scored(weights: np.ndarray, truth: np.ndarray, classes: list[str], seconds: float) -> dict[str, object]:
    said = np.asarray(classes)[weights.argmax(axis=1)]
    right = (said == truth).astype(float)
    found = intervals({"accuracy": lambda drawn: drawn @ right / drawn.sum(axis=1)}, len(right), 0, 2000)["accuracy"]
    recall = [float((said == name)[truth == name].mean()) for name in classes]
    return {
        "accuracy": {name: round(value, 3) for name, value in found.model_dump().items()},
        "recall": dict(zip(classes, (round(one, 3) for one in recall), strict=True)),
        "seconds": round(seconds),
    }


if __name__ == "__main__":
    main()
