"""Single changes of a row: another value of a column, a word of a text deleted or replaced; and rows made by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from core.data.roles.columns import shown
from core.data.schema import Schema
from core.explain.global_.words import plain_word
from core.explain.text.owen import pieces
from core.messages import clip
from core.results.explanations.what_if import Change

QUANTILES = np.linspace(0.02, 0.98, 9)
MOST_VALUES = 12  # of a category


@dataclass(frozen=True)
class Step:
    """One change.

    Parameters
    ----------
    column : str
    kind : {"value", "delete", "replace"}
    value : object
        The new cell, or the new word.
    place : int
        Which word; −1 for a whole cell.
    """

    column: str
    kind: Literal["value", "delete", "replace"]
    value: Any = ""
    place: int = -1

    @property
    def where(self) -> tuple[str, int]:
        """What it changes; two steps of one row never change the same."""
        return self.column, self.place


Steps = frozenset[Step]


class Row:
    """The row that is changed, its texts cut into words.

    Parameters
    ----------
    frame : DataFrame of one row
    schema : Schema
        Says which columns are texts.
    """

    def __init__(self, frame: pd.DataFrame, schema: Schema) -> None:
        self.frame = frame
        self.roles = {column.name: column.role for column in schema.columns}
        languages = {column.name: column.language for column in schema.columns}
        self.texts = {
            name: text
            for name in frame.columns
            if self.roles.get(name) == "text" and isinstance(text := frame[name].iloc[0], str)
        }
        self.spans = {name: pieces(text, languages[name]) for name, text in self.texts.items()}

    def cell(self, name: str) -> Any:
        return self.frame[name].iloc[0]

    def with_steps(self, many: Sequence[Steps]) -> pd.DataFrame:
        """One row per set of steps, of the same types."""
        return pd.DataFrame(
            {
                name: _column([self.changed(name, steps) for steps in many], self.frame[name].dtype)
                for name in self.frame.columns
            }
        )

    def changed(self, name: str, steps: Iterable[Step]) -> Any:
        """A cell after these steps."""
        mine = [step for step in steps if step.column == name]
        if not mine:
            return self.cell(name)
        if mine[0].kind == "value":
            return mine[0].value
        words = {step.place: step.value for step in mine}
        return rewritten(self.texts[name], self.spans[name], words)

    def told(self, step: Step) -> Change:
        """A step for a person to read."""
        if step.kind == "value":
            before = self.cell(step.column)
            text = "" if pd.isna(before) else clip(shown(before), 200)
            return Change(column=step.column, kind="value", before=text, after=clip(shown(step.value), 200))
        return Change(column=step.column, kind=step.kind, before=self.piece(step), after=str(step.value))

    def piece(self, step: Step) -> str:
        """The word that a step changes, as it stands in the text."""
        start, end = self.spans[step.column][step.place]
        return self.texts[step.column][start:end]


def rewritten(text: str, spans: Sequence[tuple[int, int]], words: dict[int, str]) -> str:
    """A text with some of its words replaced, or deleted where the new word is empty."""
    parts, end_before = [], 0
    for place, (start, end) in enumerate(spans):
        parts.append(text[end_before:start])
        parts.append(words.get(place, text[start:end]))
        end_before = end
    return " ".join("".join([*parts, text[end_before:]]).split())


def in_place_of(piece: str, word: str) -> str:
    """A new word with the marks around the old one: ``“late,”`` → ``“early,”``."""
    inside = plain_word(piece)
    start = piece.casefold().find(inside)
    return word if start < 0 else piece[:start] + word + piece[start + len(inside) :]


def values(row: Row, name: str, rows: pd.DataFrame) -> list[Step]:
    """Other values of a column, all of them seen: numbers and dates at quantiles, the frequent categories."""
    known = rows[name].dropna()
    if row.roles.get(name) in {"number", "date"} and _ordered(known):
        spread = known.sort_values(ignore_index=True)
        found = spread.iloc[np.unique((QUANTILES * (len(spread) - 1)).round().astype(int))].tolist()
    else:
        found = known.value_counts().index[:MOST_VALUES].tolist()
    current = row.cell(name)
    return [Step(name, "value", value) for value in dict.fromkeys(found) if pd.isna(current) or value != current]


def nearer(row: Row, step: Step, rows: pd.DataFrame) -> list[Any]:
    """Seen values between a number or date and what a step makes of it, the nearest to the row's own first."""
    current, known = row.cell(step.column), rows[step.column].dropna()
    if step.kind != "value" or row.roles.get(step.column) not in {"number", "date"} or pd.isna(current):
        return []
    if not _ordered(known):
        return []
    low, high = min(current, step.value), max(current, step.value)
    between = known[(known > low) & (known < high)].drop_duplicates().sort_values(ascending=step.value > current)
    return [*between.tolist(), step.value]


def _column(cells: list[Any], kind: Any) -> pd.Series:
    """Cells of a column's type; a gap where the type has none makes them objects."""
    try:
        return pd.Series(cells, dtype=kind)
    except (TypeError, ValueError):
        return pd.Series(cells, dtype=object)


def _ordered(known: pd.Series) -> bool:
    kinds = pd.api.types
    return len(known) > 0 and (kinds.is_numeric_dtype(known.dtype) or kinds.is_datetime64_any_dtype(known.dtype))
