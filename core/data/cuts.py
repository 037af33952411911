"""Where a large delimited file may be cut, so that its parts can be parsed side by side: between rows only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

PART_BYTES = 1 << 20
LONGEST_ROW = 16 << 20
_MARK = b"\xef\xbb\xbf"  # where a part begins with one, the parser would take it for the file's


class Uncut(Exception):
    """The file can't be cut, or may have been cut inside a quoted value: it must be parsed from end to end."""


def parts(file: BinaryIO, quote: str, part_bytes: int = PART_BYTES) -> Iterator[bytes]:
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
    >>> list(parts(BytesIO(b'a,"b\\nb"\\nccc,d\\n'), '"', part_bytes=12))
    [b'a,"b\\nb"\\n', b'ccc,d\\n']
    """
    rest = b""
    while block := file.read(max(part_bytes, len(rest))):  # where a row is long, more each time
        data = rest + block
        end = _last_row_end(data, quote.encode())
        if end:
            yield data[:end]
        rest = data[end:]
        if len(rest) > LONGEST_ROW:
            raise Uncut
    if rest:
        yield rest


def ends_inside_quotes(last_value: str, last_rejected: str, quote: str) -> bool:
    """Whether the last row of a part shows that the part was cut inside a quoted value.

    Parameters
    ----------
    last_value : str
        Of the last row that was taken, if it is a text.
    last_rejected : str
        The last row that was not.

    Examples
    --------
    >>> ends_inside_quotes("two\\n", "", '"'), ends_inside_quotes("", '1,"two', '"'), ends_inside_quotes("two", "", '"')
    (True, True, False)
    """
    return bool(quote) and (last_value.endswith(("\n", "\r")) or last_rejected.count(quote) % 2 == 1)


def _last_row_end(data: bytes, quote: bytes) -> int:
    """Where the last whole row ends that is followed by something; 0 where none does."""
    end = data.rfind(b"\n", 0, len(data) - len(_MARK)) + 1
    inside = _is_odd(data, quote, 0, end)
    while end and (inside or _is_unclear(data, quote, end)):
        before = data.rfind(b"\n", 0, end - 1) + 1
        inside ^= _is_odd(data, quote, before, end)
        end = before
    return end


def _is_odd(data: bytes, quote: bytes, begin: int, end: int) -> bool:
    """Whether an odd number of quotes stands there."""
    if not quote:
        return False
    return int(np.count_nonzero(np.frombuffer(data, np.uint8, end - begin, begin) == quote[0])) % 2 == 1


def _is_unclear(data: bytes, quote: bytes, end: int) -> bool:
    """Whether a quoted value ends there in a line break, as one that was cut would; or a mark follows."""
    row = data[max(0, end - 4) : end].rstrip(b"\r\n")
    broken = bool(quote) and row.endswith(quote) and row[:-1].endswith((b"\r", b"\n"))
    return broken or data.startswith(_MARK, end)
