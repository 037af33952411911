"""A table of a database arrives as a file; nothing is written to the database, and no password is shown."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest
import sqlalchemy as sa

from core.data import reading, table
from core.data.remote import databases
from core.data.schema import ReadOptions
from core.messages import UnknownChoice, UnreadableFile

SHOP = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, price NUMERIC, day DATE, note TEXT, photo BLOB);
INSERT INTO orders VALUES (1, 9.5, '2020-01-31', 'a:b', x'00ff'), (2, 12, '2021-02-28', NULL, NULL),
  (3, 7, NULL, '', NULL);
CREATE TABLE "Odd ""name"".x" (a, A2);
INSERT INTO "Odd ""name"".x" VALUES (1, 2);
CREATE VIEW dear AS SELECT * FROM orders WHERE price > 8;
"""


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "a shop.db"
    with closing(sqlite3.connect(path)) as base:
        base.executescript(SHOP)
        base.commit()
    return path


@pytest.fixture
def address(shop):
    return f"sqlite:///{shop}"


def read(path, tmp_path):
    result = reading.read_files([path], ReadOptions(), tmp_path / "set")
    return result, table.load(tmp_path / "set")


def test_a_table_is_read_as_from_a_file(address, tmp_path):
    path = databases.copied(address, tmp_path, table="orders")
    result, frame = read(path, tmp_path)
    assert (path.name, result.sheet, result.n_rows) == ("orders.sqlite", "orders", 3)
    assert frame["price"].tolist() == [9.5, 12.0, 7.0]
    assert frame["day"].tolist()[:2] == [pd.Timestamp("2020-01-31"), pd.Timestamp("2021-02-28")]
    assert frame["note"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize(("name", "n_rows"), [("dear", 2), ('Odd "name".x', 1)])
def test_views_and_odd_names_are_tables_too(address, tmp_path, name, n_rows):
    result, _frame = read(databases.copied(address, tmp_path, table=name), tmp_path)
    assert result.n_rows == n_rows


def test_a_query_is_a_table(address, tmp_path):
    asked = "SELECT note, price AS p, price AS P FROM orders WHERE note = 'a:b' -- ; and no more\n;"
    result, frame = read(databases.copied(address, tmp_path, query=asked), tmp_path)
    assert list(frame.columns) == ["note", "p", "P_2"]
    assert (result.sheet, frame["note"].tolist()) == ("query", ["a:b"])


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM orders",
        "SELECT 1; DELETE FROM orders",
        "/* SELECT */ DROP TABLE orders",
        "WITH gone AS (SELECT 1) DELETE FROM orders",
        "PRAGMA writable_schema = ON",
    ],
)
def test_nothing_is_written_whatever_is_asked(address, shop, tmp_path, query):
    before = shop.read_bytes()
    with pytest.raises((UnknownChoice, UnreadableFile)):
        databases.copied(address, tmp_path, query=query)
    assert shop.read_bytes() == before


def test_the_connection_itself_refuses_to_write(address, shop):
    with databases._connection(sa.make_url(address)) as base, pytest.raises(sa.exc.OperationalError, match="readonly"):
        base.exec_driver_sql("DELETE FROM orders")
    assert shop.stat().st_size > 0


def test_of_several_tables_one_must_be_named(address, tmp_path):
    with pytest.raises(UnknownChoice, match=r"has several tables: Odd \"name\"\.x, dear, orders"):
        databases.copied(address, tmp_path)
    with pytest.raises(UnreadableFile, match="has no table called “orderz”"):
        databases.copied(address, tmp_path, table="orderz")


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(UnreadableFile, match="There is no file"):
        databases.copied(f"sqlite:///{tmp_path}/none.db", tmp_path)
    assert not (tmp_path / "none.db").exists()


def test_what_the_database_says_is_passed_on_without_passwords():
    url = sa.make_url("postgresql://me:p%40ss word@host/shop?sslpassword=hidden1")
    assert databases.shown(url) == "postgresql://me:***@host/shop"
    said = databases.without_secrets("no p@ss word, p%40ss%20word or hidden1", url)
    assert said == "no ***, *** or ***"


@pytest.mark.parametrize("address", ["postgresql+pg8000://me:sesame@localhost/shop", "nosuchbase://me:sesame@host/x"])
def test_without_a_driver_a_sentence_says_so(address, tmp_path):
    with pytest.raises(UnreadableFile, match="a driver is needed") as told:
        databases.copied(address, tmp_path, table="a")
    assert "sesame" not in str(told.value)


def test_too_many_rows_are_refused_as_in_files(address, tmp_path, monkeypatch):
    monkeypatch.setattr("core.data.formats.detect.MAX_ROWS", 2)
    with pytest.raises(UnreadableFile, match="3 rows; at most 2"):
        databases.copied(address, tmp_path, table="orders")


def test_the_values_of_drivers_become_cells():
    values = [
        True,
        1 << 70,
        Decimal("1E+3"),
        datetime(2020, 1, 31, 8, 30),
        date(2020, 1, 31),
        [1, "a"],
        memoryview(b"x"),
    ]
    assert [databases.stored(value) for value in values] == [
        "true", str(1 << 70), "1000", "2020-01-31 08:30:00", "2020-01-31", '[1, "a"]', b"x",
    ]  # fmt: skip
