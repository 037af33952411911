"""JSON, JSON lines and Parquet: records with named values, flat ones only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.data import encoding as encodings
from core.data import tagged
from core.data.schema import ReadOptions, RejectedLine
from core.data.sink import ROWS_PER_GROUP, Sink, tidy_names
from core.data.values.convert import MOMENT
from core.messages import Message, UnreadableFile, _, _n, clip, say

KEPT_LINES = 100


def read_json(path: Path, options: ReadOptions, into: Path) -> tuple[Sink, list[Message], str]:
    """Read a list of records, or an object of columns, into a typed Parquet file."""
    encoding = encodings.checked(path, options.encoding) if options.encoding else encodings.find(path)
    try:
        with path.open(encoding=encoding) as file:
            whole = json.load(file)
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            _("“{file}” is not valid JSON: line {line}, character {column}."),
            _("Check that place, or export the file again."),
            file=path.name,
            line=error.lineno,
            column=error.colno,
        ) from None
    except RecursionError:
        raise _nested(path, say(_("the file")), 1) from None
    records = _records(whole, path)
    return *_write(records, path, options, into), encoding


def read_jsonl(
    path: Path, options: ReadOptions, into: Path
) -> tuple[Sink, list[Message], str, list[RejectedLine], int]:
    """Read one record per line into a typed Parquet file; lines that are not records are set aside."""
    encoding = encodings.checked(path, options.encoding) if options.encoding else encodings.find(path)
    rejected: list[RejectedLine] = []
    n_rejected = 0
    records: list[dict[str, Any]] = []
    with path.open(encoding=encoding) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except (json.JSONDecodeError, RecursionError):
                record = None
            if isinstance(record, dict):
                records.append(tagged.flattened(record, number, path))
                continue
            n_rejected += 1
            if len(rejected) < KEPT_LINES:
                reason = say(_("It is not a JSON object."))
                rejected.append(RejectedLine(line=number, reason=reason, start=clip(line)))
    if n_rejected and (not options.skip_bad_lines or n_rejected > len(records)):
        raise UnreadableFile(
            _n(
                "{n} line of “{file}” is not a JSON object: line {line}, “{start}”.",
                "{n} lines of “{file}” are not JSON objects. The first is line {line}: “{start}”.",
            ),
            _("In JSON lines, every line is one object in braces."),
            n=n_rejected,
            file=path.name,
            line=rejected[0].line,
            start=rejected[0].start,
        )
    sink, notes = _write(records, path, options, into)
    return sink, notes, encoding, rejected, n_rejected


def read_parquet(
    path: Path, into: Path, progress: Callable[[float], None] = lambda share: None
) -> tuple[int, list[str], list[Message]]:
    """Copy a Parquet file batch by batch, with the types the rest of Amalgam knows.  →  rows, names, notes"""
    try:
        file = pq.ParquetFile(path)
        source = file.schema_arrow
        names, notes = tidy_names(source.names)
        kinds = [_flat_type(field, path) for field in source]
        schema = pa.schema(list(zip(names, kinds, strict=True)))
        if file.metadata.num_rows == 0 or not names:
            raise UnreadableFile(_("“{file}” has no rows."), _("Choose another file."), file=path.name)
        done = 0
        with pq.ParquetWriter(into, schema, compression="zstd") as writer:
            for batch in file.iter_batches(batch_size=ROWS_PER_GROUP):
                arrays = [_flat(array, kind) for array, kind in zip(batch.columns, kinds, strict=True)]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
                done += batch.num_rows
                progress(done / file.metadata.num_rows)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableFile(
            _("“{file}” could not be read as Parquet: it is damaged or cut off."),
            _("Write the file again and upload that."),
            file=path.name,
        ) from error
    return done, names, notes


def _records(whole: Any, path: Path) -> list[dict[str, Any]]:
    if isinstance(whole, dict):
        whole = _by_columns(whole, path)
    if not isinstance(whole, list) or not all(isinstance(record, dict) for record in whole):
        raise UnreadableFile(
            _("“{file}” is JSON, but not a table."),
            _("Upload a list of objects, one per row, or an object with a list per column."),
            file=path.name,
        )
    return whole


def _by_columns(whole: dict[str, Any], path: Path) -> Any:
    """An object of columns (lists, or objects by row label) as records; a single list inside is taken as the rows."""
    values = list(whole.values())
    if values and all(isinstance(value, dict) for value in values):
        whole = {name: list(column.values()) for name, column in whole.items()}
        values = list(whole.values())
    if values and all(isinstance(value, list) for value in values):
        if len(values) == 1 and all(isinstance(item, dict) for item in values[0]):
            return values[0]
        if len({len(value) for value in values}) != 1:
            raise UnreadableFile(
                _("The columns in “{file}” have different lengths."),
                _("Every column needs one value per row."),
                file=path.name,
            )
        return [dict(zip(whole, row, strict=True)) for row in zip(*values, strict=True)]
    lists = [value for value in values if isinstance(value, list) and value and isinstance(value[0], dict)]
    if len(lists) == 1:
        return lists[0]
    return [whole] if values and not any(isinstance(value, (list, dict)) for value in values) else None


def _write(records: list[dict[str, Any]], path: Path, options: ReadOptions, into: Path) -> tuple[Sink, list[Message]]:
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(record))
    if not records or not names:
        raise UnreadableFile(_("“{file}” has no rows."), _("Choose another file."), file=path.name)
    with Sink(list(names), into, options, typed=True) as sink:
        sink.add_rows(_texts(records, list(names), path))
        notes = sink.finish()
    return sink, notes


def _texts(records: list[dict[str, Any]], names: list[str], path: Path) -> Iterator[list[str | None]]:
    for number, record in enumerate(records, start=1):
        yield [_text(record.get(name), name, number, path) for name in names]


def _text(value: Any, name: str, number: int, path: Path) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        raise _nested(path, name, number)
    return str(value).encode("utf-8", "replace").decode()


def _nested(path: Path, name: Any, number: int) -> UnreadableFile:
    return UnreadableFile(
        _("In “{file}”, “{name}” of record {number} holds a list or an object; only plain values can be columns."),
        _("Flatten it before uploading, for example one column per inner value."),
        file=path.name,
        name=name,
        number=number,
    )


def _flat_type(field: pa.Field, path: Path) -> pa.DataType:
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_integer(kind):
        return pa.float64() if kind == pa.uint64() else pa.int64()
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pa.float64()
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return MOMENT
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise UnreadableFile(
            _("Column “{name}” of “{file}” holds {kind} values; only plain values can be columns."),
            _("Drop or flatten that column and write the file again."),
            name=field.name,
            file=path.name,
            kind=str(kind),
        )
    return pa.string()


def _flat(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), kind)
    if pa.types.is_timestamp(array.type) and array.type.tz:
        array = pc.cast(array, pa.timestamp(array.type.unit, "UTC")).cast(pa.timestamp(array.type.unit))
    flat = pc.cast(array, kind, safe=False)
    if pa.types.is_floating(kind):
        flat = pc.if_else(pc.is_finite(flat), flat, pa.scalar(None, kind))
    return flat
