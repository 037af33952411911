"""What an explanation will cost, before it starts. Light: the page shows it."""

from __future__ import annotations

EXACT_PLAYERS = 8
BACKGROUND = 12
WHOLE_ROWS = 30
WORD_TEXTS = 300


def estimate_seconds(n_columns: int, n_rows: int, ms_per_row: float, *, whole: bool) -> float:
    """Seconds to open `n_rows` rows into columns and words and, if `whole`, to rank the columns over the data.

    ms_per_row: what the candidate needs to predict one row with a text it has not seen.
    """
    coalitions = 2**n_columns if n_columns <= EXACT_PLAYERS else 32 * n_columns
    cheap = 0.05  # milliseconds for a row whose text is already encoded
    one_row = coalitions * BACKGROUND * cheap + WORD_TEXTS * ms_per_row
    over_all = WHOLE_ROWS * (coalitions * BACKGROUND * cheap + BACKGROUND * ms_per_row) if whole else 0.0
    return 3.0 + (n_rows * one_row + over_all) / 1000
