"""What the looks at the whole data share: the explanation with its stored rows, and the choice of class and column."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from core.jobs import client
from core.results.comparison import Comparison
from core.results.explanations.global_explanation import WholeExplanation
from core.workspace import RunRow
from pages.explain import common
from pages.shared import state
from pages.shared.i18n import _


@dataclass(frozen=True)
class Found:
    """An explanation of one candidate over many rows, and where it came from."""

    row: RunRow
    result: Comparison
    name: str  # the candidate's
    job: str  # its id
    whole: WholeExplanation

    @property
    def unit(self) -> str:
        """The output's unit in words."""
        return common.unit_words(self.whole.unit)

    def rows(self) -> pd.DataFrame:
        """The lines of ``whole_rows.parquet``; for reading only."""
        return stored(self.job, "whole_rows.parquet")

    def order(self) -> list[str]:
        """The columns, the one that matters most first."""
        return [one.name for one in self.whole.shapley]

    def kind(self, column: str) -> str:
        """What a column is taken for: number, category, date or text."""
        schema = state.schema(self.row.dataset)
        found = schema.column(column) if schema else None
        return found.role if found else "category"


def stored(job: str, file: str) -> pd.DataFrame:
    """A table in a job's folder; empty if it is not there yet."""
    path = client.folder(state.workspace(), job) / file
    return _table(str(path), path.stat().st_mtime_ns) if path.exists() else pd.DataFrame()


@st.cache_resource(max_entries=16, show_spinner=False)
def _table(path: str, changed: int) -> pd.DataFrame:
    return pd.read_parquet(Path(path))


def class_or_called(found: Found, key: str) -> str | None:
    """The class a look is about; None: the one each row was called. A regression has none."""
    if not found.whole.classes:
        return None
    return st.selectbox(
        _("Class"), found.whole.classes, index=None, placeholder=_("what each row was called"),
        key=f"{key}-class-{found.row.id}",
    )  # fmt: skip


def one_class(found: Found, key: str) -> str:
    """The class a look is about, at first the last one of two, or the one that rows were called most often."""
    classes = found.whole.classes
    if not classes:
        return ""
    rows = found.rows()
    usual = str(rows.loc[rows["called"], "label"].mode().iloc[0]) if len(classes) > 2 else classes[-1]
    chosen = st.selectbox(_("Class"), classes, index=classes.index(usual), key=f"{key}-class-{found.row.id}")
    return str(chosen or usual)


def push(found: Found, label: str | None) -> str:
    """What the axis of effects is called."""
    if not found.whole.classes:
        return _("effect on {target}").format(target=found.unit)
    if label is None:
        return _("effect on what it was called ({unit})").format(unit=found.unit)
    return _("effect on “{label}” ({unit})").format(label=label, unit=found.unit)
