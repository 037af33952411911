"""What the What if view remembers: the row as it stands in the table, its changes, and the questions under way."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st
from pydantic import BaseModel

from core.bundles.manifest import ColumnNeed, Manifest
from core.data import table
from core.data.roles.columns import shown
from core.jobs.resident.client import Call
from pages.shared import state
from pages.shared.session.slots import Slot

MOST_STEPS = 50  # that can be undone
DAY = 10  # characters of a day in ISO 8601


@dataclass(frozen=True)
class Sheet:
    """One row that is being changed.

    Parameters
    ----------
    key : str
        Tells run, candidate and row apart: begins the key of everything that belongs to them.
    base : dict
        Column → value as its widget holds it.
    """

    key: str
    manifest: Manifest
    base: dict[str, Any]

    @property
    def changes(self) -> dict[str, Any]:
        """Columns that differ from the table, with what they are now."""
        return self._changes.get()

    def set(self, changes: dict[str, Any]) -> None:
        """Other changes; those before can be come back to."""
        if changes != self.changes:
            self._steps.set([*self._steps.get(), self.changes][-MOST_STEPS:])
            self._changes.set(changes)

    def put(self, changes: dict[str, Any]) -> None:
        """Fill the form with these changes: for a button, before the form is drawn."""
        self.set(changes)
        self._fill()

    def undo(self) -> None:
        """Take the last change back: for a button."""
        *before, last = self._steps.get()
        self._changes.set(last)
        self._steps.set(before)
        self._fill()

    @property
    def can_undo(self) -> bool:
        return bool(self._steps.get())

    def widget(self, place: int) -> str:
        """The key of a column's widget."""
        return f"{self.key}-cell-{place}"

    def now(self, name: str) -> Any:
        """What stands in a column at the moment."""
        return self.changes.get(name, self.base[name])

    @property
    def _changes(self) -> Slot[dict[str, Any]]:
        return Slot(f"{self.key}-changes", {})

    @property
    def _steps(self) -> Slot[list[dict[str, Any]]]:
        return Slot(f"{self.key}-steps", [])

    def _fill(self) -> None:
        for place, need in enumerate(self.manifest.columns):
            st.session_state[self.widget(place)] = start(need, self.now(need.name))


def sheet(key: str, dataset: str, manifest: Manifest, position: int) -> Sheet:
    """A row of the table as the form holds it."""
    row = table.page(state.folder(dataset), position, 1)
    return Sheet(key, manifest, {need.name: _held(need, row[need.name].iloc[0]) for need in manifest.columns})


def _held(need: ColumnNeed, value: Any) -> Any:
    if pd.isna(value):
        return None
    if need.role == "number":
        return float(value)
    if need.role == "date":
        moment = pd.to_datetime(value, errors="coerce")
        return None if pd.isna(moment) else moment.date().isoformat()
    return shown(value) if need.role == "category" else str(value)


def start(need: ColumnNeed, value: Any) -> Any:
    """A value as its widget takes it."""
    if need.role == "date":
        return datetime.date.fromisoformat(value[:DAY]) if value else None
    return value or "" if need.role == "text" else value


def same(need: ColumnNeed, value: Any, now: Any) -> bool:
    """Whether a widget holds what is there now: a date's widget does not know its hours."""
    return bool(need.role == "date" and value and now and value == now[:DAY])


def call(key: str, op: str, params: BaseModel, make: Callable[[], Call]) -> Call:
    """The question of these parameters: the one under way or answered, else a new one in the place of the old."""
    asked = params.model_dump_json()
    slot: Slot[tuple[str, Call] | None] = Slot(f"{key}-{op}", None)
    before = slot.get()
    if before is not None and before[0] == asked and before[1].error is None:
        return before[1]
    if before is not None:
        before[1].cancel()
    made = make()
    slot.set((asked, made))
    return made
