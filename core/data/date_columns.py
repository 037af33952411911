"""Columns of days: moments that are all midnight. They are shown, and written to files, as dates without a time."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


def of_table(table_path: Path) -> frozenset[str]:
    """Names of a Parquet file's columns of days."""
    schema = pq.read_schema(table_path)
    names = [field.name for field in schema if pa.types.is_timestamp(field.type)]
    if not names:
        return frozenset()
    table = pq.read_table(table_path, columns=names)
    return frozenset(name for name in names if _all_midnight(table[name].drop_null()))


def as_dates(frame: pd.DataFrame, names: frozenset[str] | None = None) -> pd.DataFrame:
    """The same rows with days as dates; the frame itself if it has none.

    Parameters
    ----------
    names : set of str, optional
        Columns of days, where more is known of them than these rows say. By default the rows decide.
    """
    times = [name for name, kind in frame.dtypes.items() if kind.kind == "M"]
    days = [name for name in times if (name in names if names is not None else _midnight(frame[name].dropna()))]
    if not days:
        return frame
    return frame.assign(**{name: frame[name].dt.date.astype(object).where(frame[name].notna(), None) for name in days})


def _all_midnight(moments: pa.ChunkedArray) -> bool:
    return bool(len(moments)) and bool(pc.all(pc.equal(moments, pc.floor_temporal(moments, unit="day"))).as_py())


def _midnight(moments: pd.Series) -> bool:
    return bool(len(moments)) and bool((moments == moments.dt.normalize()).all())
