"""What explained rows are as data: bars of columns, and texts opened into words."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

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
    direct: float | None = None  # derivative of the output times the word's share of the text's vector


class ColumnEffect(BaseModel):
    """One column's bar."""

    name: str
    shown: str = ""  # the cell as it stands
    value: float
    low: float
    high: float
    parts: list[Part] = []
    learned: bool = False  # its words began with what a network had learned about this model


class RowExplanation(BaseModel):
    """One row: base + the bars = output."""

    row: int
    label: str = ""  # the class explained
    called: str = ""  # the class predicted
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
