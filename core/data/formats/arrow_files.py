"""Parquet and Arrow files (Feather): copied batch by batch, with the types the rest of Amalgam knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather as pa_feather
import pyarrow.parquet as pq

from core.data.delimited.typed_writer import ROWS_PER_GROUP, tidy_names
from core.data.formats import detect, nested
from core.data.values.convert import MOMENT
from core.messages import Message, UnreadableFile, _, _n, say

_BATCH_BYTES = 1 << 30  # of the words of one column in one batch: far more than a table has

_SHORT_ROW = 64  # bytes


class Copied(NamedTuple):
    """What came of reading such a file."""

    n_rows: int
    names: list[str]
    notes: list[Message]


@dataclass(frozen=True)
class _Leaf:
    """A plain column, or one inside of columns of objects."""

    name: str
    column: int
    steps: tuple[int, ...]  # of the fields that lead to it
    kind: pa.DataType  # in the file

    def of(self, batch: pa.RecordBatch) -> pa.Array:
        array = batch.column(self.column)
        return pc.struct_field(array, list(self.steps)) if self.steps else array


def read_parquet(path: Path, into: Path, progress: Callable[[float], None] = lambda share: None) -> Copied:
    """Copy a Parquet file; one that is far too large is refused by what it says of itself.

    Raises
    ------
    UnreadableFile
    """
    with _damage_told(path, "Parquet"):
        about = pq.read_metadata(path)
        unpacked_bytes = sum(about.row_group(place).total_byte_size for place in range(about.num_row_groups))
        detect.check_counts(path, about.num_rows, about.num_columns, unpacked_bytes)
        schema = about.schema.to_arrow_schema()
        file = pq.ParquetFile(path, read_dictionary=_words(schema, unpacked_bytes, about.num_rows))
        batches = file.iter_batches(batch_size=ROWS_PER_GROUP)
        return _copy(path, file.schema_arrow, batches, about.num_rows, into, progress)


def read_arrow(path: Path, into: Path, progress: Callable[[float], None] = lambda share: None) -> Copied:
    """Copy an Arrow file, a stream of Arrow, or a Feather file of either version.

    Raises
    ------
    UnreadableFile
    """
    with _damage_told(path, "Arrow"), pa.OSFile(str(path)) as file:
        head = file.read(6)
        file.seek(0)
        if head.startswith(b"FEA1"):
            table = pa_feather.read_table(path)
            return _copy(path, table.schema, iter(table.to_batches(ROWS_PER_GROUP)), table.num_rows, into, progress)
        if head == b"ARROW1":
            reader = pa.ipc.open_file(file)
            batches = (reader.get_batch(place) for place in range(reader.num_record_batches))
            return _copy(path, reader.schema, batches, 0, into, progress)
        stream = pa.ipc.open_stream(file)
        return _copy(path, stream.schema, iter(stream), 0, into, progress)


@contextmanager
def _damage_told(path: Path, kind: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, NotImplementedError, MemoryError) as error:
        raise UnreadableFile(
            _("“{file}” could not be read as {kind}: it is damaged or cut off."),
            _("Write the file again and upload that."),
            file=path.name,
            kind=kind,
        ) from error


def _copy(
    path: Path,
    source: pa.Schema,
    batches: Iterator[pa.RecordBatch],
    n_rows: int,
    into: Path,
    progress: Callable[[float], None],
) -> Copied:
    leaves = [leaf for place, field in enumerate(source) for leaf in _leaves(field, place)]
    binary = [leaf for leaf in leaves if _is_binary(_plain(leaf.kind))]
    leaves = [leaf for leaf in leaves if leaf not in binary]
    if binary and not leaves:
        raise UnreadableFile(
            _("Column “{name}” of “{file}” holds {kind} values; only plain values can be columns."),
            _("Drop or flatten that column and write the file again."),
            name=binary[0].name,
            file=path.name,
            kind=str(binary[0].kind),
        )
    names, notes = tidy_names([leaf.name for leaf in leaves])
    schema = pa.schema([(name, _target(leaf.kind)) for name, leaf in zip(names, leaves, strict=True)])
    done = 0
    with pq.ParquetWriter(into, schema, compression="zstd") as writer:
        for batch in batches:
            batch.validate(full=True)
            detect.check_counts(path, done + batch.num_rows, len(names))
            arrays = [
                _flat(path, leaf.of(batch), kind, n_rows) for leaf, kind in zip(leaves, schema.types, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=ROWS_PER_GROUP)
            done += batch.num_rows
            progress(min(done / max(n_rows, done, 1), 1.0))
    if done == 0 or not names:
        raise UnreadableFile(_("“{file}” has no rows."), _("Choose another file."), file=path.name)
    return Copied(done, names, notes + _notes(leaves, binary))


def _words(schema: pa.Schema, unpacked_bytes: int, n_rows: int) -> list[str]:
    """Columns of words to be read as a dictionary, where the file is short for its rows.

    There a word of a megabyte in each of a million rows is seen before it is written out. Long texts that differ are
    read twenty times as fast without one.
    """
    if unpacked_bytes > _SHORT_ROW * n_rows:
        return []
    return [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)]


def _leaves(field: pa.Field, column: int, name: str = "", steps: tuple[int, ...] = ()) -> Iterator[_Leaf]:
    name = f"{name}.{field.name}" if name else field.name
    kind = _plain(field.type)
    if pa.types.is_struct(kind) and kind.num_fields and len(steps) < nested.DEEPEST:
        for place in range(kind.num_fields):
            yield from _leaves(kind.field(place), column, name, (*steps, place))
    else:
        yield _Leaf(name, column, steps, field.type)


def _plain(kind: pa.DataType) -> pa.DataType:
    """Without what only says how the values are stored."""
    if isinstance(kind, pa.BaseExtensionType):
        return _plain(kind.storage_type)
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_binary(kind: pa.DataType) -> bool:
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)


def _is_counted(kind: pa.DataType) -> bool:
    """Lists of objects or lists, and maps: what is left of them is how many entries they have."""
    if pa.types.is_map(kind):
        return True
    return _is_list(kind) and (pa.types.is_nested(_plain(kind.value_type)) or _is_binary(_plain(kind.value_type)))


def _is_list(kind: pa.DataType) -> bool:
    return any(
        test(kind) for test in (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list,
                                pa.types.is_list_view, pa.types.is_large_list_view)
    )  # fmt: skip


def _target(kind: pa.DataType) -> pa.DataType:
    kind = _plain(kind)
    if pa.types.is_integer(kind) or _is_counted(kind):
        return pa.float64() if kind == pa.uint64() else pa.int64()
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pa.float64()
    return MOMENT if pa.types.is_date(kind) or pa.types.is_timestamp(kind) else pa.string()


def _flat(path: Path, array: pa.Array, kind: pa.DataType, n_rows: int) -> pa.Array:
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_dictionary(array.type):
        _check_words(path, array, n_rows)
        array = array.dictionary_decode()
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), kind)
    if _is_counted(array.type):
        return pa.array([None if entries is None else len(entries) for entries in array.to_pylist()], kind)
    if pa.types.is_nested(array.type):
        return pa.array([_joined(entries) for entries in array.to_pylist()], kind)
    if pa.types.is_timestamp(array.type) and array.type.tz:
        array = pc.cast(array, pa.timestamp(array.type.unit, "UTC")).cast(pa.timestamp(array.type.unit))
    flat = pc.cast(array, kind, safe=False)
    if pa.types.is_floating(kind):
        flat = pc.if_else(pc.is_finite(flat), flat, pa.scalar(None, kind))
    return flat


def _joined(entries: list[object] | None) -> str | None:
    return ", ".join(text for one in entries if (text := nested.scalar(one))) or None if entries else None


def _check_words(path: Path, array: pa.DictionaryArray, n_rows: int) -> None:
    if not (pa.types.is_string(array.dictionary.type) or pa.types.is_large_string(array.dictionary.type)):
        return
    n_bytes = pc.sum(pc.cast(pc.binary_length(array.dictionary), pa.int64()).take(array.indices)).as_py() or 0
    if n_bytes > _BATCH_BYTES:
        rows = max(n_rows, len(array))
        detect.check_counts(path, rows, 1, max(n_bytes * rows // len(array), detect.MAX_TABLE_BYTES + 1))


def _notes(leaves: list[_Leaf], binary: list[_Leaf]) -> list[Message]:
    notes = []
    if binary:
        notes.append(
            say(
                _n(
                    "{n} column holds binary data and was left out: {columns}.",
                    "{n} columns hold binary data and were left out: {columns}.",
                ),
                n=len(binary),
                columns=[leaf.name for leaf in binary][:12],
            )
        )
    counted = [leaf.name for leaf in leaves if _is_counted(_plain(leaf.kind))]
    return notes + nested.counted_note(counted)
