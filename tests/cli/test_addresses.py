"""A database's table or an address of the web in the place of FILE, on the command line."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing

import pytest

from core.__main__ import main
from core.cli.addresses import Address, file_or_address, without_secrets
from core.workspace import COMMAND_LINE
from tests.data.remote.conftest import address, server  # noqa: F401 - fixtures

QUICK = ["--target", "city", "--candidates", "dummy", "--holdout", "0.3"]


@pytest.fixture
def shop(tmp_path):
    """The address of a database with orders, and cities by which to join them."""
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as base:
        base.executescript("CREATE TABLE orders (price REAL, city TEXT); CREATE TABLE cities (city TEXT, size INT);")
        base.executemany("INSERT INTO orders VALUES (?, ?)", [(n % 7, ["Rome", "Oslo"][n % 2]) for n in range(60)])
        base.executemany("INSERT INTO cities VALUES (?, ?)", [("Rome", 3), ("Oslo", 1)])
        base.commit()
    return f"sqlite:///{path}"


def inspected(capfd, *arguments):
    assert main(["inspect", *arguments, "--json", "--quiet"]) == 0
    return json.loads(capfd.readouterr().out)


def refused(capfd, *arguments) -> str:
    assert main([*arguments, "--quiet"]) == 2
    return capfd.readouterr().err


def test_a_table_or_a_query_of_a_database_is_inspected(shop, capfd):
    told = inspected(capfd, shop, "--table", "orders", "--target", "city")
    assert (told["files"], told["sheet"], told["n_rows"]) == (["orders.sqlite"], "orders", 60)
    told = inspected(capfd, shop, "--query", "select city, max(price) as dearest from orders group by city")
    assert [column["name"] for column in told["columns"]] == ["city", "dearest"]


def test_a_second_table_of_a_database_is_joined(shop, capfd):
    told = inspected(capfd, shop, "--table", "orders", "--join", shop, "--join-sheet", "cities", "--on", "city")
    assert [column["name"] for column in told["columns"]] == ["price", "city", "size"]


def test_a_database_is_compared_and_its_table_listed(shop, capfd, workspace):
    assert main(["compare", shop, "--query", "select * from orders", *QUICK, "--json", "--register"]) == 0
    assert json.loads(capfd.readouterr().out)["n_rows"] == 60
    (row,) = workspace.datasets(COMMAND_LINE)
    assert row.name == "query.sqlite"


def test_a_model_is_fitted_on_a_database_and_scores_another_table(shop, tmp_path, capfd):
    made = [
        "fit",
        shop,
        "--table",
        "orders",
        "--target",
        "city",
        "--candidate",
        "columns",
        "--out",
        str(tmp_path / "m"),
    ]
    assert main([*made, "--quiet"]) == 0
    assert main(["predict", str(tmp_path / "m"), shop, "--query", "select price from orders limit 5", "--quiet"]) == 0
    assert capfd.readouterr().out.count("\n") >= 6


def test_what_does_not_fit_together_is_said(shop, capfd, tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    file = str(tmp_path / "a.csv")
    assert "“--query” is for the address of a database" in refused(capfd, "inspect", file, "--query", "select 1")
    assert "give one of them" in refused(capfd, "inspect", shop, "--table", "orders", "--query", "select 1")
    assert "“--table” is for the address" in refused(capfd, "predict", "m", file, "--table", "orders")
    assert "several tables: cities, orders" in refused(capfd, "inspect", shop)


def test_no_password_is_printed(capfd):
    dear = "postgresql+pg8000://me:sesame@localhost/shop"
    assert "sesame" not in refused(capfd, "inspect", dear, "--verbose")
    with pytest.raises(SystemExit):
        main(["inspect", "--role", "a=b", "--none", dear])
    assert "sesame" not in capfd.readouterr().err
    assert "sesame" not in repr(file_or_address(dear))
    assert without_secrets("of mysql://me:p@ss:word@host/x and https://a.org/b@c") == (
        "of mysql://***@host/x and https://a.org/b@c"
    )


def test_without_sqlalchemy_a_sentence_says_how_to_get_it(shop, capfd, monkeypatch):
    monkeypatch.delitem(sys.modules, "core.data.remote.databases", raising=False)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    said = refused(capfd, "inspect", shop, "--table", "orders")
    assert said == (
        "To read a database, SQLAlchemy is needed, which is not installed here. Install it: pip install -r "
        "requirements-database.txt, or the package as amalgam[database].\n"
    )


def test_a_file_of_the_web_is_read_where_that_is_allowed(address, capfd, monkeypatch):  # noqa: F811
    told = inspected(capfd, f"{address}/table.csv", "--target", "city")
    assert (told["files"], told["n_rows"]) == (["table.csv"], 40)
    monkeypatch.delenv("AMALGAM_URLS")
    assert "set AMALGAM_URLS=1" in refused(capfd, "inspect", f"{address}/table.csv")


def test_a_path_stays_a_path():
    assert str(file_or_address("a folder/x:y.csv")) == "a folder/x:y.csv"
    assert file_or_address("HTTPS://a.org/x.csv") == Address("HTTPS://a.org/x.csv", web=True)
