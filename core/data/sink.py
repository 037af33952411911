"""Where rows of strings go while a file is read: to disk first, then, once each column's type is known, to Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from core.data.types import ColumnType
from core.messages import Message, UnreadableFile, _, say

ROWS_PER_GROUP = 1 << 16
MAX_COLUMNS = 5000


class Sink:
    """Takes blocks of strings, one at a time, and ends as a typed Parquet file.

    Parameters
    ----------
    names : list of str
        Column names as the file has them; blank ones are filled in and repeated ones numbered.
    path : Path
        The Parquet file to write. Strings wait beside it until `finish`.
    """

    def __init__(self, names: list[str], path: Path) -> None:
        self.names, self.notes = tidy_names(names)
        self.path = path
        self.types = [ColumnType(name) for name in self.names]
        self.n_rows = 0
        self._schema = pa.schema([(name, pa.string()) for name in self.names])
        self._waiting = path.with_name(path.name + ".strings")
        self._file = pa.OSFile(str(self._waiting), "wb")
        self._writer = pa.ipc.new_stream(self._file, self._schema)

    def __enter__(self) -> Sink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        self._waiting.unlink(missing_ok=True)

    def add(self, columns: list[pa.Array]) -> None:
        """Take one block: one array of strings per column."""
        for column, array in zip(self.types, columns, strict=True):
            column.see(array)
        batch = pa.RecordBatch.from_arrays(columns, schema=self._schema)
        self._writer.write_batch(batch)
        self.n_rows += batch.num_rows

    def add_rows(self, rows: Iterable[Sequence[str | None]], every: int = 1 << 14) -> None:
        """Take rows of Python strings."""
        for block in _blocks(rows, every):
            self.add([pa.array(column, pa.string()) for column in zip(*block, strict=True)])

    def finish(self, progress: Callable[[float], None] = lambda share: None) -> list[Message]:
        """Write the Parquet file.  →  notes on how values were understood"""
        self._close()
        schema = pa.schema([(column.name, column.arrow) for column in self.types])
        done = 0
        with pa.OSFile(str(self._waiting)) as file, pq.ParquetWriter(self.path, schema, compression="zstd") as writer:
            for batch in pa.ipc.open_stream(file):
                arrays = [column.convert(array) for column, array in zip(self.types, batch.columns, strict=True)]
                table = pa.Table.from_arrays(arrays, schema=schema)
                writer.write_table(table, row_group_size=ROWS_PER_GROUP)
                done += batch.num_rows
                progress(done / max(self.n_rows, 1))
        self._waiting.unlink()
        return self.notes + [note for column in self.types for note in column.notes()]

    def _close(self) -> None:
        if not self._file.closed:
            self._writer.close()
            self._file.close()


def tidy_names(names: list[str]) -> tuple[list[str], list[Message]]:
    """Names that are all there and all different, and notes on those that had to be changed.

    Raises
    ------
    UnreadableFile
        There are far too many.
    """
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(
            _("The table has {n} columns; at most {most} can be read."),
            _("Remove columns you don't need, or turn the table if rows and columns are swapped."),
            n=len(names),
            most=MAX_COLUMNS,
        )
    tidy: list[str] = []
    used: set[str] = set()
    renamed: list[str] = []
    for place, raw in enumerate(names, start=1):
        base = name = " ".join(raw.replace("\0", "").split()) or "column_" + str(place)
        number = 2
        while name in used:
            name = base + "_" + str(number)
            number += 1
        if name != base:
            renamed.append(name)
        used.add(name)
        tidy.append(name)
    notes = []
    if renamed:
        notes.append(say(_("Some columns had the same name; they are now called {names}."), names=renamed[:10]))
    return tidy, notes


def _blocks(rows: Iterable[Sequence[str | None]], every: int) -> Iterator[list[Sequence[str | None]]]:
    block: list[Sequence[str | None]] = []
    for row in rows:
        block.append(row)
        if len(block) >= every:
            yield block
            block = []
    if block:
        yield block
