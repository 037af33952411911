"""Rows that say the header once more, as in files that were pasted together."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from core.messages import Message, _n, say

FEWEST_NAMES = 2  # a single word may be a value, too


class Repeated:
    """Finds such rows in blocks of strings, and counts them.

    Parameters
    ----------
    names : sequence of str
        Columns as the header of the file names them.

    Examples
    --------
    >>> repeated = Repeated(["name", "age"])
    >>> block = pa.record_batch({"name": ["Ada", "name"], "age": ["36", "age"]})
    >>> repeated.without(block).to_pylist(), repeated.n
    ([{'name': 'Ada', 'age': '36'}], 1)
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = [name.strip() for name in names]
        self.n = 0

    def rows(self, block: pa.RecordBatch) -> pa.Array | None:
        """bool array, shape (n_rows,), that is true for these rows; None where there is none."""
        if sum(map(bool, self.names)) < FEWEST_NAMES:
            return None
        found: pa.Array | None = None
        for name, column in zip(self.names, block.columns, strict=True):
            if not pa.types.is_string(column.type):
                return None
            same = pc.equal(pc.utf8_trim_whitespace(pc.fill_null(column, "")), name)
            found = same if found is None else pc.and_(found, same)
            if not pc.any(found).as_py():
                return None
        return found

    def without(self, block: pa.RecordBatch) -> pa.RecordBatch:
        """The other rows."""
        found = self.rows(block)
        if found is None:
            return block
        self.n += int(pc.sum(found).as_py())
        return block.filter(pc.invert(found))

    def notes(self) -> list[Message]:
        """How many rows were left out, if any."""
        text = _n("{n} row repeats the header and was left out.", "{n} rows repeat the header and were left out.")
        return [say(text, n=self.n)] if self.n else []
