"""A large delimited file into its table in one pass, where the parser itself can make the types of its first rows.

Parts of the file are parsed side by side, and written meanwhile. Where that does not work out, `delimited` goes the
long way, which looks at whole columns before it decides.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from core.data.delimited import cuts, direct_types
from core.data.delimited.parser import UTF8, Parser, Skipped
from core.data.delimited.source import Source
from core.data.delimited.typed_writer import tidy_names
from core.data.schema import RejectedLine
from core.data.table_area.repeated import Repeated
from core.messages import Message

Progress = Callable[[float], None]
FIRST_BYTES = PART_BYTES = 1 << 20
_STREAMED_BYTES = 1 << 19  # the parser reads some thirty blocks ahead, so this decides the memory it takes
_N_WORKERS = min(os.cpu_count() or 1, 8)

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Taken:
    """What went into the table."""

    n_rows: int
    n_skipped: int
    names: list[str]
    notes: list[Message]
    last: str = ""  # the last value, where it is a text
    last_skipped: str = ""  # the last row that was not taken
    n_long: int = 0  # of those skipped, how many may be long by delimiters only
    rejected: list[RejectedLine] = field(default_factory=list)


@dataclass(frozen=True)
class _Block:
    """Rows with the table's types, and the last value as the file has it; no rows where all were skipped."""

    rows: pa.RecordBatch | None
    last: str
    skipped: Skipped


def read(source: Source, into: Path, progress: Progress) -> Taken | None:
    """Read a file by the types of its first rows; None where that does not work out.

    Raises
    ------
    EdgeFilled
        A column at the edge, blank as far as was looked, holds something.
    """
    names, notes = tidy_names(source.names)
    try:
        first = _first_rows(source, names)
        plan = direct_types.Plan.of(first)
        parser = Parser(source, names, plan.parsed)
        n_rows = source.path.stat().st_size / max(first.nbytes, 1) * first.num_rows
        del first
        if _can_be_cut(source):
            try:
                return _written(_side_by_side(parser, plan), n_rows, into, plan, notes, progress)
            except cuts.Uncut:
                pass
        return _written(_from_end_to_end(parser, plan), n_rows, into, plan, notes, progress)
    except (pa.ArrowInvalid, direct_types.Changed):
        return None


def _first_rows(source: Source, names: list[str]) -> pa.RecordBatch:
    parser = Parser(source, names)
    if _can_be_cut(source):
        with source.span.open() as file:
            part = next(cuts.parts(file, source.dialect.quote, FIRST_BYTES))
        if (rows := parser.part(part, True, lambda row: "skip")) is not None:
            return rows
    blocks = parser.stream(_STREAMED_BYTES, lambda row: "skip")
    return pa.concat_batches(islice(blocks, max(1, FIRST_BYTES // _STREAMED_BYTES)))


def _can_be_cut(source: Source) -> bool:
    """Whether a line break and a quote are single bytes that stand for nothing else, in columns that are all kept."""
    return source.span.letters in UTF8 and not source.dialect.escape and len(source.area.columns) == source.area.width


def _written(
    blocks: Generator[_Block, None, None],
    n_expected: float,
    into: Path,
    plan: direct_types.Plan,
    notes: list[Message],
    progress: Progress,
) -> Taken:
    """Write blocks as they come.  →  what was written"""
    n_rows, last, skipped = 0, "", Skipped("")
    with closing(blocks), direct_types.Writer(into, plan) as writer:
        for block in blocks:
            skipped.add(block.skipped)
            if block.rows is not None:
                writer.write(block.rows)
                n_rows, last = n_rows + block.rows.num_rows, block.last
            progress(min(0.95, n_rows / n_expected))
    return Taken(n_rows, skipped.n, list(plan.table.names), notes, last, skipped.last, skipped.n_long)


def _side_by_side(parser: Parser, plan: direct_types.Plan) -> Generator[_Block, None, None]:
    """Parts of the file parsed at the same time, in their order.

    Raises
    ------
    Uncut
    """
    dialect, is_unclear = parser.source.dialect, False

    def parsed(part: tuple[int, memoryview]) -> tuple[_Block, bool]:
        skipped = Skipped(dialect.delimiter)
        block = _block(parser.part(part[1], part[0] == 0, skipped), skipped, plan)
        return block, cuts.ends_inside_quotes(part[1], block.last, skipped.last, dialect.quote)

    with parser.source.span.open() as file:
        for block, ends_inside in _in_order(parsed, enumerate(cuts.parts(file, dialect.quote, PART_BYTES)), _N_WORKERS):
            if is_unclear:
                raise cuts.Uncut
            is_unclear = ends_inside  # of the last part it says nothing
            yield block


def _from_end_to_end(parser: Parser, plan: direct_types.Plan) -> Generator[_Block, None, None]:
    skipped = Skipped(parser.source.dialect.delimiter)
    for batch in parser.stream(_STREAMED_BYTES, skipped):
        yield _block(batch, Skipped(""), plan)
    yield _Block(None, "", skipped)


def _block(batch: pa.RecordBatch | None, skipped: Skipped, plan: direct_types.Plan) -> _Block:
    if batch is None or not batch.num_rows:
        return _Block(None, "", skipped)
    if Repeated(batch.schema.names).rows(batch) is not None:  # left out by the long way
        raise direct_types.Changed
    last = batch.columns[-1][-1].as_py()
    return _Block(plan.typed(batch), last if isinstance(last, str) else "", skipped)


def _in_order(work: Callable[[T], R], items: Iterable[T], n_workers: int) -> Iterator[R]:
    """What comes of each item, by threads of which none is far ahead."""
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(n_workers) as pool:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > n_workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
