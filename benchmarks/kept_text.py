"""How much of what a language model writes about results is borne out by them, and kept: runs and rows, two languages.

    python -m benchmarks.kept_text [--runs N] [--rows N] [--model NAME]

The runs and rows are made up, with numbers drawn anew for each; the prompts are those of the job that writes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Iterator

from benchmarks._machine import machine
from core.assistant import facts, jobs
from core.assistant.grounded import checked, sentences
from core.evaluate.verdict.verdict import verdict
from core.messages import Message, translate
from core.providers import door
from core.providers.base import LanguageModel
from core.results.comparison import CandidateResult, Comparison, Difference, Interval
from core.results.explanations.rows import ColumnEffect, Part, RowExplanation
from core.results.language.laboratory import Decoding
from core.workspace import Workspace

COLUMNS = ("age", "monthly_fee", "contract", "region", "complaint", "last_visit")
WORDS = ("late", "refund", "kind", "broken", "again", "quick")
LABELS = ("churned", "negative", "approved")


def runs(n: int) -> Iterator[list[Message]]:
    """Facts of runs: a model of two families beside guessing and a rival, each with a score of its own."""
    for seed in range(n):
        chance = random.Random(seed)
        lines = [
            CandidateResult(name=name, mode=name, model=model, encoder=encoder, status="ok", scores={"accuracy": score})
            for name, model, encoder in (
                ("dummy", "", ""),
                ("classical", "linear", ""),
                ("cooperative", "linear", "minilm"),
            )
            for mean in (chance.uniform(0.3, 0.9),)
            for score in (Interval(mean=mean, low=mean - chance.uniform(0.01, 0.05), high=mean + 0.02),)
        ]
        gain = lines[2].scores["accuracy"].mean - lines[1].scores["accuracy"].mean
        lines[2].difference = Difference(mean=gain, low=gain - 0.02, high=gain + 0.03, to="classical", p=0.04)
        for line in lines:
            line.fit_seconds, line.size_mb = chance.uniform(1, 900), chance.uniform(1, 120)
        result = Comparison(
            task="binary", target="mood", metric="accuracy", classes=["good", "bad"],
            n_rows=chance.randint(200, 90_000), folds=5, seed=0, candidates=lines, best="cooperative",
        )  # fmt: skip
        result.verdict = verdict(result)
        yield facts.of_run(result, "cooperative")


def rows(n: int) -> Iterator[list[Message]]:
    """Facts of explained rows."""
    for seed in range(n):
        chance = random.Random(seed)
        columns = []
        for name in chance.sample(COLUMNS, 3):
            size = chance.uniform(-0.4, 0.4)
            parts = [
                Part(text=word, start=0, end=len(word), value=size / 3, low=size / 4, high=size / 2)
                for word in (chance.sample(WORDS, 3) if name == "complaint" else [])
            ]
            columns.append(ColumnEffect(name=name, value=size, low=size - 0.05, high=size + 0.05, parts=parts))
        base = chance.uniform(0.1, 0.9)
        row = RowExplanation(
            row=seed, label=chance.choice(LABELS), base=base, output=chance.uniform(0.1, 0.9), columns=columns,
            error=0.0, evaluations=9, seconds=0.1,
        )  # fmt: skip
        yield facts.of_row(row, "probability")


def measured(model: LanguageModel, known: Iterator[list[Message]], language: str) -> dict[str, float | str]:
    """Sentences written and kept."""
    written = kept = tokens = 0
    began, example = time.monotonic(), ""
    for found in known:
        lines = "\n".join(translate(fact, language) for fact in found)
        settings = Decoding(temperature=0, repetition_penalty=model.repetition_penalty, max_tokens=240)
        text, count = "", 0
        for step in model.write_all([jobs.asked(language, lines)], settings):
            text, count = step.text, step.tokens
        stayed, _numbers, removed = checked(text, lines, facts.names(found, language))
        tokens, written, kept = tokens + count, written + len(sentences(text)), kept + len(sentences(text)) - removed
        example = example or f"{text}\n→ {stayed}"
    seconds = time.monotonic() - began
    share = round(kept / written, 3) if written else 0.0
    return {
        "sentences": written,
        "kept": kept,
        "share": share,
        "tokens_a_second": round(tokens / seconds, 1),
        "first": example,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--model", help="a GGUF file's name, or “bundled” (default: the one that writes here)")
    options = parser.parse_args()
    if options.model:
        os.environ["AMALGAM_LANGUAGE_MODEL"] = options.model
    folder = Workspace().models_folder
    model = door.chosen(folder)
    results = {
        f"{kind}, {language}": measured(model, make(n), language)
        for language in ("en", "zh_CN")
        if language[:2] in model.writes
        for kind, make, n in (("runs", runs, options.runs), ("rows", rows, options.rows))
    }
    print(json.dumps({"model": model.name, "results": results, "machine": machine()}, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
