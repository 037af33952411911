"""What an explanation will cost, before it starts. Light: the page shows it, and the engine keeps to these limits."""

from __future__ import annotations

from collections.abc import Sequence

EXACT_PLAYERS = 10  # columns whose every coalition is tried for one row
EXACT_PLAYERS_CHEAP = 13  # the same where a row costs next to nothing, as with weighted sums
PAIRS = 16  # pairs of orders sampled beyond that
ROW_PAIRS = 400  # the same at most for one row, which ends once its bands are narrow
BACKGROUND = 12  # rows a hidden column takes its values from
WORD_TEXTS = 400  # masked texts of a row that is opened
SHAP_ORDERS = 200  # orders of columns that shap draws at most, each with its reverse
SHAP_WORD_ORDERS = 50  # the same of a text's words, each of which is a text to read
SHAP_WORDS = 8  # words whose every set is tried
SHAP_SECONDS = 60.0  # how long it draws at most

CHEAP = 0.05  # milliseconds for a row whose text is already encoded
START = 3.0  # seconds to open the model
SHAP_START = 7.0  # seconds to import shap and to compile its loops
SHAP_ROW = 0.3  # milliseconds for a row that goes through the whole candidate, its text already encoded


def row_seconds(n_columns: int, n_rows: int, ms_per_row: float) -> float:
    """Seconds to open `n_rows` rows into columns and words.

    ms_per_row: what the candidate needs to predict one row with a text it has not seen.
    """
    return START + n_rows * (coalitions(n_columns) * BACKGROUND * CHEAP + (WORD_TEXTS + 1) * ms_per_row) / 1000


def coalitions(n_columns: int) -> int:
    """How many sets of columns a row is tried with: all of few columns, drawn ones of more.

    Examples
    --------
    >>> coalitions(3), coalitions(20)
    (8, 640)
    """
    return 2**n_columns if n_columns <= EXACT_PLAYERS else 2 * PAIRS * n_columns


def shap_seconds(n_columns: int, n_words: Sequence[int], ms_per_row: float) -> float:
    """Seconds to put one explained row through shap.

    n_words: words of each text that is opened; ms_per_row: as for `row_seconds`
    """
    sets = 2**n_columns if n_columns <= EXACT_PLAYERS else 2 * SHAP_ORDERS * n_columns
    texts = sum(2**n if n <= SHAP_WORDS else 2 * SHAP_WORD_ORDERS * n for n in n_words)
    return START + SHAP_START + min(SHAP_SECONDS, (sets * BACKGROUND * SHAP_ROW + texts * ms_per_row) / 1000)
