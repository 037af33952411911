"""What it costs to say how far explanations can be trusted, before it starts. Light: the page shows it."""

from __future__ import annotations

from core.explain.row.estimate import BACKGROUND, CHEAP, START, coalitions

TRUST_ROWS = 40
SEEDS = 3  # the same rows explained so often
SHUFFLES = 3  # labels shuffled so often, where training is cheap
DRAWS = 5  # random orders per row
STEPS = 10  # of a curve
TRUST_TEXTS = 128  # masked texts of a row and explanation
FIT_ROWS = 1000  # at most, to train again on
LEAST_FIT_ROWS = 200
FIT_SECONDS = 40.0  # one training again may take so long
CHEAP_FIT_SECONDS = 3.0  # up to here, several shuffles are tried
BUDGET_SECONDS = 180.0


def fits(n_rows: int, fit_seconds_per_row: float) -> tuple[int, int]:
    """On how many rows to train again, and how often with labels shuffled; (0, 0): it would take too long."""
    n_fit = min(n_rows, FIT_ROWS, int(FIT_SECONDS / max(fit_seconds_per_row, 1e-9)))
    if n_fit < min(n_rows, LEAST_FIT_ROWS):
        return 0, 0
    return n_fit, SHUFFLES if n_fit * fit_seconds_per_row <= CHEAP_FIT_SECONDS else 1


def fitting_seconds(n_rows: int, fit_seconds_per_row: float) -> float:
    """Seconds to train again, on the true labels and on shuffled ones."""
    n_fit, shuffles = fits(n_rows, fit_seconds_per_row)
    return (1 + shuffles) * n_fit * fit_seconds_per_row


def testing_seconds(n_columns: int, n_rows: int, ms_per_row: float) -> float:
    """Seconds to explain so many rows again and again, and to take them apart.

    ms_per_row: what the candidate needs to predict one row with a text it has not seen.
    """
    texts = SEEDS * TRUST_TEXTS + (DRAWS + 2) * STEPS  # refitted candidates mostly meet the same texts
    row = (SEEDS + 1 + SHUFFLES) * coalitions(n_columns) * BACKGROUND * CHEAP + texts * ms_per_row
    return min(n_rows * row / 1000, BUDGET_SECONDS)


def trust_seconds(n_columns: int, n_rows: int, ms_per_row: float, fit_seconds_per_row: float) -> float:
    """Seconds for the whole test of a candidate on a table of so many rows."""
    testing = testing_seconds(n_columns, min(n_rows, TRUST_ROWS), ms_per_row)
    return START + fitting_seconds(n_rows, fit_seconds_per_row) + testing
