"""The columns of a second file laid beside a table's rows: one row of it for each key, or its rows summed up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.data.join.keys import Keys
from core.data.join.keys import keys as keys_of
from core.data.schema import Layout
from core.data.values.convert import columns_of
from core.job_params import JoinParams
from core.messages import UnusableData, _, _n, clip, say

COUNT = "count"  # of the rows that were summed up


@dataclass(frozen=True)
class Added:
    """The new columns, one row for each key of the second file, and how their cells are written."""

    table: pa.Table
    layouts: dict[str, Layout]
    sources: dict[str, str]  # name beside the table → column of the second file


def added(
    other: pa.Table, keys: Keys, asked: JoinParams, taken: list[str], file: str, layouts: dict[str, Layout]
) -> Added:
    """What each key of the second file adds; the key itself does not come twice.

    Parameters
    ----------
    taken : list of str
        Names of the table's columns; a new one of the same name is called “price (suppliers)”.
    layouts : dict
        Column of the second file → how its cells are written.

    Raises
    ------
    UnusableData
        A key repeats and it was not said what to do then, or there is no column but the key.
    """
    if asked.repeats == "refuse":
        refuse_repeats(keys, asked.other_key, file)
    others = other.drop_columns([asked.other_key])
    if not others.num_columns:
        raise UnusableData(_("“{file}” has no columns but the key, so it adds nothing."), file=file)
    renamed, new_names = _names(others.column_names, layouts, taken, Path(file).stem)
    written = {new_names[old]: layout for old, layout in layouts.items() if old in new_names}
    sources = {new: old for old, new in new_names.items()}
    if asked.repeats == "average":
        summed = _summed(others, keys)
        count = free_name(f"{COUNT} ({Path(file).stem})", [*taken, *renamed])
        rows = pa.table({count: pa.array(keys.n_rows, pa.int64())})
        summed = summed.rename_columns(renamed).append_column(count, rows[count])
        return Added(summed, written | {count: Layout(kind="number")}, sources)
    return Added(others.take(pa.array(keys.first_rows)).rename_columns(renamed), written, sources)


def refuse_repeats(keys: Keys, key: str, file: str) -> None:
    """That each key has one row.

    Raises
    ------
    UnusableData
    """
    n_rows = keys.n_rows
    repeated = np.flatnonzero(n_rows > 1)
    if not len(repeated):
        return
    most = repeated[np.argsort(-n_rows[repeated], kind="stable")][:5]
    times = _("“{key}” ({n:,} times)")
    raise UnusableData(
        _n(
            "In “{file}” {n:,} key of “{key}” repeats: {shown}{more}.",
            "In “{file}” {n:,} keys of “{key}” repeat: {shown}{more}.",
        ),
        _("Say whether the first row of a key counts, or the average of its rows."),
        file=file, key=key, n=len(repeated), more=" …" if len(repeated) > len(most) else "",
        shown=[say(times, key=clip(keys.shown[place], 40), n=int(n_rows[place])) for place in most],
    )  # fmt: skip


def free_name(name: str, taken: list[str]) -> str:
    """The name, numbered where there is such a column already.

    Examples
    --------
    >>> free_name("price", ["price", "price 2"])
    'price 3'
    """
    free, number = name, 2
    while free in taken:
        free, number = f"{name} {number}", number + 1
    return free


def _names(
    names: list[str], layouts: dict[str, Layout], taken: list[str], stem: str
) -> tuple[list[str], dict[str, str]]:
    """What the columns are called beside those of the table, and what the columns of the file they were made of are.

    Two columns made of one (122/75) are renamed together, since they are read together.
    """
    made_of = {name: old for old, layout in layouts.items() for name, _source in columns_of(old, layout)}
    parts: dict[str, list[str]] = {}  # column of the file → what stands behind its name in those made of it
    for name in names:
        old = made_of.get(name, name)
        parts.setdefault(old, []).append(name.removeprefix(old))
    used, new_names = set(taken), dict[str, str]()
    for old, endings in parts.items():
        new, number = old, 1
        while used & {new + ending for ending in endings}:
            new = f"{old} ({stem})" if number == 1 else f"{old} ({stem}) {number}"
            number += 1
        used |= {new + ending for ending in endings}
        new_names[old] = new
    renamed = [new_names[made_of.get(name, name)] + name.removeprefix(made_of.get(name, name)) for name in names]
    return renamed, new_names


def _summed(others: pa.Table, keys: Keys) -> pa.Table:
    """One row for each key: the mean of numbers, the most frequent of anything else, the first one of equals."""
    columns = [_column_summed(others[name], keys) for name in others.column_names]
    return pa.Table.from_arrays(columns, names=others.column_names)


def _column_summed(column: pa.ChunkedArray, keys: Keys) -> pa.Array | pa.ChunkedArray:
    n_keys = len(keys.values)
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        cells = pd.Series(pc.cast(column, pa.float64()).to_numpy())
        means = cells.groupby(keys.codes).mean().reindex(range(n_keys))
        return pa.array(means.to_numpy(), pa.float64(), from_pandas=True)
    value = keys_of(column).codes
    frame = pd.DataFrame({"key": keys.codes, "value": value, "row": np.arange(len(column))})
    counted = frame[(frame.key >= 0) & (frame.value >= 0)].groupby(["key", "value"], as_index=False)
    counted = counted.agg(n=("row", "size"), row=("row", "min")).sort_values(["n", "row"], ascending=[False, True])
    best = counted.drop_duplicates("key").set_index("key").row.reindex(range(n_keys))
    return column.take(pa.array(best.to_numpy(), pa.int64(), from_pandas=True))
