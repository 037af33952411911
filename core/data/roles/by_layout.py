"""What a column's layout says of its role: scales, lists, yes or no, times, and the two halves of pairs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from core.catalog import Role
from core.data.roles.guess import Guess
from core.data.schema import Column, Layout
from core.data.values.convert import columns_of
from core.data.values.shown.words_for import UNITS
from core.data.values.stored import layouts_of
from core.messages import Message, _, clip, say


@dataclass(frozen=True)
class Written:
    """How the cells of a column of the table were written in its file."""

    layout: Layout
    source: str = ""  # of two columns made of one


def written_as(table_path: Path) -> dict[str, Written]:
    """Column of the table → how it was written; nothing is known of tables that came with types of their own."""
    return {
        name: Written(layout, source)
        for old, layout in layouts_of(table_path).items()
        for name, source in columns_of(old, layout)
    }


def as_written(column: Column, written: Written | None) -> Column:
    """A column that knows how its cells are written."""
    return column if written is None else column.model_copy(update=vars(written))


def role_of(written: Written | None, column: pa.ChunkedArray) -> Guess | None:
    """The role of a column whose cells say it: scales, lists, yes or no, times; None where its values must."""
    n_distinct = pc.count_distinct(column, mode="only_valid").as_py()
    if written is None or n_distinct < (1 if written.layout.kind == "domain" else 2):
        return None
    layout = written.layout
    role: Role | None = None
    reason: Message | None = None
    if layout.kind == "domain" and n_distinct == 1:
        return Guess("ignored", say(_("Its web addresses are all of one site.")), "constant")
    if layout.kind == "ordered":
        ends = {"low": clip(layout.levels[0], 30), "high": clip(layout.levels[-1], 30)}
        role, reason = "category", say(_("Its values are levels of a scale, from “{low}” to “{high}”."), **ends)
    elif layout.kind == "list":
        text = _("Its cells are lists with “{separator}” between the items; each item counts by itself.")
        role, reason = "category", say(text, separator=layout.separator)
    elif layout.kind == "boolean":
        role, reason = "category", say(_("Its values say yes or no."))
    elif layout.kind == "duration" and layout.unit in UNITS:
        role, reason = "number", say(_("Its values are durations, in {unit}."), unit=say(UNITS[layout.unit]))
    elif layout.kind in ("time", "duration"):
        role, reason = "number", say(_("Its values are times, in hours."))
    return Guess(role, reason) if role and reason else None
