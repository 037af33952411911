"""How well small networks learn in a given time, against counting: bits per byte on text they have not seen.

    python -m benchmarks.learning [--budget SECONDS] [--texts bundled,large] [--models A,B] [--seed N]

``large`` is the texts of three real tables joined (more than 1 MB); their folder is named by AMALGAM_TRIAL_DATA.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from benchmarks._machine import machine
from core.job_params import LanguageModelParams
from core.jobs.context import Context
from core.language import bundled_corpus, laboratory
from core.language.corpus import Corpus, prepare
from core.results.language.laboratory import read_curve
from core.workspace import Workspace

FOLDER = os.environ.get("AMALGAM_TRIAL_DATA", "")
THREADS = 2
FIRST = "bits_per_byte"


def measured(corpus: Corpus, wanted: LanguageModelParams) -> dict[str, Any]:
    """A run of the language lab.  →  by model: bits per byte over time on validation text, at the end on test text"""
    with tempfile.TemporaryDirectory(prefix="amalgam-") as place:
        context = Context(Workspace(), "benchmark", "learning", Path(place), _tell, threads=THREADS)
        result = laboratory.run(wanted, corpus, context)
        found: dict[str, Any] = {"bytes": corpus.counts.bytes, "train_bytes": corpus.counts.train_bytes}
        for line in result.models:
            assert line.card is not None
            assert line.judged is not None
            scores = line.judged.scores
            found[line.name] = {
                "test_bits_per_byte": [round(value, 3) for value in scores[FIRST].model_dump().values()],
                "validation": [
                    (round(look.seconds), round(look.bits_per_byte, 3))
                    for look in read_curve(Path(place), line.name).validations[::3]
                ]
                or round(line.card.validation_bits_per_byte or 0.0, 3),
                "token_accuracy": round(scores["token_accuracy"].mean, 3),
                "parameters": line.card.parameters,
                "steps": line.card.steps,
                "seconds": round(line.card.train_seconds, 1),
                "tokens_per_second": round(line.card.tokens_per_second),
                "generated": {
                    name: round(score.mean, 3)
                    for name, score in scores.items()
                    if name in {"distinct_2", "self_bleu", "coherence", "copied", "repetition", "divergence"}
                },
            }
        found["rivals"] = [one.model_dump() for one in result.rivals]
        return found


def large() -> list[str]:
    """Film reviews, short messages and tweets: each a document."""
    folder = Path(FOLDER)
    lines = [
        line
        for name in ("rt-polarity.pos", "rt-polarity.neg")
        for line in (folder / name).read_text(encoding="latin-1").splitlines()
    ]
    messages = pd.read_csv(folder / "sms_spam.tsv", sep="\t", header=None, quoting=3)[1].astype(str).tolist()
    tweets = pd.read_csv(folder / "airline_tweets.csv")["text"].astype(str).tolist()
    return [*lines, *messages, *tweets]


def _tell(stage: Any, share: float | None, finding: Any) -> None:
    print(f"\r{share or 0:.0%}", end="", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--budget", type=float, default=300.0)
    parser.add_argument("--texts", default="bundled,large")
    parser.add_argument("--models", default="transformer,lstm,ngram")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(THREADS)
    wanted = LanguageModelParams(models=options.models.split(","), budget_seconds=options.budget, seed=options.seed)
    found = {}
    for text in options.texts.split(","):
        if text == "large" and not Path(FOLDER, "rt-polarity.pos").is_file():
            print("Left out: say where the real tables are, AMALGAM_TRIAL_DATA=folder", file=sys.stderr)
            continue
        documents = bundled_corpus.documents() if text == "bundled" else large()
        found[text] = measured(prepare(documents, name=text, seed=options.seed), wanted)
    print(json.dumps({"results": found, "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
