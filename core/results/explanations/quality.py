"""How far a candidate's explanations can be trusted, as data (``trust.json``). Light: pages read it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from core.messages import Message
from core.results.comparison import Interval

TRUST_FILE = "trust.json"
What = Literal["words", "columns"]
How = Literal["seeds", "again", "shuffled"]
Subject = Literal["faithful", "stable", "learned"]
Standing = Literal["good", "unclear", "bad", "none"]


class Walk(BaseModel):
    """What the output does as more and more of a row is taken away, or put back: means over rows.

    The output is the probability of the class a row was called; of a regression, how far the prediction is from what
    it was. All lists are as long as `share`.
    """

    what: What
    n_rows: int
    share: list[float]  # of the words or columns that are gone, or back
    removed: list[float]  # first what the explanation puts first
    removed_random: list[float]
    added: list[float]
    added_random: list[float]
    removal: Interval  # area by which its order beats random ones; positive is better, for numbers too
    insertion: Interval
    first: int  # so many of them are spoken of
    lost: Interval | None = None  # what the output loses without them (a regression: moves); None: too few rows
    lost_random: Interval | None = None


class Agreement(BaseModel):
    """How much explanations of the same rows are alike: means over rows."""

    what: What
    how: How  # other seeds; trained again on the true labels; trained on shuffled ones
    n_rows: int
    correlation: Interval  # Spearman's; of absolute values unless only the seed differs
    top: Interval | None = None  # of the first three, the share that stays
    exact: bool = False  # no chance is in them, and no seed changed a value


class Finding(BaseModel):
    """A named check with what it found."""

    subject: Subject
    code: str
    standing: Standing
    text: Message


class ExplainedTrust(BaseModel):
    """How far a candidate's explanations can be trusted, on a sample of rows."""

    run: str
    candidate: str
    classes: list[str] = []
    target: str = ""
    n_rows: int = 0  # explained so far
    n_wanted: int = 0
    seeds: int = 0
    draws: int = 0  # random orders per row
    texts: int = 0  # masked texts per row and explanation at most
    fit_rows: int = 0  # trained again on so many rows
    shuffles: int = 0
    walks: list[Walk] = []
    agreements: list[Agreement] = []
    gaps: dict[What, Interval] = {}  # by how much the true labels' correlation is above the shuffled ones'
    not_refitted: Message | None = None  # why nothing was trained again
    findings: list[Finding] = []
    notes: list[Message] = []
    seconds: float = 0.0

    def walk(self, what: What) -> Walk | None:
        return next((one for one in self.walks if one.what == what), None)

    def agreement(self, what: What, how: How) -> Agreement | None:
        return next((one for one in self.agreements if (one.what, one.how) == (what, how)), None)
