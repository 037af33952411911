"""How far two orders agree."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.explain.quality.agreement import correlation, overlap


def test_a_correlation_is_spearmans():
    random = np.random.default_rng(0)
    one, other = random.normal(size=(2, 12))
    assert correlation(one, other) == pytest.approx(stats.spearmanr(one, other)[0])
    assert correlation(one, -one) == pytest.approx(-1)
    assert correlation(one, -one, sizes=True) == pytest.approx(1)
    assert np.isnan(correlation(one[:2], other[:2]))
    assert overlap(np.array([9.0, 8, 7, 1, 0]), np.array([9.0, 0, 7, 1, 8])) == pytest.approx(2 / 3)
