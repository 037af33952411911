"""The scan for personal data: every cell of a table is looked at before any of it is embedded, each column decided on.

Columns that are e-mail addresses, names of people or numbers that stand for one person are left out unless they are
kept. Texts with some personal data in them take part, and are offered to be masked.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.data.personal.national_ids import are_ids
from core.data.personal.patterns import KINDS, MAYBE, find
from core.data.personal.people import are_names
from core.data.schema import Column, Finding, Personal, Schema
from core.messages import Message, _, _n, say

MOSTLY = 0.5  # of a column's cells must be nothing but personal data for it to be left out
OUT = ("email", "name", "phone", "card", "iban", "id")  # kinds that stand for one person
NAMED_ROWS = 2000  # of a column whose name speaks of names or of ID numbers
SMALLEST_PHONE = 1_000_000  # of whole numbers in a column that says it holds phone numbers
_BATCH = 1 << 14
_AT_ONCE = 64  # columns of a table of so few rows: each read goes through the file's whole footer
_CODE = r"^\s*[0-9A-Z]{9,19}\s*$"
_ANY_DIGIT = "[0-9]"
_NUMBER = re.compile(r"\+?\(?[0-9](?:[ ()./-]{0,3}[0-9]){6,14}")
_PHONE_NAME = re.compile(
    r"(^|[_\s.-])(tel|phone|telephone|mobile|cell|fax|handy|telefon|tel[eé]fono|t[eé]l[eé]phone|whatsapp)"
    r"([_\s.-]*(no|nr|num|number|nummer))?\.?$|电话|手机",
    re.IGNORECASE,
)


@dataclass
class _Seen:
    """What was found in a column."""

    n_filled: int = 0
    cells: Counter[str] = field(default_factory=Counter)  # kind → cells that hold it
    whole: Counter[str] = field(default_factory=Counter)  # kind → cells that are nothing else
    codes: Counter[str] = field(default_factory=Counter)  # kind → cells that are one code, and taken for it
    n_codes: int = 0  # cells that are one code of digits and capitals


def scan(table_path: Path) -> dict[str, Personal]:
    """Column → what is personal in it, of those where anything is; every cell of every column of strings is read."""
    file = pq.ParquetFile(table_path, pre_buffer=False)
    secret = hashlib.sha256()
    seen = {field.name: _look(field, batches, secret, plain) for field, batches, plain in _columns(file)}
    key = secret.hexdigest()[:32]
    return {name: personal for name, one in seen.items() if (personal := _personal(one, key)) is not None}


def known(schema: Schema) -> dict[str, Personal]:
    """The same as a schema has it, with what was decided."""
    return {column.name: column.personal for column in schema.columns if column.personal is not None}


def with_personal(schema: Schema, found: dict[str, Personal]) -> Schema:
    """The schema with what was found, and columns that are nothing else left out."""
    columns = [_left_out(column.model_copy(update={"personal": found.get(column.name)})) for column in schema.columns]
    return schema.model_copy(update={"columns": columns})


def findings(schema: Schema) -> list[Finding]:
    """What the report says of columns that take part, or would, and hold personal data."""
    return [
        Finding(
            code="personal",
            column=column.name,
            severity="note" if column.personal.choice or column.role in {"id", "ignored"} else "warning",
            message=sentence(column.name, column.personal),
            action=_action(column),
        )
        for column in schema.columns
        if column.personal is not None and column.personal.cells and column.role != "target"
    ]


def sentence(name: str, personal: Personal) -> Message:
    """“notes” holds e-mail addresses (42 cells), phone numbers (3 cells)."""
    cells = _n("{kind} ({n:,} cell)", "{kind} ({n:,} cells)")
    kinds = [say(cells, kind=say(KINDS[kind]), n=n) for kind, n in personal.cells.items()]
    return say(_("“{column}” holds {kinds}."), column=name, kinds=kinds)


def _action(column: Column) -> Message:
    if column.role in {"id", "ignored"}:
        return say(_("It is left out."))
    if column.masked and column.personal is not None and not column.personal.alone:
        return say(
            _("Pseudonyms stand for them, in new rows, too. Names without a title, greeting or signature may remain.")
        )
    if column.masked:
        return say(_("Pseudonyms stand for them, in new rows, too."))
    return say(_("Mask them on the Data page or with --mask, or leave the column out."))


def _columns(file: pq.ParquetFile) -> Iterator[tuple[pa.Field, Iterable[pa.Array], bool]]:
    """Each column with its cells in batches, and whether it is known that no pattern finds anything in them.

    Those of a short table are read, and looked at, many at once.
    """
    fields = list(file.schema_arrow)  # made anew by each call
    at_once = _AT_ONCE if file.metadata.num_rows <= _BATCH else 1
    for start in range(0, len(fields), at_once):
        some = fields[start : start + at_once]
        if at_once == 1:
            yield some[0], _batches(file, some[0].name), False
            continue
        table = file.read(columns=[field.name for field in some])
        found = _plain({field.name: table[field.name].drop_null() for field in some if _is_string(field.type)})
        yield from ((field, table[field.name].chunks, field.name in found) for field in some)


def _batches(file: pq.ParquetFile, name: str) -> Iterator[pa.Array]:
    for batch in file.iter_batches(batch_size=_BATCH, columns=[name]):
        yield batch.column(0)


def _is_string(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _plain(columns: dict[str, pa.ChunkedArray]) -> set[str]:
    """Columns in which no pattern finds anything, by one look at the cells of all."""
    if not columns:
        return set()
    ends = np.cumsum([len(column) for column in columns.values()])
    cells = pa.chunked_array([chunk.cast(pa.large_string()) for one in columns.values() for chunk in one.chunks])
    texts = pl.Series(pl.from_arrow(cells))
    found = (texts.str.contains(_CODE) | texts.str.contains(MAYBE)).to_numpy()
    starts = [0, *ends[:-1]]
    return {name for name, start, end in zip(columns, starts, ends, strict=True) if not found[start:end].any()}


def _look(field: pa.Field, batches: Iterable[pa.Array], secret: hashlib._Hash, plain: bool) -> _Seen:
    """Every cell of a column of strings; of whole numbers, whether they are phone numbers.

    plain : whether it is known that no pattern finds anything; a column whose name speaks of phones is looked at anyway
    """
    name, kind, seen = field.name, field.type, _Seen()
    named = bool(_PHONE_NAME.search(name))
    if pa.types.is_integer(kind) and named:
        _numbers(pa.chunked_array(list(batches), kind), seen)
    if not _is_string(kind):
        return seen
    first: list[str] = []
    for batch in batches:
        cells = batch.drop_null()
        seen.n_filled += len(cells)
        first += cells.slice(0, NAMED_ROWS - len(first)).to_pylist() if len(first) < NAMED_ROWS else []
        if plain and not named:
            continue
        texts = pl.Series(pl.from_arrow(cells))
        seen.n_codes += 0 if named else int(texts.str.contains(_CODE).sum())
        for text, n in _counted(texts, _ANY_DIGIT if named else MAYBE):
            _count(seen, text, n, secret, named=named)
    some = pd.Series(first, dtype=object)
    if whose := "name" if are_names(name, some) else "id" if are_ids(name, some) else "":
        seen.cells[whose] = seen.whole[whose] = seen.n_filled
        secret.update("\0".join(first).encode("utf-8", "surrogatepass"))
    _forget_codes(seen)
    return seen


def _counted(texts: pl.Series, pattern: str) -> Iterator[tuple[str, int]]:
    """Different cells in which a pattern is found, and how often each is there."""
    counts = texts.filter(texts.str.contains(pattern)).value_counts(sort=False, name="n")
    yield from sorted(counts.iter_rows())


def _count(seen: _Seen, text: str, n: int, secret: hashlib._Hash, *, named: bool) -> None:
    """Add one cell that is there n times; named: the column says that it holds phone numbers."""
    plain = text.strip()
    found = find(text)
    kinds = {one.kind for one in found}
    whole = found[0].kind if len(found) == 1 and found[0].end - found[0].start >= len(plain) else ""
    if not kinds and named and _NUMBER.fullmatch(plain):
        kinds, whole = {"phone"}, "phone"
    for kind in kinds:
        seen.cells[kind] += n
    if whole:
        seen.whole[whole] += n
    if whole and re.match(_CODE, text):
        seen.codes[whole] += n
    for one in found:
        secret.update(text[one.start : one.end].encode("utf-8", "surrogatepass"))


def _forget_codes(seen: _Seen) -> None:
    """Order numbers, of which some pass for a card or a phone number by chance, are none of them."""
    for kind, n in seen.codes.items():
        if seen.n_codes and n < MOSTLY * seen.n_codes:
            seen.cells[kind] -= n
            seen.whole[kind] -= n


def _numbers(column: pa.ChunkedArray, seen: _Seen) -> None:
    values = column.drop_null()
    long = int(pc.sum(pc.greater_equal(values, SMALLEST_PHONE)).as_py() or 0)
    if long and long >= MOSTLY * len(values):
        seen.n_filled, seen.cells["phone"], seen.whole["phone"] = len(values), long, long


def _personal(seen: _Seen, key: str) -> Personal | None:
    cells = {kind: seen.cells[kind] for kind in KINDS if seen.cells[kind] > 0}
    whole = sum(seen.whole[kind] for kind in OUT)
    return Personal(cells=cells, alone=whole >= MOSTLY * seen.n_filled, key=key) if cells else None


def _left_out(column: Column) -> Column:
    """A column that is nothing but personal data does not take part, unless it is the target or out anyway."""
    out = column.role in {"id", "ignored"} and column.code != "id"
    if column.personal is None or not column.personal.alone or column.role == "target" or out:
        return column
    kept_as = column.role if column.role not in {"id", "ignored"} else column.kept_as
    kinds = [say(KINDS[kind]) for kind in column.personal.cells]
    reason = say(_("Its values are personal: {kinds}."), kinds=kinds)
    change = {"role": "ignored", "guessed": "ignored", "kept_as": kept_as, "code": "personal", "reason": reason}
    return column.model_copy(update=change)
