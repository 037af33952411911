"""Where everything lies: the home folder, its database, and whose data set, run or upload is whose.

The database is SQLite in WAL mode: many readers, one writer at a time, safe across processes. Large things are
files in folders named by the row's id. Nothing here knows what a job does.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import sqlite3
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.files import PRIVATE, unfinished, write_once
from core.messages import UnusableData, _

MOST_IDLE = 8  # connections kept open for the next look
KEY_BYTES = 32  # of the key that signs cookies
FOLDERS = ("datasets", "runs", "cache", "uploads", "logs", "run", "models")
TAKEN = "taken"  # empty file in a run's folder: one of its models was downloaded
COMMAND_LINE = "cli"  # owner of what the command line registers, until a browser claims it
CODE_LETTERS, CODE_LENGTH = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", 12  # none that are taken for one another; 60 bits
SCHEMA = """
CREATE TABLE IF NOT EXISTS datasets (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, content_hash TEXT NOT NULL,
    n_rows INTEGER NOT NULL, n_columns INTEGER NOT NULL, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, dataset TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, owner TEXT NOT NULL, address TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS shares (
    digest TEXT PRIMARY KEY, run TEXT NOT NULL, owner TEXT NOT NULL, created REAL NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS people (
    owner TEXT PRIMARY KEY, name TEXT NOT NULL, first_seen REAL NOT NULL, last_seen REAL NOT NULL);
CREATE TABLE IF NOT EXISTS ended_logins (digest TEXT PRIMARY KEY, ended REAL NOT NULL);
CREATE TABLE IF NOT EXISTS figures (
    name TEXT NOT NULL, labels TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (name, labels));
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL, slot TEXT NOT NULL, dataset TEXT NOT NULL DEFAULT '',
    params TEXT NOT NULL, state TEXT NOT NULL, cancel INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL, started REAL, ended REAL, heartbeat REAL,
    pid INTEGER, pid_started REAL, progress TEXT NOT NULL DEFAULT '{}', error TEXT,
    attempts INTEGER NOT NULL DEFAULT 0, address TEXT NOT NULL DEFAULT '');
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
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            _close_to_others(self.home)
            for name in FOLDERS:
                (self.home / name).mkdir(mode=0o700, exist_ok=True)
            with self.database() as database:
                database.executescript(SCHEMA)
                if "address" not in {row["name"] for row in database.execute("PRAGMA table_info(jobs)")}:
                    database.execute("ALTER TABLE jobs ADD COLUMN address TEXT NOT NULL DEFAULT ''")  # older than 0.2
        except (OSError, sqlite3.OperationalError) as error:
            raise _unwritable(self.home, error) from error

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
        """The key that signs the owner cookie; made on first use, readable by this user alone.

        Raises
        ------
        UnusableData
            The file is there but holds no whole key: whatever it signed could be forged.
        """
        path = self.home / "secret"
        try:
            if not path.exists():
                write_once(path, secrets.token_hex(KEY_BYTES))
            if path.stat().st_mode & PRIVATE:  # as an older version or a copy left it
                path.chmod(0o600)
            key = path.read_text(encoding="ascii", errors="replace").strip()
        except OSError as error:
            raise _unwritable(self.home, error) from error
        if len(key) < 2 * KEY_BYTES:
            raise UnusableData(
                _("The key in “{path}” is damaged: it has {found} characters where {expected} belong."),
                _("Delete that file and start again. A new key is made; each browser is then taken for a new one."),
                path=str(path),
                found=len(key),
                expected=2 * KEY_BYTES,
            )
        return key

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

    def code(self) -> str:
        """What a browser must be told before it may have what the command line registered; good for one time."""
        write_once(self._code_file, "".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH)))
        kept = self._code_file.read_text()
        return "-".join(kept[start : start + 4] for start in range(0, len(kept), 4))

    def unclaimed(self) -> bool:
        """Whether something that the command line registered waits for a browser to claim it."""
        with self.reading() as database:
            query = "SELECT 1 FROM datasets WHERE owner = ? LIMIT 1"
            return database.execute(query, (COMMAND_LINE,)).fetchone() is not None

    def adopt(self, owner: str, code: str) -> bool:
        """Give an owner what the command line registered, for its code.  →  whether it was the right one"""
        given = "".join(character for character in code.upper() if character.isascii() and character.isalnum())
        with self.database() as database:
            kept = self._code_file.read_text() if self._code_file.exists() else ""
            if len(kept) < CODE_LENGTH or not secrets.compare_digest(given, kept):
                return False
            for table in ("datasets", "runs"):
                database.execute(f"UPDATE {table} SET owner = ? WHERE owner = ?", (owner, COMMAND_LINE))  # noqa: S608 our own tables
            self._code_file.unlink()
        return True

    @property
    def _code_file(self) -> Path:
        return self.home / "run" / "code"

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

    # Uploads

    def add_upload(self, upload_id: str, owner: str, address: str = "") -> None:
        """Say whose the files in an upload's folder are, and where they came from."""
        with self.database() as database:
            database.execute("INSERT INTO uploads VALUES (?, ?, ?)", (upload_id, owner, address))

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

    # Space

    def used_bytes(self, owner: str) -> int:
        """What an owner's tables, runs and uploads take on the disk."""
        with self.reading() as database:
            places = [
                place(row["id"])
                for table, place in (
                    ("datasets", self.dataset_folder),
                    ("runs", self.run_folder),
                    ("jobs", self.run_folder),
                    ("uploads", self.upload_folder),
                )
                for row in database.execute(f"SELECT id FROM {table} WHERE owner = ?", (owner,))  # noqa: S608 our own names
            ]
        return sum(folder_bytes(place) for one in set(places) for place in (one, unfinished(one)))

    def clear_cache(self) -> int:
        """Delete cached embeddings; they are made again when needed.  →  bytes freed"""
        freed = folder_bytes(self.cache_folder)
        shutil.rmtree(self.cache_folder, ignore_errors=True)
        self.cache_folder.mkdir(parents=True, exist_ok=True)
        return freed


def _close_to_others(home: Path) -> None:
    """Only this user enters the home folder; one that belongs to somebody else, or that all share, stays as it is."""
    found = home.stat()
    if found.st_mode & PRIVATE and found.st_uid == os.geteuid() and not found.st_mode & stat.S_ISVTX:
        home.chmod(0o700)


def _unwritable(home: Path, error: Exception) -> UnusableData:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return UnusableData(
        _("Amalgam can't write to its home folder “{folder}”: {reason}."),
        _("Let this user write there, or name another folder by AMALGAM_HOME."),
        folder=str(home),
        reason=reason,
    )


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
    """Bytes of all files below a folder; what goes while one looks counts as nothing."""
    found = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            kept = path.lstat()
            found += kept.st_size if stat.S_ISREG(kept.st_mode) else 0
    return found


def now() -> float:
    """Seconds since 1970, UTC."""
    return time.time()


def list_run(database: sqlite3.Connection, row: RunRow) -> None:
    """`Workspace.add_run` inside a transaction that is open already."""
    database.execute(
        "INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?)",
        (row.id, row.owner, row.dataset, row.kind, row.name, row.created),
    )
