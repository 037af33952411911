"""What a model says of a row that was changed by hand, and the smallest changes that change its answer, as data."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from core.messages import Message
from core.results.explanations.rows import RowExplanation


class WhatIf(BaseModel):
    """A changed row: the answer, and its bars."""

    prediction: str = ""  # the class
    number: float | None = None  # instead of a class
    probabilities: dict[str, float] = {}
    unit: str
    explanation: RowExplanation
    notes: list[Message] = []  # values that training never saw
    seconds: float = 0.0


class Change(BaseModel):
    """One change of a row: another value of a column, or a word of a text deleted or replaced."""

    column: str
    kind: Literal["value", "delete", "replace"]
    before: str
    after: str = ""
    note: Message | None = None  # how common what is new is in training


class Counterfactual(BaseModel):
    """A row that is answered otherwise, made by few changes."""

    changes: list[Change]
    values: dict[str, Any]  # the changed columns as they are in the new row
    prediction: str = ""
    number: float | None = None
    probability: float | None = None  # of the new class
    distance: (
        float  # mean over columns: numbers in typical deviations, others 0 or 1, texts by the share of words changed
    )
    nearest: float | None = None  # Gower distance of the columns besides texts to the nearest training row
    unusual: float | None = None  # share of training rows that lie nearer to their nearest one


class Counterfactuals(BaseModel):
    """What a search found, the fewest changes first."""

    before: str = ""
    number_before: float | None = None
    wanted: str = ""  # the class asked for; "": any other
    found: list[Counterfactual] = []
    tried: int = 0  # rows that went through the model
    depth: int = 0  # all combinations that were looked at have at most so many changes
    complete: bool = False  # the search came to its end within its time
    seconds: float = 0.0
