"""A prediction opened into words, beside shap's explainer of texts: error, evaluations, time, what removing words does.

    python -m benchmarks.explain [--rows N] [--deleted N] [--pairs N] [--lessons N]

MiniLM and the columns with logistic regression, on the airline's tweets where AMALGAM_TRIAL_DATA names their folder,
else on the support tickets that come along. shap's partition explainer gets the same words, the same masking (a hidden
word is deleted), the same output (log-odds, averaged over the background) and its default number of evaluations. The
reference is a long run of antithetic permutations, which neither side uses. Ours is measured as it is at once, and with
what a network learned from `--lessons` texts of the table, none of them among the rows explained; what learning cost
is said beside it. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shap
from sklearn.model_selection import train_test_split

from benchmarks._machine import machine
from core.bundles import bundle
from core.data import reading, table
from core.data.roles import columns
from core.data.samples import sample
from core.data.schema import ReadOptions
from core.encode.batches import as_texts
from core.explain.amortized.explainer import Learned
from core.explain.amortized.jobs import Work
from core.explain.open_candidate import OpenCandidate
from core.explain.row.estimate import EXACT_PLAYERS
from core.explain.row.rows import explain_frame
from core.explain.shapley.memory import Remembered
from core.explain.shapley.values import never, paths
from core.explain.text.owen import word_values
from core.explain.text.spans import masked, pieces
from core.explain.text.word_game import WordGame
from core.fuse.candidates import build
from core.fuse.setting import Setting
from core.job_params import LearnParams
from core.jobs import limits
from core.jobs.context import Context
from core.plan import Plan
from core.workspace import Workspace

FOLDER = Path(os.environ.get("AMALGAM_TRIAL_DATA", ""))
MOST_ROWS = 3000
CANDIDATE = "cooperative:minilm"
PAIRS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 40, 48, 64)  # of masked texts, at each of which our error is taken
LESSONS = 65_536
FEWEST_WORDS = 5
COSTS = {"n_texts", "n_lessons", "evaluations", "n_tried", "error", "error_few", "error_without", "seconds"}
TOP = 3


@dataclass
class Model:
    """An opened candidate, the text column, and rows it has not seen."""

    opened: OpenCandidate
    column: str
    encoder: Any
    others: pd.DataFrame  # rows of the table with other texts
    encoded: int = 0  # texts that went through the encoder
    learned: Learned | None = None

    def cold(self) -> None:
        """Forget every text but those of the background."""
        known = self.encoder.transform
        known._rows = {text: known._rows[text] for text in as_texts(self.opened.background[self.column])}
        self.encoded = 0

    def game(self, position: int, seed: int = 0) -> tuple[WordGame, int]:
        """The game of a row's words, for the class it was called, and the class's place."""
        row = self.opened.rows.loc[[position], self.opened.pipeline.columns_]
        _label, place = self.opened.label(row)
        text = str(row[self.column].iloc[0])
        return WordGame(self.opened.game(row, place), self.column, text, pieces(text, "en"), seed), place


def model() -> Model:
    """Trained on three quarters of at most 3,000 rows."""
    tickets = sample("tickets")
    file, target = tickets.path, tickets.target
    if os.environ.get("AMALGAM_TRIAL_DATA"):
        file, target = FOLDER / "airline_tweets.csv", "airline_sentiment"
    place = Path(tempfile.mkdtemp(prefix="amalgam-bench-"))
    reading.read_files([file], ReadOptions(), place)
    schema = columns.guess(place / "table.parquet", target)
    every = table.load(place).dropna(subset=[target])
    rows = every.sample(min(MOST_ROWS, len(every)), random_state=0)
    train, test = train_test_split(rows, test_size=0.25, random_state=0, stratify=rows[target])
    workspace = Workspace(place / "home")
    task = schema.task or "multiclass"
    setting = Setting(schema, Plan(target=target, task=task), task, "accuracy", workspace.cache_folder, threads())
    built: Any = build(CANDIDATE, setting)
    fitted = built.fit(train, train[target])
    bundle.save(fitted, place / "bundle", name=CANDIDATE, target=target, schema=schema, rows=train)
    kept = bundle.load(place / "bundle")
    context = Context(workspace, "bench", "bench", place, threads=threads())
    opened = OpenCandidate(kept, test.reset_index(drop=True), context, learned_folder=place / "learned")
    kept.pipeline.use_cache(None)
    column, encoder = next(iter(kept.pipeline.text_encoders().items()))
    others = every[~every[column].isin(test[column])].reset_index(drop=True)
    made = Model(opened, column, encoder, others)
    through = encoder._encode

    def counted(texts: list[str], *rest: Any) -> None:
        made.encoded += len(texts)
        through(texts, *rest)

    encoder._encode = counted
    return made


def threads() -> int:
    return limits.slot_threads("heavy")


class Words:
    """Our words as shap's tokens."""

    def __call__(self, text: str, return_offsets_mapping: bool = True) -> dict[str, list]:
        spans = pieces(text, "en") or ([(0, len(text))] if text else [])
        return {"input_ids": [text[start:end] for start, end in spans], "offset_mapping": spans}


def by_shap(words: WordGame, says: Callable[[list[str]], np.ndarray] | None = None) -> tuple[np.ndarray, int]:
    """shap's values of the words, and how many texts it asked about; `says`: of another game than ours."""
    asked = [0]

    def output(texts: Any) -> np.ndarray:
        plain = [" ".join(str(text).split()) for text in texts]
        asked[0] += len(plain)
        return (says or words.of_texts)(plain)

    masker = shap.maskers.Text(Words(), mask_token=" ")  # a space: several are taken for one
    found = shap.Explainer(output, masker, seed=0)([words.text], silent=True)
    return np.asarray(found.values[0], dtype=float), asked[0]


def whole(made: Model, row: pd.DataFrame, place: int, texts: list[str]) -> np.ndarray:
    """The candidate's output of a row with other texts, everything else as it stands."""
    tried = row.loc[row.index.repeat(len(texts))].reset_index(drop=True)
    tried[made.column] = texts
    return made.opened.value(tried, place)


def long_run(words: WordGame, pairs: int) -> np.ndarray:
    """Mean marginal contributions along random orders and their reverses."""
    random, n = np.random.default_rng(99), len(words.spans)
    total = np.zeros(n)
    for _pair in range(pairs):
        order = random.permutation(n)
        for way in (order, order[::-1]):
            total[way] += np.diff(words.values(paths(way)))
    return total / (2 * pairs)


def error(values: np.ndarray, reference: np.ndarray) -> float:
    """Length of the difference beside the reference's."""
    return float(np.linalg.norm(values - reference) / np.linalg.norm(reference))


def ours(words: WordGame, pairs: int, learned: Learned | None = None) -> Any:
    return word_values(words, np.random.default_rng(0), texts=2 * pairs + 2, narrow=0.0, learned=learned)


def learn(made: Model, lessons: int) -> dict[str, Any]:
    """Let a network learn to explain the column; what that cost, and what it says of itself."""
    opened = made.opened
    model = OpenCandidate(opened.bundle, made.others, opened.context, learned_folder=opened.learned_folder)
    work = Work(LearnParams(run="bench", candidate=CANDIDATE, lessons=lessons), model)
    work.go()
    work.keep()
    opened.pipeline.use_cache(None)
    made.learned = opened.learned(made.column)
    assert made.learned is not None
    return made.learned.about.model_dump(include=COSTS)


def asked_by_us(pairs: int) -> int:
    """Texts read for so many pairs: the whole, none, and the whole once more for token states or by the network."""
    return 2 * pairs + 3


def agreement(made: Model, positions: list[int], pairs: int) -> dict[str, Any]:
    """Errors and evaluations of both sides, and how often our bands cover the reference."""
    errors: dict[str, list[float]] = {str(n): [] for n in PAIRS}
    theirs, used, covered = [], [], {str(n): [] for n in PAIRS}
    for position in positions:
        made.cold()
        words, _place = made.game(position)
        reference = long_run(words, pairs)
        values, asked = by_shap(words)
        theirs.append(error(values, reference))
        used.append(asked)
        for n in PAIRS:
            found = ours(words, n, made.learned)
            errors[str(n)].append(error(found.values, reference))
            covered[str(n)] += (np.abs(found.values - reference) <= found.reach + 1e-9).tolist()
    bar = statistics.median(theirs)
    medians = {n: statistics.median(some) for n, some in errors.items()}
    reached = next((int(n) for n, one in medians.items() if one <= bar), None)
    return {
        "shap_error": round(bar, 3),
        "shap_evaluations": statistics.median(used),
        "our_error_by_evaluations": {asked_by_us(int(n)): round(one, 3) for n, one in medians.items()},
        "our_pairs_at_shaps_error": reached,
        "times_fewer_evaluations": None
        if reached is None
        else round(statistics.median(used) / asked_by_us(reached), 2),
        "bands_cover": {asked_by_us(int(n)): round(float(np.mean(some)), 3) for n, some in covered.items()},
    }


@dataclass
class Seconds:
    """By the clock, per row."""

    shap: list[float] = field(default_factory=list)
    shap_whole: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    bars: list[float] = field(default_factory=list)
    shap_encoded: list[int] = field(default_factory=list)
    our_encoded: list[int] = field(default_factory=list)


def speed(made: Model, positions: list[int], pairs: int) -> dict[str, Any]:
    """Both sides in turn on the same row, each with nothing encoded before but the background.

    shap asks our game, where a row costs next to nothing, and once more the whole candidate, as without us.
    """
    found = Seconds()
    for position in positions:
        row = made.opened.rows.loc[[position], made.opened.pipeline.columns_]
        made.cold()
        began = time.perf_counter()
        explain_frame(made.opened, row, None, exact=EXACT_PLAYERS, enough=never)
        found.bars.append(time.perf_counter() - began)
        made.cold()
        began = time.perf_counter()
        ours(made.game(position)[0], pairs, made.learned)
        found.ours.append(time.perf_counter() - began)
        found.our_encoded.append(made.encoded)
        made.cold()
        began = time.perf_counter()
        words, place = made.game(position)
        by_shap(words)
        found.shap.append(time.perf_counter() - began)
        found.shap_encoded.append(made.encoded)
        made.cold()
        began = time.perf_counter()
        by_shap(words, partial(whole, made, row, place))
        found.shap_whole.append(time.perf_counter() - began)
    return {
        "shap_seconds": round(statistics.median(found.shap), 3),
        "our_seconds": round(statistics.median(found.ours), 3),
        "shap_seconds_on_the_candidate": round(statistics.median(found.shap_whole), 3),
        "times_as_fast_as_on_the_candidate": round(
            statistics.median(s / o for s, o in zip(found.shap_whole, found.ours, strict=True)), 2
        ),
        "times_as_fast": round(statistics.median(s / o for s, o in zip(found.shap, found.ours, strict=True)), 2),
        "texts_encoded_by_shap": statistics.median(found.shap_encoded),
        "texts_encoded_by_us": statistics.median(found.our_encoded),
        "first_bars_seconds": round(statistics.median(found.bars), 3),
    }


def deletion(made: Model, positions: list[int]) -> dict[str, Any]:
    """What the class's probability loses when three words go: our top ones, shap's, and random ones."""
    random = np.random.default_rng(0)
    lost: dict[str, list[float]] = {"ours": [], "shap": [], "random": []}
    for position in positions:
        made.cold()
        words, place = made.game(position)
        n = len(words.spans)
        theirs, asked = by_shap(words)
        own = ours(words, max(1, asked // 2 - 1), made.learned).values
        values = {"shap": theirs, "ours": own, "random": random.random(n)}
        row = made.opened.rows.loc[[position], made.opened.pipeline.columns_]
        tried = row.loc[row.index.repeat(1 + len(values))].reset_index(drop=True)
        gone = [np.argsort(-one)[:TOP] for one in values.values()]
        texts = [masked(words.text, words.spans, ~np.isin(np.arange(n), some)) for some in gone]
        tried[made.column] = [words.text, *texts]
        said = made.opened.outputs(tried)[:, place]
        for side, after in zip(values, said[1:], strict=True):
            lost[side].append(float(said[0] - after))
    means = {side: round(statistics.mean(some), 4) for side, some in lost.items()}
    apart = np.subtract(lost["ours"], lost["shap"])
    reach = 1.96 * float(np.std(apart, ddof=1)) / np.sqrt(len(apart))
    return {
        "rows": len(positions),
        "mean_drop": means,
        "ours_minus_shap": [round(float(apart.mean()) + sign * reach, 4) for sign in (-1, 0, 1)],
        "ours_over_random": round(means["ours"] / means["random"], 2),
    }


def beside(made: Model, rows: list[int], pairs: int) -> dict[str, Any]:
    words = agreement(made, rows, pairs)
    return {"words": words, "speed": speed(made, rows, words["our_pairs_at_shaps_error"] or max(PAIRS))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=30)
    parser.add_argument("--deleted", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=150, help="of orders of the reference")
    parser.add_argument("--lessons", type=int, default=LESSONS, help="texts learned from; 0: none")
    options = parser.parse_args()
    made = model()
    assert isinstance(made.encoder.transform, Remembered)
    texts = made.opened.rows[made.column].fillna("")
    long_enough = [int(place) for place, text in texts.items() if len(re.findall(r"\S+", text)) >= FEWEST_WORDS]
    chosen = np.random.default_rng(0).permutation(long_enough).tolist()
    rows = chosen[: options.rows]
    found: dict[str, Any] = {"at_once": beside(made, rows, options.pairs)}
    found["deletion"] = deletion(made, chosen[: options.deleted])
    if options.lessons:
        found["learning"] = learn(made, options.lessons)
        found["learned"] = beside(made, rows, options.pairs)
    print(json.dumps({"results": found, "rows": len(rows), "machine": machine()}, indent=2))


if __name__ == "__main__":
    main()
