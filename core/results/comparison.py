"""What a finished comparison, explanation or scoring looks like on disk. Light: pages read it and draw.

A run's folder holds ``plan.json``, ``result.json`` (`Comparison`) and, per candidate, ``candidates/<slug>/`` with
``detail.json`` (`Detail`), ``predictions.parquet`` (columns ``row``, ``unit``, ``fold``, ``truth``, ``prediction`` and
one ``probability_<class>`` per class) and ``bundle/``.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, PlainSerializer

from core import names
from core.catalog import Task
from core.messages import Message
from core.plan import TargetAs
from core.results.advice import Advice
from core.results.endpoint_use import EndpointUse
from core.results.flow import Flow

PLAIN_NAME = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
MOST_LETTERS = 100  # of a name in a folder's
LEARNED = {"bow", "tfidf", "tfidf-svd"}  # encoders that are no language model


FoldScore = Annotated[  # NaN is null in JSON
    float,
    BeforeValidator(lambda value: math.nan if value is None else value),
    PlainSerializer(lambda value: None if math.isnan(value) else value, return_type=float | None, when_used="json"),
]


class Interval(BaseModel):
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float


class Difference(Interval):
    """How much better than another candidate on the same rows: the difference of the two scores, turned for losses."""

    to: str
    p: float  # of a gain of zero
    joint_low: float | None = None  # the 95 % interval that holds together with those of all candidates that were
    joint_high: float | None = None  # compared with the same one: right also for the one that is chosen for its gain


class Excluded(BaseModel):
    """A column that took no part, and why."""

    column: str
    reason: Message


class CandidateResult(BaseModel):
    """One line of the leaderboard."""

    name: str
    mode: str  # the family
    encoder: str = ""
    model: str = ""
    status: Literal["waiting", "running", "ok", "failed", "skipped", "cancelled"]
    reason: Message | None = None  # why failed or skipped
    scores: dict[str, Interval] = {}
    fold_scores: list[FoldScore] = []  # of the ranking metric; NaN where a fold does not define it
    fit_seconds: float | None = None
    needed_seconds: float | None = None  # to be trained and kept, as estimated when it was left out
    ms_per_row: float | None = None
    size_mb: float | None = None
    leak_badge: Literal["", "label-free", "out-of-fold", "fitted-in-fold"] = ""
    difference: Difference | None = None
    over_guessing: Difference | None = None  # jointly over all finished candidates
    flow: Flow | None = None  # of the first fold's fit
    sees: Literal["", "nothing", "columns", "texts", "all"] = ""  # of this table; "": not recorded, told by the family

    @property
    def left_out(self) -> bool:
        """Whether the time budget did not allow it; without a reason it was the user who stopped the work."""
        return self.status == "cancelled" and self.reason is not None

    def label(self, task: Task | None = None) -> Message:
        """Its name in words, with the encoder and model it turned out to use."""
        return names.label(self.name, encoder=self.encoder, model=self.model, task=task)


def uses_llm(candidate: CandidateResult) -> bool:
    """Whether a pretrained language model takes part."""
    encoders = set(candidate.encoder.split(", "))
    return candidate.mode != "auto" and names.uses_llm(candidate.mode) and not encoders <= LEARNED


class Verdict(BaseModel):
    """What the numbers say, by rules."""

    code: str
    text: Message
    numbers: dict[str, float] = {}
    llm: str = ""  # the candidate with a language model that was judged
    rival: str = ""  # the one without that it was judged against
    left_out: list[str] = []  # candidates that were not trained and could change the verdict


Step = Literal["columns", "words", "frozen", "trained"]


class Rung(BaseModel):
    """The best candidate of one step of the ladder from columns alone to a language model trained on the target."""

    step: Step
    name: str  # of the candidate
    score: Interval
    gain: Difference | None = None  # over the rung below; of the lowest rung there is none
    seconds: float | None = None  # of training it
    megabytes: float | None = None  # all that is needed to predict; None until it is kept


class Comparison(BaseModel):
    """A comparison, finished or still filling (``result.json``)."""

    schema_version: int = 1
    task: Task
    target: str
    target_as: TargetAs = TargetAs()  # the plan's, with what the rows decided
    metric: str
    metric_reason: Message | None = None
    classes: list[str] = []
    positive: str = ""  # the class that two-class scores speak of, by all rows
    n_rows: int
    folds: int  # 1: one hold-out
    seed: int
    method: str = ""  # of the intervals: `core.evaluate.intervals.uncertainty.METHOD`; "": of a version before it
    inflation: float = 1.0  # of the variance of held-out rows, where folds train on each other's: `uncertainty`
    excluded: list[Excluded] = []
    candidates: list[CandidateResult] = []
    best: str | None = None
    verdict: Verdict | None = None
    ladder: list[Rung] = []
    spent_seconds: float = 0.0  # over all attempts, resumed ones included
    contrast_seconds: float | None = None  # of them, for what is trained whatever the budget
    endpoint: EndpointUse | None = None  # over all attempts, but for what a killed process had not written down
    warnings: list[Message] = []
    plan_digest: str = ""
    dataset_hash: str = ""
    versions: dict[str, str] = {}

    def candidate(self, name: str) -> CandidateResult | None:
        return next((candidate for candidate in self.candidates if candidate.name == name), None)


class ClassScore(BaseModel):
    """One class's own scores."""

    label: str
    n_rows: int  # of the table; one that was held out several times counts once
    precision: Interval
    recall: Interval
    f1: Interval


class Curve(BaseModel):
    """A line to draw: x and y have the same length; `area` where the area under it has a name."""

    label: str
    x: list[float]
    y: list[float]
    area: float | None = None


class Threshold(BaseModel):
    """What a binary model does when it says yes from this probability on."""

    threshold: float
    precision: float
    recall: float
    f1: float
    accuracy: float
    n_yes: int


class LearningPoint(BaseModel):
    """The ranking metric after training on so many rows."""

    n_rows: int
    train: float
    validation: Interval


class Detail(BaseModel):
    """Everything the Results page draws for one candidate (``detail.json``)."""

    name: str
    scores: dict[str, Interval]
    dummy_scores: dict[str, Interval] = {}
    classes: list[ClassScore] = []
    confusion: list[list[int]] = []  # rows: truth, columns: prediction, in the order of the comparison's classes
    roc: list[Curve] = []
    precision_recall: list[Curve] = []
    calibration: list[Curve] = []  # x: predicted probability, y: observed share
    thresholds: list[Threshold] = []  # binary only
    positive: str = ""  # the class the thresholds speak of
    learning: list[LearningPoint] = []
    settings: dict[str, Any] = {}  # what the model was built with; after a search, what was found
    pca: dict[str, str] = {}  # text column → "37 of 384 numbers keep 90 % of the variance"
    fit_seconds: float = 0.0
    encode_seconds: float = 0.0
    peak_memory_mb: float | None = None
    ms_per_row: float | None = None
    size_mb: float | None = None
    warnings: list[Message] = []
    rule: Message | None = None  # how an automatic choice was made, on all rows
    advice: Advice | None = None  # what became of it, on all rows; on those of the first fold if no such fit is kept
    trials: list[dict[str, Any]] = []


class Scored(BaseModel):
    """A scored file (``scored.json`` beside ``scored.csv`` and ``scored.parquet``)."""

    run: str
    candidate: str
    n_rows: int
    seconds: float
    notes: list[Message] = []


Stopped = Literal["end", "length", "cancelled"]


class Answer(BaseModel):
    """Generated text when it is complete (``answer.json``; while it grows, ``answer.txt``)."""

    text: str
    tokens: int
    seconds: float
    stopped: Stopped
    checked_numbers: list[str] = []  # numbers in the text that stand in the data
    by_rules: bool = False  # nothing in it was written by a model
    model: str = ""  # who wrote; "": the bundled model, or nobody
    warnings: list[Message] = []


def slug(name: str) -> str:
    """A candidate's name as a folder name, another one for every name.

    A plain name stands as it is (``text-tfidf``). Of any other, the readable part is followed by ``--``, which no plain
    name holds, and the beginning of the whole name's SHA-256: ``cooperative:minilm+linear`` →
    ``cooperative-minilm-linear--81fb31f0877e6cb2``. Capital letters are not plain: some disks don't tell them apart.
    """
    if len(name) <= MOST_LETTERS and PLAIN_NAME.fullmatch(name):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{_readable(name)}--{digest}"


def candidate_folder(run: Path, name: str) -> Path:
    """Where a candidate's files lie in a run's folder.

    A run of an earlier version has them under the readable part alone, which two names may share: that folder is only
    taken where its own ``detail.json`` says this name.
    """
    folder = run / "candidates" / slug(name)
    if folder.is_dir():
        return folder
    earlier = earlier_folder(run, name)
    return earlier if _name_in(earlier / "detail.json") == name else folder


def earlier_folder(run: Path, name: str) -> Path:
    """Where an earlier version would have put the candidate's files, those of another one perhaps."""
    return run / "candidates" / _readable(name)


def _readable(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-.")[:MOST_LETTERS] or "candidate"


def _name_in(detail: Path) -> str | None:
    """Whose details these are; None if there are none."""
    try:
        return _parsed_name(detail, detail.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=256)
def _parsed_name(detail: Path, changed: int) -> str:
    return str(json.loads(detail.read_text(encoding="utf-8")).get("name", ""))
