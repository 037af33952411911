"""The header of a GGUF file, as far as it is asked for: the library lists every merge, which takes many seconds.

Source: the format's description, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Collection
from pathlib import Path
from typing import Any

NUMBERS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}  # struct's letters
STRING, ARRAY = 8, 9
MOST = 10_000_000  # entries of an array, and fields: a header that says more is broken


def read_fields(path: Path, wanted: Collection[str]) -> dict[str, Any]:
    """Numbers and texts of a header, and of its arrays those that are wanted.

    Raises
    ------
    ValueError, struct.error
        It is no GGUF, of another version, or cut off.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "empty.gguf")
    >>> _n_bytes = path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 0))
    >>> read_fields(path, ())
    {}
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content[:4] != b"GGUF":
            raise ValueError("no GGUF")
        version, _n_tensors, n_fields = struct.unpack_from("<IQQ", content, 4)
        if version not in {2, 3} or n_fields > MOST:
            raise ValueError(f"GGUF version {version}")
        found: dict[str, Any] = {}
        place = 24
        for _field in range(n_fields):
            name, place = _string(content, place)
            (kind,) = struct.unpack_from("<I", content, place)
            value, place = _value(content, place + 4, kind, keep=kind != ARRAY or name in wanted)
            if value is not None:
                found[name] = value
        return found


def _value(content: mmap.mmap, place: int, kind: int, *, keep: bool) -> tuple[Any, int]:
    """What stands at a place, None if it is not kept, and the place behind it."""
    if kind == STRING:
        return _string(content, place)
    if kind != ARRAY:
        letter = f"<{NUMBERS[kind]}"
        return struct.unpack_from(letter, content, place)[0], place + struct.calcsize(letter)
    inner, n = struct.unpack_from("<IQ", content, place)
    place += 12
    if n > MOST or inner == ARRAY:
        raise ValueError(f"an array of {n}")
    if inner != STRING:
        letters = f"<{n}{NUMBERS[inner]}"
        return (struct.unpack_from(letters, content, place) if keep else None), place + struct.calcsize(letters)
    words = []
    for _word in range(n):
        word, place = _string(content, place)
        words.append(word)
    return (words if keep else None), place


def _string(content: mmap.mmap, place: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<Q", content, place)
    end = place + 8 + length
    if end > len(content):
        raise ValueError("cut off")
    return content[place + 8 : end].decode("utf-8", "replace"), end
