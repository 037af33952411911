"""Where everything lies: the home folder, its database, and whose data set, run or upload is whose.

The database is SQLite in WAL mode: many readers, one writer at a time, safe across processes. Large things are
files in folders named by the row's id. Nothing here knows what a job does.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.messages import UnusableData, _

MOST_IDLE = 8  # connections kept open for the next look
TAKEN = "taken"  # empty file in a run's folder: one of its models was downloaded
COMMAND_LINE = "cli"  # owner of what the command line registers while no browser has used the workspace
SCHEMA = """
CREATE TABLE IF NOT EXISTS datasets (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, content_hash TEXT NOT NULL,
    n_rows INTEGER NOT NULL, n_columns INTEGER NOT NULL, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, dataset TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, owner TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL, slot TEXT NOT NULL, dataset TEXT NOT NULL DEFAULT '',
    params TEXT NOT NULL, state TEXT NOT NULL, cancel INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL, started REAL, ended REAL, heartbeat REAL,
    pid INTEGER, pid_started REAL, progress TEXT NOT NULL DEFAULT '{}', error TEXT,
    attempts INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS jobs_by_owner ON jobs (owner, created);
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, created);
"""


def default_home() -> Path:
    """``AMALGAM_HOME``, else the user's data folder."""
    if chosen := os.environ.get("AMALGAM_HOME"):
        return Path(chosen).expanduser().resolve()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "amalgam"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "amalgam"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "amalgam"


@dataclass(frozen=True)
class DatasetRow:
    """One data set as the list of data sets shows it."""

    id: str
    owner: str
    name: str
    content_hash: str
    n_rows: int
    n_columns: int
    created: float


@dataclass(frozen=True)
class RunRow:
    """One kept result: the id is that of the job that made it."""

    id: str
    owner: str
    dataset: str
    kind: str
    name: str
    created: float


class Workspace:
    """The home folder and its database.

    Parameters
    ----------
    home : Path, optional
        Default: `default_home`.
    """

    def __init__(self, home: Path | None = None) -> None:
        self.home = Path(home) if home is not None else default_home()
        self._idle: list[sqlite3.Connection] = []
        for name in ("datasets", "runs", "cache", "uploads", "logs", "run", "models"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        with self.database() as database:
            database.executescript(SCHEMA)

    @contextmanager
    def database(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are committed together when the block ends without an error."""
        connection = self._opened()
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            if connection.in_transaction:  # a script commits by itself
                connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for looking only: it never waits for a writer.

        It is used by one thread at a time and kept for the next look: opening one takes many times as long as a look.
        """
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._opened()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if len(self._idle) < MOST_IDLE:
            self._idle.append(connection)
        else:
            connection.close()

    def _opened(self) -> sqlite3.Connection:
        path = self.home / "amalgam.sqlite"
        connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        return connection

    def secret(self) -> str:
        """The key that signs the owner cookie; made on first use, readable by this user alone."""
        path = self.home / "secret"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        return path.read_text()

    # Folders

    def dataset_folder(self, dataset_id: str) -> Path:
        return self.home / "datasets" / dataset_id

    def run_folder(self, run_id: str) -> Path:
        return self.home / "runs" / run_id

    def upload_folder(self, upload_id: str) -> Path:
        return self.home / "uploads" / upload_id

    def log_file(self, job_id: str) -> Path:
        return self.home / "logs" / f"{job_id}.log"

    @property
    def cache_folder(self) -> Path:
        return self.home / "cache"

    @property
    def models_folder(self) -> Path:
        return self.home / "models"

    # People

    def owners(self) -> list[str]:
        """Those who have data sets, runs or jobs here, other than the command line."""
        with self.reading() as database:
            rows = database.execute(
                "SELECT owner FROM datasets UNION SELECT owner FROM runs UNION SELECT owner FROM jobs ORDER BY owner"
            )
            return [row["owner"] for row in rows if row["owner"] != COMMAND_LINE]

    def adopt(self, owner: str) -> None:
        """What the command line registered before any browser came belongs to the first one that comes."""
        with self.reading() as database:
            waiting = database.execute("SELECT 1 FROM datasets WHERE owner = ? LIMIT 1", (COMMAND_LINE,)).fetchone()
        if waiting is None or set(self.owners()) - {owner}:
            return
        with self.database() as database:
            for table in ("datasets", "runs"):
                database.execute(f"UPDATE {table} SET owner = ? WHERE owner = ?", (owner, COMMAND_LINE))

    # Data sets

    def add_dataset(self, row: DatasetRow) -> None:
        """List a data set whose folder is complete; a row of the same id is replaced."""
        with self.database() as database:
            database.execute(
                "INSERT OR REPLACE INTO datasets VALUES (?, ?, ?, ?, ?, ?, ?)",
                (row.id, row.owner, row.name, row.content_hash, row.n_rows, row.n_columns, row.created),
            )

    def datasets(self, owner: str) -> list[DatasetRow]:
        """The owner's data sets, newest first."""
        with self.reading() as database:
            rows = database.execute("SELECT * FROM datasets WHERE owner = ? ORDER BY created DESC", (owner,))
            return [DatasetRow(**row) for row in rows]

    def dataset(self, dataset_id: str, owner: str) -> DatasetRow | None:
        """One data set, if it exists and is this owner's."""
        with self.reading() as database:
            row = database.execute("SELECT * FROM datasets WHERE id = ? AND owner = ?", (dataset_id, owner)).fetchone()
            return DatasetRow(**row) if row else None

    def rename_dataset(self, dataset_id: str, owner: str, name: str) -> None:
        with self.database() as database:
            database.execute(
                "UPDATE datasets SET name = ? WHERE id = ? AND owner = ?", (name.strip()[:120], dataset_id, owner)
            )

    def delete_dataset(self, dataset_id: str, owner: str) -> None:
        """Forget a data set and every run made from it."""
        for run in self.runs(owner):
            if run.dataset == dataset_id:
                self.delete_run(run.id, owner)
        with self.database() as database:
            gone = database.execute("DELETE FROM datasets WHERE id = ? AND owner = ?", (dataset_id, owner)).rowcount
        if gone:
            shutil.rmtree(self.dataset_folder(dataset_id), ignore_errors=True)

    # Uploads

    def add_upload(self, upload_id: str, owner: str) -> None:
        """Say whose the files in an upload's folder are."""
        with self.database() as database:
            database.execute("INSERT INTO uploads VALUES (?, ?)", (upload_id, owner))

    def upload(self, upload_id: str, owner: str) -> Path:
        """The folder of an upload of this owner's.

        Raises
        ------
        UnusableData
            It is gone, or somebody else's: which of the two is not told.
        """
        folder = self.upload_folder(checked_id(upload_id))
        with self.reading() as database:
            row = database.execute("SELECT 1 FROM uploads WHERE id = ? AND owner = ?", (upload_id, owner)).fetchone()
        if row is None or not folder.is_dir():
            raise UnusableData(_("The uploaded file is not there any more."), _("Upload it again."))
        return folder

    def delete_upload(self, upload_id: str, owner: str) -> None:
        """Delete the files of an upload of this owner's."""
        with self.database() as database:
            gone = database.execute("DELETE FROM uploads WHERE id = ? AND owner = ?", (upload_id, owner)).rowcount
        if gone:
            shutil.rmtree(self.upload_folder(upload_id), ignore_errors=True)

    # Runs

    def add_run(self, row: RunRow) -> None:
        """List a run; listing it twice changes nothing."""
        with self.database() as database:
            list_run(database, row)

    def runs(self, owner: str, dataset: str | None = None, kind: str | None = None) -> list[RunRow]:
        """The owner's runs, newest first, of one data set or kind if asked."""
        query, values = "SELECT * FROM runs WHERE owner = ?", [owner]
        for column, value in (("dataset", dataset), ("kind", kind)):
            if value is not None:
                query += f" AND {column} = ?"
                values.append(value)
        with self.reading() as database:
            return [RunRow(**row) for row in database.execute(query + " ORDER BY created DESC", values)]

    def run(self, run_id: str, owner: str) -> RunRow | None:
        with self.reading() as database:
            row = database.execute("SELECT * FROM runs WHERE id = ? AND owner = ?", (run_id, owner)).fetchone()
            return RunRow(**row) if row else None

    def rename_run(self, run_id: str, owner: str, name: str) -> None:
        with self.database() as database:
            database.execute("UPDATE runs SET name = ? WHERE id = ? AND owner = ?", (name.strip()[:120], run_id, owner))

    def delete_run(self, run_id: str, owner: str) -> None:
        with self.database() as database:
            gone = database.execute("DELETE FROM runs WHERE id = ? AND owner = ?", (run_id, owner)).rowcount
        if gone:
            shutil.rmtree(self.run_folder(run_id), ignore_errors=True)

    # Space

    def clear_cache(self) -> int:
        """Delete cached embeddings; they are made again when needed.  →  bytes freed"""
        freed = folder_bytes(self.cache_folder)
        shutil.rmtree(self.cache_folder, ignore_errors=True)
        self.cache_folder.mkdir(parents=True, exist_ok=True)
        return freed


def new_id() -> str:
    """A name for a data set, run, job or upload that nobody can guess."""
    return secrets.token_hex(12)


def checked_id(value: str) -> str:
    """An id that came from outside, safe to stand in a path.

    Raises
    ------
    UnusableData
        It is not one of ours.
    """
    if len(value) == 24 and all(character in "0123456789abcdef" for character in value):
        return value
    raise UnusableData(_("This link does not lead to anything here."), _("Go back to Home and start from there."))


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def now() -> float:
    """Seconds since 1970, UTC."""
    return time.time()


def list_run(database: sqlite3.Connection, row: RunRow) -> None:
    """`Workspace.add_run` inside a transaction that is open already."""
    database.execute(
        "INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?)",
        (row.id, row.owner, row.dataset, row.kind, row.name, row.created),
    )
