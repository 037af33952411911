"""A share of rows with its 95 % interval, honest also for few rows and for shares near 0 and 1."""

from __future__ import annotations

from core.evaluate.result import Interval

Z95 = 1.959964


def share_interval(hits: float, n: float) -> Interval:
    """A share with its interval: 8 of 8 is 1.00 (0.68 to 1.00). Of no rows it is anywhere: 0 (0 to 1).

    hits, n: of rows that were scored several times, their number divided by how often, so that repeats, which are no
    new rows, don't narrow the interval. That is right where each repeat says the same, and on the safe side elsewhere.

    References
    ----------
    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
    """
    if n <= 0:
        return Interval(mean=0.0, low=0.0, high=1.0)
    share = hits / n
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    reach = Z95 / (1 + Z95**2 / n) * (share * (1 - share) / n + Z95**2 / (4 * n**2)) ** 0.5
    return Interval(mean=share, low=min(share, max(0.0, centre - reach)), high=max(share, min(1.0, centre + reach)))
