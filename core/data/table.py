"""A data set's table as others use it: whole for training, a few rows at a time for the page.

What is to be masked in it is masked here, so that nothing behind this door sees it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.data.personal import masking
from core.data.schema import Cleaning, Schema, read_model
from core.messages import UnusableData, _


def load(folder: Path, columns: list[str] | None = None, cleaned: bool = True, test: bool = False) -> pd.DataFrame:
    """The table of a data set.

    Parameters
    ----------
    columns : list of str, optional
        Only these.
    cleaned : bool
        Leave out the rows that cleaning set aside. The index always says the position in ``table.parquet``.
    test : bool
        The separate test file instead.
    """
    path = folder / ("test.parquet" if test else "table.parquet")
    if not path.exists():
        raise UnusableData(_("This data set has no test file.") if test else _("This data set is not there any more."))
    frame = pq.read_table(path, columns=columns, use_threads=True).to_pandas(
        split_blocks=True, self_destruct=True, types_mapper=_pandas_type
    )
    if cleaned and not test and (cleaning := read_model(Cleaning, folder / "cleaning.json")):
        frame = frame.drop(index=cleaning.dropped)
    return _masked(frame, folder)


def page(folder: Path, offset: int, n: int, test: bool = False) -> pd.DataFrame:
    """Rows `offset` to `offset + n`; no other row group is read."""
    file = pq.ParquetFile(folder / ("test.parquet" if test else "table.parquet"))
    offset = max(0, min(offset, file.metadata.num_rows))
    groups: list[int] = []
    first = start = 0
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        if start + rows > offset and start < offset + n:
            first = first if groups else start
            groups.append(group)
        start += rows
    if not groups:
        return file.schema_arrow.empty_table().to_pandas(types_mapper=_pandas_type)
    rows_read = file.read_row_groups(groups).slice(offset - first, n)
    frame = rows_read.to_pandas(types_mapper=_pandas_type)
    frame.index = pd.RangeIndex(offset, offset + len(frame))
    return _masked(frame, folder)


def rows(folder: Path, positions: list[int], columns: list[str] | None = None) -> pd.DataFrame:
    """Single rows by their position, in the order asked for; only these columns, if any are named."""
    table = pq.read_table(folder / "table.parquet", columns=columns)
    frame = table.take(pa.array(positions, pa.int64())).to_pandas(types_mapper=_pandas_type)
    frame.index = pd.Index(positions)
    return _masked(frame, folder)


def _masked(frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """As its data set says; a folder without a schema has nothing to hide."""
    schema = read_model(Schema, folder / "schema.json")
    return frame if schema is None else masking.masked(frame, schema.columns)


def _pandas_type(kind: pa.DataType) -> pd.api.extensions.ExtensionDtype | None:
    return pd.StringDtype(na_value=float("nan")) if pa.types.is_string(kind) or pa.types.is_large_string(kind) else None
