"""Where rows of strings go while a file is read: to disk, then, once each column's layout is known, to Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from core.data.schema import Layout, ReadOptions
from core.data.table_area.repeated import Repeated
from core.data.values.convert import WORDS, columns_of, contradicting, convert, plain
from core.data.values.recognise import recognise_each, settle
from core.data.values.shown.notes import KINDS, notes_of_table
from core.data.values.spellings import fold, spellings
from core.data.values.stored import with_layouts
from core.data.values.strings import keep_strings
from core.messages import Message, UnreadableFile, _, clip, say

ROWS_PER_GROUP = 1 << 16
MAX_COLUMNS = 5000


class Sink:
    """Takes blocks of strings, one at a time, and ends as a typed Parquet file.

    Parameters
    ----------
    names : list of str
        Column names as the file has them; blank ones are filled in and repeated ones numbered.
    path : Path
        The Parquet file to write. Strings wait beside it until `finish`.
    options : ReadOptions
        What a person, or the model that will read the table, says of the columns.
    delimiter : str
        Of the file, if it has one.
    typed : bool
        Numbers came as such (from a spreadsheet, from JSON), so that a point in them is the decimal mark.

    Attributes
    ----------
    layouts : dict
        Column of the file → how its cells are written; after `finish`.
    """

    def __init__(
        self,
        names: list[str],
        path: Path,
        options: ReadOptions | None = None,
        *,
        delimiter: str = "",
        typed: bool = False,
    ) -> None:
        self.typed = typed
        self.names, self.notes = tidy_names(names)
        self._repeated = Repeated(names)
        self.path, self.options, self.delimiter = path, options or ReadOptions(), delimiter
        self.layouts: dict[str, Layout] = {}
        self.n_rows = 0
        self._schema = pa.schema([(name, pa.string()) for name in self.names])
        self._waiting = path.with_name(path.name + ".strings")
        self._file = pa.OSFile(str(self._waiting), "wb")
        self._writer = pa.ipc.new_stream(self._file, self._schema)

    def __enter__(self) -> Sink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        self._waiting.unlink(missing_ok=True)

    def add(self, columns: list[pa.Array]) -> None:
        """Take one block: one array of strings per column. Rows that repeat the header are left out."""
        batch = self._repeated.without(pa.RecordBatch.from_arrays(columns, schema=self._schema))
        self._writer.write_batch(batch)
        self.n_rows += batch.num_rows

    def add_rows(self, rows: Iterable[Sequence[str | None]], every: int = 1 << 14) -> None:
        """Take rows of Python strings."""
        for block in _blocks(rows, every):
            self.add([pa.array(column, pa.string()) for column in zip(*block, strict=True)])

    def finish(self, progress: Callable[[float], None] = lambda share: None) -> list[Message]:
        """Decide what the columns are and write the Parquet file.  →  notes on how values were understood

        Raises
        ------
        UnreadableFile
            A cell contradicts the layout that its column must have.
        """
        self._close()
        with pa.memory_map(str(self._waiting)) as file:
            strings = pa.ipc.open_stream(file).read_all()
            self.layouts = _layouts(strings, self.options, self.delimiter, self.typed)
            progress(0.4)
            if self.options.keep_strings:
                keep_strings(strings, self.layouts, self.path)
            self._write(strings, progress)
            del strings
        self._waiting.unlink()
        self.notes += self._repeated.notes()
        return self.notes + notes_of_table(self.layouts)

    def _write(self, strings: pa.Table, progress: Callable[[float], None]) -> None:
        """Numbers and dates are made of whole columns, so that they have one type; words block by block."""
        made: dict[str, list[pa.ChunkedArray | None]] = {}
        fields: list[pa.Field] = []
        for name, layout in self.layouts.items():
            made[name] = [pa.chunked_array([one]) for one in self._made(strings[name], name)] or [None]
            kinds = [pa.string() if one is None else one.type for one in made[name]]
            fields += [pa.field(new, kind) for (new, _old), kind in zip(columns_of(name, layout), kinds, strict=True)]
        self.names = [field.name for field in fields]
        schema = with_layouts(pa.schema(fields), self.layouts)
        with pq.ParquetWriter(self.path, schema, compression="zstd") as writer:
            for start in range(0, self.n_rows, ROWS_PER_GROUP):
                block = strings.slice(start, ROWS_PER_GROUP)
                arrays = [
                    one.slice(start, ROWS_PER_GROUP) if one is not None else convert(block[name], self.layouts[name])[0]
                    for name, columns in made.items()
                    for one in columns
                ]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=ROWS_PER_GROUP)
                progress(0.4 + 0.6 * (start + block.num_rows) / max(self.n_rows, 1))

    def _made(self, column: pa.ChunkedArray, name: str) -> list[pa.Array]:
        """A column that is no words, as what it is."""
        layout, bound = self.layouts[name], name in _bound(self.options)
        if layout.kind in WORDS:
            return []
        if self.typed and layout.kind == "number" and (numbers := plain(column.combine_chunks())) is not None:
            return [numbers]
        made = convert(column, layout)
        if bound and (place := contradicting(column, made[0], layout)) is not None:
            raise UnreadableFile(
                _("Column “{column}” holds {kind}, but row {row} says “{value}”."),
                _("Correct the value, or leave the cell empty."),
                column=name,
                kind=say(KINDS[layout.kind]),
                row=place + 1,
                value=clip(str(column[place].as_py())),
            )
        return made

    def _close(self) -> None:
        if not self._file.closed:
            self._writer.close()
            self._file.close()


def _layouts(strings: pa.Table, options: ReadOptions, delimiter: str, typed: bool) -> dict[str, Layout]:
    """The layout of each column: the model's, where it has one; else what the column shows, or a person says."""
    bound, names = _bound(options), strings.column_names
    found = recognise_each({name: strings[name] for name in names if name not in bound}, options.kinds, options.layouts)
    if typed:
        found = {name: replace(one, others=[]) if one.layout.kind == "number" else one for name, one in found.items()}
    settled = settle(found, delimiter)
    chosen = {name: bound.get(name) or settled[name] for name in names}
    return {
        name: _one_spelling(strings[name], one) if name in options.one_spelling else one for name, one in chosen.items()
    }


def _one_spelling(column: pa.ChunkedArray, layout: Layout) -> Layout:
    """The layout of words that are given one spelling; a scale has each of its levels once."""
    if layout.kind not in WORDS or not (known := spellings(column)):
        return layout
    known |= {name: known.get(fold(level), level) for name, level in layout.spellings.items()}  # 2xl → XXL → xxl
    levels = list(dict.fromkeys(known.get(fold(level), level) for level in layout.levels))
    missing = [word for word in layout.missing if known.get(fold(word)) not in levels]
    return layout.model_copy(update={"spellings": known, "levels": levels, "missing": missing})


def _bound(options: ReadOptions) -> dict[str, Layout]:
    """The layouts whose cells must not contradict them: a model's, but for what a person says otherwise."""
    return {name: one for name, one in options.layouts.items() if options.refuse and name not in options.kinds}


def tidy_names(names: list[str]) -> tuple[list[str], list[Message]]:
    """Names that are all there and all different, and notes on those that had to be changed.

    Raises
    ------
    UnreadableFile
        There are far too many.
    """
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(
            _("The table has {n} columns; at most {most} can be read."),
            _("Remove columns you don't need, or turn the table if rows and columns are swapped."),
            n=len(names),
            most=MAX_COLUMNS,
        )
    tidy: list[str] = []
    used: set[str] = set()
    renamed: list[str] = []
    for place, raw in enumerate(names, start=1):
        base = name = " ".join(raw.replace("\0", "").split()) or "column_" + str(place)
        number = 2
        while name in used:
            name = base + "_" + str(number)
            number += 1
        if name != base:
            renamed.append(name)
        used.add(name)
        tidy.append(name)
    notes = []
    if renamed:
        notes.append(say(_("Some columns had the same name; they are now called {names}."), names=renamed[:10]))
    return tidy, notes


def _blocks(rows: Iterable[Sequence[str | None]], every: int) -> Iterator[list[Sequence[str | None]]]:
    block: list[Sequence[str | None]] = []
    for row in rows:
        block.append(row)
        if len(block) >= every:
            yield block
            block = []
    if block:
        yield block
