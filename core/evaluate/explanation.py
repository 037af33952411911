"""What explanations are as data: rows as bars and words, and what a model looks at over many rows."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from core.evaluate.result import Interval
from core.messages import Message

Output = Literal["margin", "probability"]  # of classes; a regression's output is its target


class Part(BaseModel):
    """A piece of a text with its share of the text's bar."""

    text: str
    start: int  # characters
    end: int
    level: Literal["sentence", "word"] = "word"
    value: float
    low: float
    high: float


class ColumnEffect(BaseModel):
    """One column's bar."""

    name: str
    shown: str = ""  # the cell as it stands
    value: float
    low: float
    high: float
    parts: list[Part] = []


class RowExplanation(BaseModel):
    """One row: base + the bars = output."""

    row: int
    label: str = ""  # the class explained
    base: float
    output: float
    columns: list[ColumnEffect]
    error: float  # base + bars − output
    evaluations: int
    seconds: float


class Explanation(BaseModel):
    """Rows of one candidate, explained (``explanation.json``)."""

    run: str
    candidate: str
    output: Output = "probability"
    unit: str  # "log-odds", "probability" or the target's name
    background_rows: int
    rows: list[RowExplanation] = []
    seconds: float = 0.0
    warnings: list[Message] = []


class Importance(BaseModel):
    """How much one column matters over many rows."""

    name: str
    value: Interval


class WordEffect(BaseModel):
    """A word's mean effect over the explained rows it occurs in."""

    column: str
    label: str = ""  # the class it was opened for
    text: str
    n_rows: int
    value: float


class WholeExplanation(BaseModel):
    """What a candidate looks at over many rows (``whole.json``)."""

    run: str
    candidate: str
    output: Output = "probability"
    unit: str
    background_rows: int
    n_rows: int
    shapley: list[Importance] = []  # mean absolute Shapley value per source column
    permutation: list[Importance] = []  # loss of the ranking metric when the column is shuffled
    permutation_metric: str = ""
    words: list[WordEffect] = []
    seconds: float = 0.0
    warnings: list[Message] = []
