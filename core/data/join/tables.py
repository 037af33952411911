"""A join made: a data set's table in its folder gets the columns of a second one that was read beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.data.delimited.typed_writer import ROWS_PER_GROUP
from core.data.join.columns import Added, added
from core.data.join.documents import Join
from core.data.join.match import Match, match
from core.data.schema import Layout, Reading
from core.data.values.stored import layouts_of, with_layouts
from core.files import written_whole
from core.job_params import JoinParams
from core.messages import UnusableData, _


def join(
    folder: Path, second: Path, file: str, asked: JoinParams, progress: Callable[[float], None] = lambda share: None
) -> Join:
    """Lay the columns of the table in `second` beside those of ``folder/table.parquet``, and of its test file.

    All rows stay in their order. A test file is matched with the same second file, and gets the same columns.

    Raises
    ------
    UnusableData
        A key column is missing or repeats, or not one key is found.
    """
    table, other = pq.read_table(folder / "table.parquet"), pq.read_table(second / "table.parquet")
    found = match(table, other, asked, progress)
    new = added(other, found.other, asked, table.column_names, file, layouts_of(second / "table.parquet"))
    if not found.report.n_matched:
        raise UnusableData(
            _("Not one value of “{key}” stands in “{other}” of “{file}”."),
            _("Choose other columns to join by, or let similar keys match."),
            key=asked.key, other=asked.other_key, file=file,
        )  # fmt: skip
    layouts = layouts_of(folder / "table.parquet") | new.layouts
    _write(folder / "table.parquet", table, found, new, layouts)
    if (folder / "test.parquet").exists():
        test = pq.read_table(folder / "test.parquet")
        _write(folder / "test.parquet", test, match(test, other, asked), new, layouts)
    return Join(file=file, asked=asked, columns=new.table.column_names, sources=new.sources, report=found.report)


def told(reading: Reading, folder: Path, made: Join, second: Reading) -> Reading:
    """How a table was read, with what its join adds to that."""
    table = pq.read_schema(folder / "table.parquet")
    return reading.model_copy(
        update={
            "n_columns": len(table.names),
            "notes": [*reading.notes, *second.notes, *made.notes()],
            "layouts": reading.layouts | layouts_of(folder / "table.parquet"),
        }
    )


def _write(path: Path, table: pa.Table, found: Match, new: Added, layouts: dict[str, Layout]) -> None:
    """The table with its new columns, whole or not at all; other data sets may hold the same file by a link."""
    places = pa.array(found.codes, pa.int64(), mask=np.asarray(found.codes) < 0)
    columns = new.table.take(places)
    for name in columns.column_names:
        table = table.append_column(name, columns[name])
    table = table.replace_schema_metadata(with_layouts(table.schema, layouts).metadata)
    with written_whole(path) as place:
        pq.write_table(table, place, compression="zstd", row_group_size=ROWS_PER_GROUP)
