"""Where the table lies in its file, in a sentence."""

from __future__ import annotations

from core.data.schema import Reading
from core.data.table_area.notes import ranges
from pages.shared import numbers
from pages.shared.i18n import _, _n


def sentence(reading: Reading) -> str:
    """“The header is in row 7, the data from row 8 to row 247.”"""
    header, n_header = ranges(reading.header_rows), len(reading.header_rows)
    if reading.header_rows and reading.last_row:
        words = _n(
            "The header is in row {header}, the data from row {first} to row {last}.",
            "The header is in rows {header}, the data from row {first} to row {last}.",
            n_header,
        )
    elif reading.header_rows:
        words = _n(
            "The header is in row {header}, the data from row {first} to the end.",
            "The header is in rows {header}, the data from row {first} to the end.",
            n_header,
        )
    elif reading.last_row:
        words = _("There is no header; the data go from row {first} to row {last}.")
    else:
        words = _("There is no header; the data go from row {first} to the end.")
    first, last = numbers.count(reading.first_row), numbers.count(reading.last_row)
    return words.format(header=header, first=first, last=last)
