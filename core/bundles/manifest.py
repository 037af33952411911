"""What a bundle says of itself (``manifest.json``). Light: a page reads it to draw a form."""

from __future__ import annotations

import hashlib
import re

from pydantic import BaseModel

from core.catalog import Task
from core.data.schema import Column, Layout
from core.plan import TargetAs
from core.results.comparison import Interval

BACKGROUND_ROWS = 200  # training rows that are kept for explanations
FORMAT = 3  # 1: each tree and each word of a vocabulary lay in the archive by itself; 1 and 2: older names of types


class ColumnNeed(BaseModel):
    """What a source column must be like, and for a form: what it looks like."""

    name: str
    role: str
    values: list[str] = []  # known categories, most frequent first, at most 1,000
    low: float | None = None
    high: float | None = None
    middle: float | None = None


class Manifest(BaseModel):
    """What a bundle says of itself."""

    format: int = FORMAT
    candidate: str
    task: Task
    target: str
    target_as: TargetAs = TargetAs()  # what was done to its cells: ranges, one label, the logarithm, rare classes
    classes: list[str]
    metric: str = ""
    positive: str = ""  # of two classes, the one that the metric speaks of
    scores: dict[str, Interval] = {}
    columns: list[ColumnNeed]
    column_schema: list[Column]
    encoders: dict[str, str] = {}  # text column → name and fingerprint of a bundled encoder
    asked: dict[str, int] = {}  # text column, or "" for whole rows → questions about it that an endpoint is asked
    seed: int = 0
    versions: dict[str, str] = {}
    files: dict[str, str] = {}  # file → SHA-256

    @property
    def layouts(self) -> dict[str, Layout]:
        """How the cells of the columns that the model needs were written in the file it learned from."""
        needed = {need.name for need in self.columns} | {self.target}
        used = [column for column in self.column_schema if column.name in needed and column.layout is not None]
        return {column.source or column.name: column.layout for column in used if column.layout is not None}

    def layout_of(self, name: str) -> Layout | None:
        """How the cells of a column were written; of one of two numbers in a cell there is no saying."""
        column = next((column for column in self.column_schema if column.name == name), None)
        return column.layout if column is not None and not column.source else None

    @property
    def read(self) -> list[str]:
        """The text columns that a language model reads.

        The keys of `encoders` are such columns, ``2: column`` for the second member of a mixture, ``column (2)`` for a
        second encoder, and empty where all are read as one text.
        """
        texts = [column.name for column in self.column_schema if column.role == "text"]
        keys = {re.sub(r"^\d+: ", "", key) for key in self.encoders}
        keys |= {re.sub(r" \(\d+\)$", "", key) for key in keys}
        return texts if "" in keys else [name for name in texts if name in keys]

    @property
    def fingerprint(self) -> str:
        """The same for the same model."""
        return hashlib.sha256("\n".join(sorted(self.files.values())).encode()).hexdigest()
