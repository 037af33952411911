"""A share of rows with its 95 % interval, honest also for few rows and for shares near 0 and 1."""

from __future__ import annotations

from core.results.comparison import Interval

Z95 = 1.959964


def share_interval(hits: float, n: float, quantile: float = Z95) -> Interval:
    """A share with its interval: 8 of 8 is 1.00 (0.68 to 1.00). Of no rows it is anywhere: 0 (0 to 1).

    hits, n: where rows are not drawn one by one, of as many as would make the share as uncertain as it is.
    quantile: of the normal distribution, or of Student's where that uncertainty was estimated from few units.

    References
    ----------
    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927.
    """
    if n <= 0:
        return Interval(mean=0.0, low=0.0, high=1.0)
    share = hits / n
    centre = (share + quantile**2 / (2 * n)) / (1 + quantile**2 / n)
    reach = quantile / (1 + quantile**2 / n) * (share * (1 - share) / n + quantile**2 / (4 * n**2)) ** 0.5
    return Interval(mean=share, low=min(share, max(0.0, centre - reach)), high=max(share, min(1.0, centre + reach)))
