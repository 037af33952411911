"""An SQLite file is a table: one is chosen, nothing in the file is run, and it is never written to."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pandas as pd
import pytest

from core.data import reading, table
from core.data.formats import database
from core.data.schema import ReadOptions
from core.messages import UnreadableFile

SHOP = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, joined DATE, photo BLOB);
INSERT INTO customers VALUES (1, 'Ada', '2020-01-31', x'00ff'), (2, 'Zoé', '2021-02-28', NULL), (3, NULL, NULL, NULL);
CREATE TABLE "order ""lines"" 1" (customer INT, amount REAL, note);
INSERT INTO "order ""lines"" 1" VALUES (1, 9.5, 'a'), (1, 12, 7), (2, NULL, 'b'), (3, 1e3, 'c');
CREATE TABLE empty (a);
CREATE VIEW everyone AS SELECT * FROM customers;
CREATE VIRTUAL TABLE words USING fts5(text);
INSERT INTO words VALUES ('a'), ('b'), ('c'), ('d'), ('e'), ('f');
"""


def made(folder, script: str = SHOP, name: str = "shop.db"):
    path = folder / name
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as base:
        base.executescript(script)
        base.commit()
    return path


def read(path, **options):
    result = reading.read_files([path], ReadOptions(**options), path.parent / "set")
    return result, table.load(path.parent / "set")


def test_the_table_with_most_rows_is_read_and_the_others_are_named(tmp_path):
    result, frame = read(made(tmp_path))
    assert (result.format, result.sheet) == ("sqlite", 'order "lines" 1')
    assert result.sheets == ["customers", 'order "lines" 1', "empty"]  # neither a view nor what a virtual table keeps
    assert frame["amount"].tolist()[:2] == [9.5, 12.0]
    assert frame["amount"].isna().tolist() == [False, False, True, False]
    assert "there are also customers, empty" in str(result.notes[-1])


def test_the_table_that_was_asked_for_is_read_with_dates_and_gaps(tmp_path):
    result, frame = read(made(tmp_path), sheet="customers")
    assert frame["joined"].tolist()[:2] == [pd.Timestamp("2020-01-31"), pd.Timestamp("2021-02-28")]
    assert frame["name"].tolist()[:2] == ["Ada", "Zoé"]
    assert frame["photo"].isna().all()
    assert any("“photo”, 1 cell holds binary data" in str(note) for note in result.notes)


@pytest.mark.parametrize("name", ["everyone", "words", "sqlite_master", "customers; DROP TABLE customers"])
def test_what_is_no_plain_table_can_not_be_asked_for(tmp_path, name):
    with pytest.raises(UnreadableFile, match="no table called"):
        read(made(tmp_path), sheet=name)


def test_the_file_stays_as_it_was_and_nothing_is_written_beside_it(tmp_path):
    path = made(tmp_path, "PRAGMA journal_mode = WAL;" + SHOP)
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"shop.db", "set"}


def test_columns_that_are_calculated_can_not_make_gigabytes_of_a_small_file(tmp_path):
    script = "CREATE TABLE t (a, b AS (upper(a))); INSERT INTO t VALUES ('x'), ('y');"
    assert read(made(tmp_path, script))[1]["b"].tolist() == ["X", "Y"]
    rows = ",".join(["(1)"] * 100)
    script = f"CREATE TABLE t (a, b AS (printf('%.*c', 9000000, 'x'))); INSERT INTO t VALUES {rows};"
    with pytest.raises(UnreadableFile, match="unpacks to more than 67 MB"):
        read(made(tmp_path, script))


def test_a_reading_without_end_is_stopped(tmp_path, monkeypatch):
    rows = ",".join(["(1)"] * 1000)
    path = made(tmp_path, f"CREATE TABLE t (a); INSERT INTO t VALUES {rows};")
    monkeypatch.setattr(database, "MOST_SECONDS", -1.0)
    monkeypatch.setattr(database, "_STEPS", 100)
    with pytest.raises(UnreadableFile):
        read(path)


def test_a_file_cut_off_is_one_sentence(tmp_path):
    path = made(tmp_path)
    content = path.read_bytes()
    for n_bytes in (20, 100, 1000, 4096, len(content) // 2, len(content) - 4096):
        path.write_bytes(content[:n_bytes])
        with pytest.raises(UnreadableFile):
            read(path)


def test_a_database_without_tables_says_so(tmp_path):
    with pytest.raises(UnreadableFile, match="without tables"):
        read(made(tmp_path, "CREATE TABLE t (a); DROP TABLE t;"))
    with pytest.raises(UnreadableFile, match="no rows"):
        read(made(tmp_path, "CREATE TABLE t (a);"))
