"""What explaining many rows will cost, before it starts. Light: the page shows it, and the engine keeps to it."""

from __future__ import annotations

from core.explain.row.estimate import BACKGROUND, CHEAP, START

WHOLE_ROWS = 500
EXACT_PLAYERS_WHOLE = 8  # columns whose every coalition is tried
WHOLE_PAIRS = 6  # pairs of opposite orders per row beyond that
PAIR_COLUMNS = 6  # of more columns than can be tried: interactions are looked at among so many
PAIR_ROWS = 100  # the same
WHOLE_WORD_TEXTS = 60  # masked texts of a row
ROW_MS = 30.0  # milliseconds to make a row ready to be opened
PERMUTED_ROWS = 300
REPEATS = 5  # shuffles of each column
EFFECT_ROWS = 100  # that partial dependence is averaged over
EFFECT_LINES = 30  # of them drawn singly (ICE)
EFFECT_PLACES = 15  # values of the column
COHORT_ROWS = 200
BUDGETS = (20.0, 60.0, 180.0, 600.0)  # seconds to choose from


def whole_seconds(
    n_columns: int, n_rows: int, ms_per_row: float, budget_seconds: float, texts: int = WHOLE_WORD_TEXTS
) -> float:
    """Seconds to say what matters over many rows: what all of it would take, and no more than the budget allows.

    ms_per_row: what the candidate needs to predict one row with a text it has not seen; texts: masked ones of a row
    """
    rows = min(n_rows, WHOLE_ROWS)
    seconds = ranking_seconds(n_columns, rows, ms_per_row)
    seconds += (PERMUTED_ROWS * (ms_per_row + n_columns * REPEATS * CHEAP)) / 1000
    seconds += n_columns * EFFECT_ROWS * EFFECT_PLACES * CHEAP / 1000
    seconds += rows * (texts * ms_per_row + ROW_MS) / 1000
    return START + min(seconds, budget_seconds)


def ranking_seconds(n_columns: int, n_rows: int, ms_per_row: float) -> float:
    """Seconds for the Shapley values of so many rows."""
    exact = n_columns <= EXACT_PLAYERS_WHOLE
    coalitions = 2**n_columns if exact else 2 * WHOLE_PAIRS * (n_columns + 1)
    return n_rows * (coalitions * BACKGROUND * CHEAP + ms_per_row) / 1000
