"""Pseudonyms in the place of personal data: the same for the same value, in training and in every new row.

A pseudonym is a keyed hash, so that nothing has to be kept of the values themselves. The key follows from what was
found in the table: whoever reads the same file has the same pseudonyms, whoever does not can't make them from a guess.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable

import pandas as pd
import polars as pl
import pyarrow as pa

from core.data.personal.patterns import MAYBE, find
from core.data.schema import Column, Personal

WORDS = {
    "email": "e-mail", "phone": "phone", "card": "card", "iban": "account", "id": "id", "ip": "address", "name": "name",
}  # fmt: skip
LETTERS = 6  # of a pseudonym, 5 bits each: two of 10,000 values share one with a chance of 5 %
_MADE = re.compile(rf"<(?:{'|'.join(WORDS.values())}) [a-z2-7]{{{LETTERS}}}>")
_SEPARATORS = re.compile(r"[ ()./-]")


def pseudonym(kind: str, value: str, key: str) -> str:
    """What stands for a value; spaces, marks between digits and capitals make no difference.

    Examples
    --------
    >>> pseudonym("email", "Ann@web.de", "k") == pseudonym("email", "ann@web.de", "k")
    True
    """
    plain = value.strip().casefold()
    plain = plain if kind in {"email", "name", "ip"} else _SEPARATORS.sub("", plain)
    made = hmac.new(key.encode(), f"{kind}\0{plain}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return f"<{WORDS[kind]} {base64.b32encode(made)[:LETTERS].decode().lower()}>"


def mask_text(text: str, key: str) -> str:
    """A text with a pseudonym in the place of each piece of personal data.

    Examples
    --------
    >>> mask_text("Write to ann@web.de today", "k")
    'Write to <e-mail ssapej> today'
    """
    while found := find(text):  # what stood behind a number may be one itself, once that is gone
        parts, last = [], 0
        for one in found:
            parts += [text[last : one.start], pseudonym(one.kind, text[one.start : one.end], key)]
            last = one.end
        text = "".join([*parts, text[last:]])
    return text


def masked(frame: pd.DataFrame, columns: Iterable[Column]) -> pd.DataFrame:
    """The same table with what is to be masked in it masked; a table in which nothing is comes back as it is."""
    changed = {
        column.name: _cells(frame[column.name], column.personal)
        for column in columns
        if column.masked and column.personal is not None and column.name in frame.columns
    }
    return frame.assign(**changed) if changed else frame


def masked_array(values: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    """The same of one column as pyarrow holds it."""
    if not column.masked or column.personal is None or not pa.types.is_string(values.type):
        return values
    return pa.chunked_array([pa.array(_cells(values.to_pandas(), column.personal), pa.string(), from_pandas=True)])


def mask_cells(cells: Iterable[str], personal: Personal) -> list[str]:
    """Some cells of a masked column, as they are in the masked table."""
    kind = max(personal.cells, key=personal.cells.__getitem__, default="name")
    return [_whole(kind, one, personal.key) if personal.alone else mask_text(one, personal.key) for one in cells]


def _cells(cells: pd.Series, personal: Personal) -> pd.Series:
    """A column's cells, masked: each different one is looked at once."""
    if pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_datetime64_any_dtype(cells):
        return cells
    filled = cells.dropna()
    different = pl.Series(filled.astype(str).unique().tolist(), dtype=pl.String)
    if personal.alone:
        kind = max(personal.cells, key=personal.cells.__getitem__)
        new = {value: _whole(kind, value, personal.key) for value in different}
    else:
        new = {value: mask_text(value, personal.key) for value in different.filter(different.str.contains(MAYBE))}
    if not new:
        return cells
    return cells.map(lambda value: new.get(str(value), value), na_action="ignore").astype(cells.dtype)


def _whole(kind: str, value: str, key: str) -> str:
    """A cell that is a name, or a number, as a whole; one that is masked already stays."""
    return value if _MADE.fullmatch(value) or not value.strip() else pseudonym(kind, value, key)
