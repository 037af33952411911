"""Several spellings of one value: “High”, “high” and “HIGH ” are one class to a person."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from core.data.values.counted import tidied

MOST_VALUES = 200


def spellings(column: pa.Array | pa.ChunkedArray) -> dict[str, str]:
    """Folded value → its most frequent spelling; nothing where no value is written in two ways.

    Examples
    --------
    >>> spellings(pa.array(["High", "high", "HIGH ", "low", "high"]))
    {'high': 'high', 'low': 'low'}
    """
    counts = pc.value_counts(column.drop_null())
    if len(counts) > MOST_VALUES:
        return {}
    pairs = zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True)
    found: dict[str, str] = {}
    for value, _count in sorted(pairs, key=lambda pair: (-pair[1], pair[0])):
        found.setdefault(fold(value), value.strip())
    return dict(sorted(found.items())) if len(found) < len(counts) else {}


def fold(value: str) -> str:
    """A value without what makes spellings differ: case, blanks, full-width signs, the dots of a Turkish i.

    Examples
    --------
    >>> fold(" Very  HIGH "), fold("İstanbul"), fold("Iğdır") == fold("IĞDIR")
    ('very high', 'istanbul', True)
    """
    return _cased(value).replace("i\u0307", "i").replace("ı", "i")


def _cased(value: str) -> str:
    """The same with the dots, by which models of an older version know their spellings."""
    return " ".join(str(tidied(pa.array([value]))[0].as_py()).casefold().split())


def with_one_spelling(column: pa.Array, known: dict[str, str]) -> pa.Array:
    """Values by their one spelling; those never met stay as they are.

    Examples
    --------
    >>> with_one_spelling(pa.array(["HIGH ", None, "new"]), {"high": "high"}).to_pylist()
    ['high', None, 'new']
    """
    encoded = column.dictionary_encode()
    values = [known.get(_cased(value), known.get(fold(value), value)) for value in encoded.dictionary.to_pylist()]
    return pa.array(values, pa.string()).take(encoded.indices)
