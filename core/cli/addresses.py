"""Files that are not on this machine: a database's table or an address of the web, fetched before a command runs.

A command sees a path, whatever was typed. A password that an address holds is in nothing that is shown or kept.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core import catalog
from core.cli.terminal import Terminal
from core.data.remote.download import download
from core.files import upload_bytes
from core.messages import UnknownChoice, UnreadableFile, _, _n, say

ADDRESS = re.compile(r"(?P<kind>[a-z][a-z0-9+.-]*)://.*", re.IGNORECASE | re.DOTALL)
SECRET = re.compile(r"(?<=://)[^/@\s]*:\S*(?=@)")  # “user:password” of an address
WEB = {"http", "https"}


@dataclass(frozen=True)
class Address:
    """Where a table lies that is no file; its text holds what nobody else should read."""

    text: str = field(repr=False)
    web: bool


def file_or_address(text: str) -> Path | Address:
    """What FILE means: a path, or with ``://`` in it an address."""
    found = ADDRESS.fullmatch(text)
    return Address(text, found["kind"].lower() in WEB) if found else Path(text)


def without_secrets(text: str) -> str:
    """A sentence about what was typed, without the passwords of addresses.

    Examples
    --------
    >>> without_secrets("unrecognized arguments: postgresql://me:secret@host/shop")
    'unrecognized arguments: postgresql://***@host/shop'
    """
    return SECRET.sub("***", text)


@contextmanager
def fetched(options: argparse.Namespace, terminal: Terminal) -> Iterator[None]:
    """Put files in the place of addresses among the options; they are gone afterwards.

    Raises
    ------
    UnknownChoice, UnreadableFile
    """
    asked = {name: value for name, value in vars(options).items() if _addresses(value)}
    _check(options, asked)
    if not asked or getattr(options, "dump_plan", False):
        yield
        return
    with ExitStack() as places:
        for name, value in asked.items():
            query = getattr(options, "query", None) if name in FILES else None
            table = options.join_sheet or None if name == "join" else getattr(options, "sheet", None)
            paths = [
                _fetched(one, Path(places.enter_context(_place())), table, query, terminal)
                if isinstance(one, Address)
                else one
                for one in (value if isinstance(value, list) else [value])
            ]
            setattr(options, name, paths if isinstance(value, list) else paths[0])
        yield


FILES = ("files", "file")  # the arguments that a query is for


def _addresses(value: Any) -> list[Address]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, Address)]


def _check(options: argparse.Namespace, asked: dict[str, Any]) -> None:
    """That what is said of a database is said of one."""
    databases = [one for name in FILES for one in _addresses(asked.get(name)) if not one.web]
    query, table = getattr(options, "query", None), getattr(options, "sheet", None)
    if query is not None and not databases:
        raise UnknownChoice(_("“--query” is for the address of a database, such as sqlite:////folder/shop.db."))
    if query is not None and table is not None:
        raise UnknownChoice(_("“--table” and “--query” both say what to read: give one of them."))
    if table is not None and not databases and not hasattr(options, "header"):
        raise UnknownChoice(_("“--table” is for the address of a database, such as sqlite:////folder/shop.db."))


def _place() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="amalgam-")


def _fetched(address: Address, folder: Path, table: str | None, query: str | None, terminal: Terminal) -> Path:
    if address.web:
        stage = say(_("Fetching the file"))
        return download(address.text, folder, upload_bytes(), lambda share: terminal.progress(stage, share, None))

    def rows(n_rows: int) -> None:
        terminal.progress(say(_n("{n:,} row has come", "{n:,} rows have come"), n=n_rows), None, None)

    try:
        copied = catalog.load("core.data.remote.databases:copied")
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "sqlalchemy":
            raise
        raise UnreadableFile(
            _("To read a database, SQLAlchemy is needed, which is not installed here."),
            _("Install it: pip install -r requirements-database.txt, or the package as amalgam[database]."),
        ) from None
    path: Path = copied(address.text, folder, table, query, rows)
    return path
