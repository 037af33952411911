"""SQLite files: one table is read; the file is never written to, and no view, trigger or extension of it runs."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from core.data.delimited.typed_writer import Sink
from core.data.formats import detect
from core.data.schema import ReadOptions
from core.messages import Message, UnreadableFile, _, _n, say

MOST_SECONDS = 600.0  # a table of two gigabytes takes one or two minutes
_ROWS_TOLD = 10_000
_STEPS = 1_000_000  # of SQLite's machine, between two looks at the clock
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
_FUNCTIONS = {"count", "abs", "coalesce", "ifnull", "nullif", "length", "lower", "upper", "round", "substr", "trim"}


@dataclass(frozen=True)
class Database:
    """What came of reading a table."""

    table: str
    tables: list[str]
    n_rows: int
    names: list[str]
    notes: list[Message]


def read(path: Path, options: ReadOptions, into: Path, progress: Callable[[float], None]) -> Database:
    """Read the table that was asked for, else the one with most rows, into a typed Parquet file.

    Raises
    ------
    UnreadableFile
        Damaged, without rows, or without that table.
    """
    try:
        with closing(_opened(path)) as base:
            tables = _tables(base, path)
            table = _chosen(tables, options.sheet, path)
            detect.check_counts(path, tables[table], 1)
            sink, notes = _copied(base, path, table, tables[table], options, into, progress)
    except (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeDecodeError) as error:
        raise UnreadableFile(
            _("“{file}” could not be read as an SQLite database: it is damaged, or the table is not a plain one."),
            _("Export the table as CSV and upload that."),
            file=path.name,
        ) from error
    if len(tables) > 1:
        others = [name for name in tables if name != table]
        notes.append(
            say(
                _("Of the tables in the database, “{table}” was read; there are also {others}."),
                table=table,
                others=others[:20],
            )
        )
    return Database(table, list(tables), sink.n_rows, sink.names, notes)


def _opened(path: Path) -> sqlite3.Connection:
    """The database, for reading only: no other file is looked at, and no statement but SELECT runs."""
    base = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
    base.text_factory = lambda text: text.decode("utf-8", "replace")
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, detect.LARGE_PART)
    base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    base.execute("PRAGMA trusted_schema = OFF")
    base.execute("PRAGMA cell_size_check = ON")
    until = time.monotonic() + MOST_SECONDS
    base.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    base.set_authorizer(_may)
    return base


def _may(action: int, first: str | None, second: str | None, _database: str | None, _inside: str | None) -> int:
    function = action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FUNCTIONS
    return sqlite3.SQLITE_OK if action in _ALLOWED or function else sqlite3.SQLITE_DENY


def _tables(base: sqlite3.Connection, path: Path) -> dict[str, int]:
    """Plain tables with their numbers of rows; no views, and nothing that SQLite or an extension keeps for itself."""
    listed = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    made = {str(name): str(sql or "") for name, sql in listed if not str(name).startswith(("sqlite_", "gpkg_"))}
    virtual = [name for name, sql in made.items() if " ".join(sql.split()[:2]).upper() == "CREATE VIRTUAL"]
    names = [name for name in made if name not in virtual and not name.startswith(tuple(f"{one}_" for one in virtual))]
    if not names:
        raise UnreadableFile(_("“{file}” is a database without tables."), _("Choose another file."), file=path.name)
    return {name: int(base.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()[0]) for name in names}  # noqa: S608 a name, in quotes


def _chosen(tables: dict[str, int], wanted: str | None, path: Path) -> str:
    if wanted is not None and wanted not in tables:
        raise UnreadableFile(
            _("“{file}” has no table called “{name}”."), _("It has: {names}."),
            file=path.name, name=wanted, names=list(tables)[:20],
        )  # fmt: skip
    table = wanted or max(tables, key=lambda name: tables[name])
    if tables[table] == 0:
        raise UnreadableFile(_("“{file}” has no rows."), _("Choose another file."), file=path.name)
    return table


def _copied(
    base: sqlite3.Connection,
    path: Path,
    table: str,
    n_rows: int,
    options: ReadOptions,
    into: Path,
    progress: Callable[[float], None],
) -> tuple[Sink, list[Message]]:
    cursor = base.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608 a name, in quotes
    names = [str(column[0]) for column in cursor.description]
    binary = [0] * len(names)
    most_bytes = detect.most_unpacked(path.stat().st_size)

    def rows() -> Iterator[list[str]]:
        n_bytes = 0
        for done, row in enumerate(cursor):
            texts = [_text(value) for value in row]
            n_bytes += sum(map(len, texts))
            if n_bytes > most_bytes:  # columns that are calculated can be longer than the file
                raise detect.too_large(path, most_bytes)
            for place, value in enumerate(row):
                binary[place] += isinstance(value, bytes)
            if done % _ROWS_TOLD == 0:
                progress(min(done / n_rows, 1.0) * 0.8)
            yield texts

    with Sink(names, into, options, typed=True) as sink:
        tidy = sink.names
        sink.add_rows(rows())
        notes = sink.finish()
    for name, n_binary in zip(tidy, binary, strict=True):
        if n_binary:
            notes.append(
                say(
                    _n(
                        "In “{column}”, {n:,} cell holds binary data, not a value; it became missing.",
                        "In “{column}”, {n:,} cells hold binary data, not values; they became missing.",
                    ),
                    column=name,
                    n=n_binary,
                )
            )
    return sink, notes


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, bytes) else str(value).replace("\0", "")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
