"""Formulas of a sheet whose results are not stored in the file: their cells are missing, and it is said."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from core.data.formats.hidden import sheet_part
from core.messages import Message, _n, say

_MOST_BYTES = 64 << 20
_WITHOUT_RESULT = re.compile(rb"<(?:\w+:)?c\s[^<>]*+>\s*+<(?:\w+:)?f\b[^<]*+(?:</(?:\w+:)?f>)?+\s*+</(?:\w+:)?c>")


def note(path: Path, sheet: str) -> list[Message]:
    """How many formulas have no result; nothing where that can't be told or the sheet is very large.

    Programs that write tables without working them out leave formulas so; a spreadsheet program fills them in.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            part = sheet_part(archive, sheet)
            if not part or archive.getinfo(part).file_size > _MOST_BYTES:
                return []
            n = len(_WITHOUT_RESULT.findall(archive.read(part)))
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, NotImplementedError):
        return []
    text = _n(
        "{n} cell holds a formula without a stored result, so it is missing. Open the file in a spreadsheet program, "
        "save it, and read it again.",
        "{n} cells hold formulas without stored results, so they are missing. Open the file in a spreadsheet program, "
        "save it, and read it again.",
    )
    return [say(text, n=n)] if n else []
