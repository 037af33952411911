"""Everything a person can choose before work starts, as typed data: what a page submits and a plan file carries."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from core.catalog import Role, Task


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EncoderChoice(_Strict):
    """How one text column becomes numbers."""

    name: str = ""  # "": the bundled one that suits the column's language
    pooling: Literal["", "mean", "first", "last", "max"] = ""  # "": the encoder's own
    layer: int = -1  # hidden layer; -1 is the last
    pca_variance: float | None = Field(None, gt=0, lt=1)  # keep this share of the variance; None: no PCA


class Validation(_Strict):
    """How rows are held back to be scored on."""

    kind: Literal["kfold", "holdout", "test_file", "search"] = "kfold"  # "search": by what `auto` holds back itself
    folds: int = Field(5, ge=2, le=20)
    fraction: float = Field(0.25, gt=0, lt=1)  # held out
    stratify: bool = True
    group: str | None = None  # rows with the same value stay on one side
    time: str | None = None  # later rows are predicted from earlier ones
    near_duplicates_together: bool = True  # rows with nearly the same texts stay on one side
    repeats: int = Field(1, ge=1, le=10)

    @property
    def n_fits(self) -> int:
        """How often a candidate that is kept is fitted: in each fold, and once on all rows; a search only once.

        Examples
        --------
        >>> Validation(folds=5).n_fits, Validation(kind="holdout").n_fits, Validation(kind="search").n_fits
        (6, 2, 1)
        """
        if self.kind == "search":
            return 1
        return 1 + (self.folds * self.repeats if self.kind == "kfold" else 1)


class Search(_Strict):
    """Search for good settings inside each training fold."""

    trials: int = Field(0, ge=0, le=500)  # 0: no search
    budget_seconds: float | None = Field(None, gt=0)


class Rule(_Strict):
    """A keyword rule of assisted-weak: it votes for a class where any of its words or phrases stands in a text."""

    label: str
    words: list[str]


class TargetAs(_Strict):
    """What is done to the cells of the target before anything learns from them."""

    way: Literal["", "log", "bins", "label"] = ""  # its logarithm; ranges as classes; whether a cell holds one label
    bins: int = Field(4, ge=2, le=20)  # ranges with about as many rows each, where no borders are said
    edges: list[float] = []  # borders of the ranges, the lowest first; a number on a border is in the upper one
    label: str = ""
    separator: str = ""  # between the labels of a cell; "": found out
    rare: Literal["", "drop", "merge"] = ""  # rows of classes with too few rows are left out, or are one class
    rare_below: int = Field(5, ge=2)  # rows that a class needs to stay
    other: str = Field("Other", min_length=1)  # what the one class is called

    @field_validator("edges")
    @classmethod
    def _rising(cls, edges: list[float]) -> list[float]:
        if any(not math.isfinite(edge) for edge in edges) or edges != sorted(set(edges)):
            raise ValueError("borders are different numbers, the lowest first")
        return edges


Trials = list[dict[str, Any]]


class Plan(_Strict):
    """One comparison: candidates, folds, settings (``plan.json``)."""

    target: str
    task: Task | None = None  # None: guessed
    target_as: TargetAs = TargetAs()
    roles: dict[str, Role] = {}  # column → role, over the schema's
    keep: list[str] = []  # take part although a check would leave them out
    drop: list[str] = []
    mask: list[str] = []  # columns whose personal data is replaced by pseudonyms before anything reads them
    candidates: list[str] = ["dummy", "columns", "text-tfidf", "classical", "classical+boosting", "cooperative"]
    encoders: dict[str, EncoderChoice] = {}  # text column → choice, for candidates that name no encoder
    model_settings: dict[str, dict[str, Any]] = {}  # model → parameter → value
    descriptions: dict[str, str] = {}  # class → what it means in words, for zero-shot
    rules: list[Rule] = []  # for assisted-weak
    column_descriptions: dict[str, str] = {}  # column → what it means in words, for assisted-priors
    questions: list[str] = Field([], max_length=20)  # that a language model answers about each text
    language_model: str = ""  # that answers, as core.providers.door names it; "": the one that takes part here
    balanced: bool = False  # weight classes by their rarity
    search: Search = Search()
    validation: Validation = Validation()
    rows: int | None = Field(None, ge=10)  # a random sample of this many rows
    seed: int = Field(0, ge=0, lt=2**32)
    budget_seconds: float | None = Field(None, gt=0)
    learning_curve: bool = False
    replay: dict[str, dict[str, Trials]] = {}  # candidate → fold, or "all" → what an earlier run tried: try just that
    bundles: bool = True  # refit every candidate on all rows and keep it

    @model_validator(mode="after")
    def _who_searches(self) -> Plan:
        if self.validation.kind == "search" and self.candidates != ["auto"]:
            raise ValueError("only “auto” alone is scored by its own search")
        return self

    def with_more_time(self, seconds: float) -> Plan:
        """The same plan with a larger budget; one without a budget needs none."""
        if self.budget_seconds is None or not seconds:
            return self
        return self.model_copy(update={"budget_seconds": self.budget_seconds + seconds})

    def digest(self) -> str:
        """A short fingerprint: results made from other settings have another one."""
        added = {"target_as": TargetAs(), "questions": [], "language_model": ""}  # earlier versions had none of them
        as_usual = {name for name, usual in added.items() if getattr(self, name) == usual}
        text = json.dumps(self.model_dump(mode="json", exclude=as_usual), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
