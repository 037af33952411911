"""pyarrow's parser, as it is set to read a delimited file: from end to end, or one part by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv

from core.data.delimited.source import Source
from core.data.values.words import NOTHING

UTF8 = frozenset({"utf-8", "utf-8-sig", "ascii"})


class EdgeFilled(Exception):
    """A column that was blank as far as was looked holds something."""


@dataclass
class Skipped:
    """Hears of the rows that do not fit."""

    delimiter: str
    n: int = 0
    n_long: int = 0  # long by delimiters only, as far as can be seen
    last: str = ""

    def __call__(self, row: pc_csv.InvalidRow) -> str:
        self.n += 1
        self.last = row.text
        if row.actual_columns > row.expected_columns and row.text.rstrip(" \r\n").endswith(self.delimiter or "\x1f"):
            self.n_long += 1
        return "skip"

    def add(self, other: Skipped) -> None:
        """Those of a later part of the file."""
        self.n, self.n_long, self.last = self.n + other.n, self.n_long + other.n_long, other.last or self.last


@dataclass(frozen=True)
class Parser:
    """Makes blocks of rows: of strings, but for columns that have a type.

    Parameters
    ----------
    names : list of str
        Of the columns that belong to the table.
    types : dict, optional
        Column → type; with it, cells without a value are null.
    """

    source: Source
    names: list[str]
    types: dict[str, pa.DataType] | None = None

    def stream(self, block_bytes: int, skip: Callable[[pc_csv.InvalidRow], str]) -> Iterator[pa.RecordBatch]:
        """The rows of the whole file.

        Raises
        ------
        EdgeFilled
        """
        # by its path alone, `a.csv.gz` would be unpacked whatever it is
        whole = self.source.span.is_whole
        reader = pc_csv.open_csv(
            pa.OSFile(str(self.source.path)) if whole else self.source.span.open(),
            read_options=self._read_options(block_bytes, self.source.n_skip),
            parse_options=self._parse_options(skip, newlines_in_values=bool(self.source.dialect.quote)),
            convert_options=self._convert_options(),
        )
        with reader:
            for batch in reader:
                yield self._without_edges(batch)

    def part(
        self, part: bytes | memoryview, is_first: bool, skip: Callable[[pc_csv.InvalidRow], str]
    ) -> pa.RecordBatch | None:
        """The rows of a part of the file, which must be whole ones; None where all lines are blank or skipped.

        Raises
        ------
        EdgeFilled
        """
        table = pc_csv.read_csv(
            pa.BufferReader(part),
            read_options=self._read_options(len(part) + 1, self.source.n_skip if is_first else 0),
            parse_options=self._parse_options(skip, newlines_in_values=False),  # matters between blocks only
            convert_options=self._convert_options(check_utf8=not bytes(part).isascii()),
            memory_pool=pa.system_memory_pool(),  # quicker than the usual one with blocks that soon go
        )
        batches = [self._without_edges(batch) for batch in table.to_batches()]
        return pa.concat_batches(batches) if batches else None

    def _without_edges(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        if any(_holds_something(batch.column(name)) for name in self._edges.values()):
            raise EdgeFilled
        return batch.select(self.names) if self._edges else batch

    def _read_options(self, block_bytes: int, n_skip: int) -> pc_csv.ReadOptions:
        encoding = self.source.span.letters
        return pc_csv.ReadOptions(
            column_names=self._every,
            skip_rows_after_names=n_skip,
            block_size=block_bytes,
            use_threads=False,  # others parse other parts, or write
            encoding="utf8" if encoding in UTF8 else encoding,
        )

    def _parse_options(self, skip: Callable[[pc_csv.InvalidRow], str], newlines_in_values: bool) -> pc_csv.ParseOptions:
        dialect = self.source.dialect
        return pc_csv.ParseOptions(
            delimiter=dialect.delimiter or "\x1f",
            quote_char=dialect.quote or False,
            double_quote=bool(dialect.quote),
            escape_char=dialect.escape or False,
            newlines_in_values=newlines_in_values,
            ignore_empty_lines=True,
            invalid_row_handler=skip,
        )

    def _convert_options(self, check_utf8: bool = True) -> pc_csv.ConvertOptions:
        return pc_csv.ConvertOptions(
            column_types={name: pa.string() for name in self._every} | (self.types or {}),
            null_values=sorted(NOTHING),
            strings_can_be_null=self.types is not None,
            check_utf8=check_utf8,
        )

    @cached_property
    def _edges(self) -> dict[int, str]:
        """Blank columns at the edge of the file that do not belong to the table, with names for the parser."""
        return {place: f"\0{place}" for place in range(self.source.area.width) if place not in self.source.area.columns}

    @cached_property
    def _every(self) -> list[str]:
        """The names of all columns of the file."""
        named = dict(zip(self.source.area.columns, self.names, strict=True)) | self._edges
        return [named[place] for place in range(self.source.area.width)]


def _holds_something(array: pa.Array) -> bool:
    return bool(pc.any(pc.not_equal(pc.utf8_trim_whitespace(array), "")).as_py())
