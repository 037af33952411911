"""How often texts are read when an encoder is trained further. Light: whoever foretells the time asks here, too."""

from __future__ import annotations

import math

BATCH = 16
SHORT_STEPS, MOST_EPOCHS, LARGE_ROWS = 280, 12, 20_000


def n_epochs(n_rows: int) -> int:
    """How often each of so many texts is read: few rows more often, so that there are steps enough; many rows less.

    Examples
    --------
    >>> n_epochs(100), n_epochs(1000), n_epochs(50_000)
    (12, 5, 1)
    """
    if n_rows >= LARGE_ROWS:
        return 1
    return min(MOST_EPOCHS, max(2, math.ceil(SHORT_STEPS * BATCH / max(1, n_rows))))
