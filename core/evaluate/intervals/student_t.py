"""Student's t without SciPy, which the web process does not load."""

from __future__ import annotations

import math
from statistics import NormalDist

MANY = 1000  # degrees of freedom, from where on the normal distribution will do


def t_quantile(share: float, freedom: int) -> float:
    """The value that a Student t variable stays below with this probability, right to five digits.

    share: from 0.5 to 1; freedom: degrees of freedom, at least 1.

    References
    ----------
    Hill, "Algorithm 396: Student's t-quantiles", Communications of the ACM 13, 1970; its letters are kept.

    Examples
    --------
    >>> round(t_quantile(0.975, 4), 3)
    2.776
    """
    P, n = 2 * (1 - share), freedom  # both tails
    if n == 1:
        return math.cos(P * math.pi / 2) / math.sin(P * math.pi / 2)
    if n == 2:
        return math.sqrt(2 / (P * (2 - P)) - 2)
    a = 1 / (n - 0.5)
    b = 48 / a**2
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * n
    y = (d * P) ** (2 / n)
    if y <= 0.05 + a:
        y = ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) * (n + 1) / (
            n + 2
        ) + 1 / y
        return math.sqrt(n * y)
    x = NormalDist().inv_cdf(P / 2)
    y = x**2
    if n < 5:
        c += 0.3 * (n - 4.5) * (x + 0.6)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    return math.sqrt(n * math.expm1(a * y**2))


def t_two_sided(value: float, freedom: int) -> float:
    """The chance that a Student t variable lies further from zero than this value, either way.

    References
    ----------
    Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964, 26.7.3 and 26.7.4 (finite sums), 26.7.8 (many
    degrees of freedom).

    Examples
    --------
    >>> round(t_two_sided(2.776, 4), 3)
    0.05
    """
    t, n = abs(value), freedom
    if n > MANY:
        return math.erfc(t * (1 - 1 / (4 * n)) / math.sqrt(1 + t**2 / (2 * n)) / math.sqrt(2))
    angle = math.atan(t / math.sqrt(n))
    cosine = math.cos(angle)
    odd = n % 2
    total = term = 0.0 if n == 1 else (cosine if odd else 1.0)
    for place in range(3 if odd else 2, n - 1, 2):  # each term is the one before times this
        term *= (place - 1) / place * cosine**2
        total += term
    inside = 2 / math.pi * (angle + math.sin(angle) * total) if odd else math.sin(angle) * total
    return max(0.0, 1 - inside)
