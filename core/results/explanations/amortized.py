"""What was learned about explaining a candidate's text column, as data (``learned.json``). Light: pages read it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import BaseModel

from core.results.comparison import candidate_folder
from core.results.explanations.rows import Output

LEARNED_FILE = "learned.json"
LEARNED_FOLDER = "learned"  # beside the candidate's bundle, with one folder per column and output


class LearnedWords(BaseModel):
    """A network that says a text's word values at once, and how far it was off on texts it did not learn from.

    Errors are of a text's values together: the length of the difference beside the length of the values.
    """

    run: str = ""
    candidate: str = ""
    column: str
    output: Output
    classes: list[str]  # one per number it gives a word; [""]: a regression
    language: str = ""
    base: str = ""  # the encoder it was made from
    revision: str = ""
    bundle: str = ""  # fingerprint of the model that is explained
    n_texts: int = 0  # rows learned from
    n_lessons: int = 0
    evaluations: int = 0  # masked texts that the model was asked about in learning
    n_tried: int = 0  # texts the errors are medians over
    pairs_tried: int = 0  # of masked texts of each, which the errors are measured against
    weights: str = ""  # SHA-256 of its weights' file
    error: float  # of what it says; NaN: not tried
    error_few: dict[int, float] = {}  # masked texts → error of what it says together with so many
    error_without: dict[int, float] = {}  # the same number of masked texts without it
    enough: int | None = None  # so many masked texts come to what is usual without it; None: none that was tried
    spread: float  # variance of what a word's value is off by, beside a pair's noise
    noise: float  # variance of what sums over words leave unexplained of a pair's difference
    losses: list[float] = []  # of each step
    seconds: float = 0.0


def learned_folder(run_folder: Path, candidate: str) -> Path:
    """Where what was learned about explaining a run's candidate lies."""
    return candidate_folder(run_folder, candidate) / LEARNED_FOLDER


def learned_place(folder: Path, column: str, output: Output) -> Path:
    """Where in that folder one column has its place."""
    return folder / f"{hashlib.sha256(column.encode()).hexdigest()[:12]}-{output}"
