"""Where a large delimited file may be cut, so that its parts can be parsed side by side: between rows only."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedIOBase

import numpy as np

LONGEST_ROW = 16 << 20
_MARK = b"\xef\xbb\xbf"  # where a part begins with one, the parser would take it for the file's


class Uncut(Exception):
    """The file can't be cut, or may have been cut inside a quoted value: it must be parsed from end to end."""


def parts(file: BufferedIOBase, quote: str, part_bytes: int) -> Iterator[memoryview]:
    """The bytes of a file in UTF-8, in parts that end where rows do.

    A line ends a row if an even number of quotes stands before it. That may be wrong where quotes are also ordinary
    characters, so the last row of each part but the last must be looked at with `ends_inside_quotes`.

    Raises
    ------
    Uncut
        A row is far too long.

    Examples
    --------
    >>> from io import BytesIO
    >>> [bytes(part) for part in parts(BytesIO(b'a,"b\\nb"\\nccc,d\\n'), '"', part_bytes=12)]
    [b'a,"b\\nb"\\n', b'ccc,d\\n']
    """
    rest = b""
    while True:
        data = bytearray(len(rest) + max(part_bytes, len(rest)))  # where a row is long, more each time
        data[: len(rest)] = rest
        whole = memoryview(data)
        n_bytes = len(rest) + file.readinto(whole[len(rest) :])
        if n_bytes == len(rest):
            break
        end = _last_row_end(data, n_bytes, quote.encode())
        if end:
            yield whole[:end]
        rest = bytes(whole[end:n_bytes])
        if len(rest) > LONGEST_ROW:
            raise Uncut
    if rest:
        yield memoryview(rest)


def ends_inside_quotes(part: bytes | memoryview, last_value: str, last_rejected: str, quote: str) -> bool:
    """Whether the last row of a part shows that the part may have been cut inside a quoted value.

    Parameters
    ----------
    last_value : str
        Of the last row that was taken, if it is a text.
    last_rejected : str
        The last row that was not.

    Examples
    --------
    >>> ends_inside_quotes(b'1,"two\\n', "two\\n", "", '"'), ends_inside_quotes(b'"1,two\\n', "", '"1,two', '"')
    (True, True)
    >>> ends_inside_quotes(b'1,"two"\\n', "two", "", '"')
    False
    """
    if not quote:
        return False
    is_rejected = quote in last_rejected and bytes(part).rstrip().endswith(last_rejected.rstrip().encode())
    return is_rejected or last_value.endswith(("\n", "\r"))


def _last_row_end(data: bytearray, n_bytes: int, quote: bytes) -> int:
    """Where the last whole row ends that is followed by something; 0 where none does."""
    end = data.rfind(b"\n", 0, max(0, n_bytes - len(_MARK))) + 1
    inside = _is_odd(data, quote, 0, end)
    while end and (inside or _is_unclear(data, quote, end)):
        before = data.rfind(b"\n", 0, end - 1) + 1
        inside ^= _is_odd(data, quote, before, end)
        end = before
    return end


def _is_odd(data: bytearray, quote: bytes, begin: int, end: int) -> bool:
    """Whether an odd number of quotes stands there."""
    if not quote:
        return False
    return int(np.count_nonzero(np.frombuffer(data, np.uint8, end - begin, begin) == quote[0])) % 2 == 1


def _is_unclear(data: bytearray, quote: bytes, end: int) -> bool:
    """Whether a quoted value ends there in a line break, as one that was cut would; or a mark follows."""
    row = data[max(0, end - 4) : end].rstrip(b"\r\n")
    broken = bool(quote) and row.endswith(quote) and row[:-1].endswith((b"\r", b"\n"))
    return broken or data.startswith(_MARK, end)
