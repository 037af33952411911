"""A table of a database that SQLAlchemy knows, copied into an SQLite file: from there it is read like any other.

Nothing is written to the database: it is opened for reading only where it can be, one SELECT runs, and what it did is
rolled back. A password is in no sentence.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from core.data.formats import detect
from core.files import safe_name
from core.messages import UnknownChoice, UnreadableFile, _, clip

CHUNK = 10_000  # rows
MOST_SECONDS = 600.0
QUERY = "query"  # what the table is called that a query gives
WIDEST_INTEGER = 1 << 63
PACKAGES = {"psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient", "cx_Oracle": "oracledb"}  # module → package
DIALECTS = {"duckdb": "duckdb-engine", "snowflake": "snowflake-sqlalchemy", "bigquery": "sqlalchemy-bigquery"}
SETS_READ_ONLY = {  # statements after which a connection refuses to write
    "sqlite": "PRAGMA query_only = ON",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "oracle": "SET TRANSACTION READ ONLY",
}
SECRET = re.compile("pass|pwd|secret|token|key", re.IGNORECASE)  # settings in an address that are passwords, too
READS = re.compile(r"\A\s*(?:select|with|values)\b", re.IGNORECASE)  # how a statement that only reads begins
COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def copied(
    address: str,
    folder: Path,
    table: str | None = None,
    query: str | None = None,
    progress: Callable[[int], None] = lambda n_rows: None,
) -> Path:
    """Copy a table, or what a query gives, into ``<folder>/<table>.sqlite``.

    Parameters
    ----------
    address : str
        As SQLAlchemy takes it: ``sqlite:////tmp/shop.db``, ``postgresql+psycopg://me@host/shop``.
    table : str or None
        Its name, ``schema.name`` where it isn't in the usual schema; None: the only one there is.
    progress : callable (rows) → None
        Hears how many rows have come.

    Raises
    ------
    UnreadableFile
        No such database or table, or what the database itself says of the query.
    UnknownChoice
        The address, or the query, is none.

    Examples
    --------
    >>> copied("sqlite:////tmp/shop.db", folder, table="orders").name  # doctest: +SKIP
    'orders.sqlite'
    """
    url = _url(address)
    with _said_plainly(url), _connection(url) as base:
        if query is not None:
            called, selected = QUERY, _only_reads(query)
        else:
            schema, name = _table(base, table, url)
            called = f"{schema}.{name}" if schema else name
            selected = str(sa.select(sa.text("*")).select_from(sa.table(name, schema=schema)).compile(base))
        rows = base.execution_options(stream_results=True, yield_per=CHUNK).exec_driver_sql(selected)
        return _written(rows, folder / f"{safe_name(called)}.sqlite", called, progress)


def _url(address: str) -> sa.URL:
    try:
        return sa.make_url(address)
    except (ArgumentError, ValueError):
        raise UnknownChoice(
            _("This is not the address of a database."),
            _("Write it like sqlite:////folder/shop.db or postgresql+psycopg://me@host/shop."),
        ) from None


@contextmanager
def _connection(url: sa.URL) -> Iterator[sa.Connection]:
    """A connection that reads only; whatever happened on it is rolled back."""
    backend = url.get_backend_name()
    if backend == "sqlite":
        url = _sqlite(url)
    engine = sa.create_engine(url, connect_args={"read_only": True} if backend == "duckdb" else {})
    try:
        with engine.connect() as base:
            if backend == "postgresql":
                base = base.execution_options(postgresql_readonly=True)  # noqa: PLW2901 - the same one
            if backend in SETS_READ_ONLY:
                base.exec_driver_sql(SETS_READ_ONLY[backend])
            yield base
            base.rollback()
    finally:
        engine.dispose()


def _sqlite(url: sa.URL) -> sa.URL:
    """The same file, opened without the right to write or to make it."""
    path = Path(url.database or "")
    if not path.is_file():
        raise UnreadableFile(
            _("There is no file “{file}”."), _("An absolute path has four slashes: sqlite:////folder/shop.db."),
            file=url.database or "",
        )  # fmt: skip
    return url.set(database=f"file:{quote(str(path.resolve()))}", query={"mode": "ro", "uri": "true"})


@contextmanager
def _said_plainly(url: sa.URL) -> Iterator[None]:
    """What goes wrong on the way, in a sentence without a password."""
    try:
        yield
    except NoSuchModuleError:
        raise _missing(url, DIALECTS.get(url.get_backend_name(), "")) from None
    except ModuleNotFoundError as error:
        raise _missing(url, PACKAGES.get(error.name or "", error.name or "")) from None
    except (SQLAlchemyError, OSError, ValueError, TypeError) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        reason = without_secrets(str(cause).strip().split("\n")[0].rstrip("."), url)
        raise UnreadableFile(
            _("The database {address} says: “{reason}”."), _("Check the address, the table and the query."),
            address=shown(url), reason=clip(reason, 200),
        ) from None  # fmt: skip


def _missing(url: sa.URL, package: str) -> UnreadableFile:
    hint = _("Install it: pip install {package}.") if package else _("Install the one that SQLAlchemy names for it.")
    return UnreadableFile(
        _("To read “{kind}” a driver is needed that is not installed here."),
        hint,
        kind=url.drivername,
        package=package,
    )


def shown(url: sa.URL) -> str:
    """An address as it may be shown: its password, and settings that may hold another one, are left out."""
    return url.set(query={}).render_as_string(hide_password=True)


def without_secrets(text: str, url: sa.URL) -> str:
    """A sentence of a driver's in which no password of the address stands, as typed or quoted."""
    settings = [value for name, value in url.query.items() if SECRET.search(name)]
    secrets = [str(one) for one in (url.password, *settings) if one]
    for secret in {*secrets, *(quote(one, safe="") for one in secrets)}:
        text = text.replace(secret, "***")
    return text


def _table(base: sa.Connection, wanted: str | None, url: sa.URL) -> tuple[str | None, str]:
    """The schema, where one was named, and the table."""
    inspector = sa.inspect(base)
    if wanted is not None:
        schema, _dot, name = wanted.rpartition(".")
        if inspector.has_table(wanted):
            return None, wanted
        if schema and inspector.has_table(name, schema=schema):
            return schema, name
    names = sorted([*inspector.get_table_names(), *inspector.get_view_names()])
    if not names:
        raise UnreadableFile(_("The database {address} has no tables."), address=shown(url))
    if wanted is not None:
        raise UnreadableFile(
            _("The database {address} has no table called “{name}”."), _("It has: {names}."),
            address=shown(url), name=wanted, names=names[:20],
        )  # fmt: skip
    if len(names) > 1:
        raise UnknownChoice(
            _("The database {address} has several tables: {names}."), _("Say which with --table, or write a --query."),
            address=shown(url), names=names[:20],
        )  # fmt: skip
    return None, names[0]


def _only_reads(query: str) -> str:
    """One statement that begins as one that reads; that it does, the database itself sees to where it can.

    Raises
    ------
    UnknownChoice
    """
    statement = query.strip().rstrip(";").rstrip()
    bare = COMMENTS.sub(" ", statement)
    texts_gone = re.sub(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", "", bare)
    if not READS.match(bare) or ";" in texts_gone:
        raise UnknownChoice(_("“--query” takes one SELECT, and nothing that changes a database."))
    return statement


def _written(rows: sa.CursorResult[Any], path: Path, table: str, progress: Callable[[int], None]) -> Path:
    names = _different([str(name) for name in rows.keys()])  # noqa: SIM118 - a result is no dict
    until, n_rows, n_bytes = time.monotonic() + MOST_SECONDS, 0, 0
    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = OFF")
        file.execute(f"CREATE TABLE {_quoted(table)} ({', '.join(map(_quoted, names))})")
        into = f"INSERT INTO {_quoted(table)} VALUES ({', '.join('?' * len(names))})"  # noqa: S608 quoted
        for chunk in rows.partitions(CHUNK):
            values = [[stored(value) for value in row] for row in chunk]
            file.executemany(into, values)
            n_rows += len(values)
            n_bytes += sum(len(value) for row in values for value in row if isinstance(value, str | bytes))
            detect.check_counts(path.with_suffix(""), n_rows, len(names), n_bytes)
            if time.monotonic() > until:
                raise UnreadableFile(
                    _("The database took longer than {minutes} minutes; so many rows had come: {n:,}."),
                    _("Ask for fewer rows: --query 'SELECT … LIMIT 100000'."),
                    minutes=round(MOST_SECONDS / 60), n=n_rows,
                )  # fmt: skip
            progress(n_rows)
        file.commit()
    return path


def _different(names: list[str]) -> list[str]:
    """Names that SQLite tells apart, which looks at no case; a query may give one name twice."""
    taken: set[str] = set()
    for place, name in enumerate(names):
        number = 2
        while names[place].lower() in taken:
            names[place], number = f"{name}_{number}", number + 1
        taken.add(names[place].lower())
    return names


def stored(value: Any) -> str | int | float | bytes | None:
    """A value of a driver's as SQLite holds it and as the cell of a file would be written.

    Examples
    --------
    >>> stored(Decimal("12.50")), stored(date(2020, 1, 31)), stored(True)
    ('12.50', '2020-01-31', 'true')
    """
    for kinds, written in WRITTEN:
        if isinstance(value, kinds):
            return written(value)
    return str(value)


def _integer(value: int) -> int | str:
    return value if -WIDEST_INTEGER <= value < WIDEST_INTEGER else str(value)


WRITTEN: tuple[tuple[tuple[type, ...], Callable[[Any], str | int | float | bytes | None]], ...] = (
    ((type(None), str, float), lambda value: value),
    ((bool,), lambda value: str(value).lower()),
    ((int,), _integer),
    ((Decimal,), lambda value: format(value, "f")),
    ((datetime,), lambda value: value.isoformat(sep=" ")),
    ((date,), date.isoformat),
    ((bytes, bytearray, memoryview), bytes),
    ((list, tuple, dict), lambda value: json.dumps(value, ensure_ascii=False, default=str)),
)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""').replace("\0", "") + '"'
