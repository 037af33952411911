"""How far what was written lies from what people wrote: 0 for the same, 1 for another."""

from __future__ import annotations

import numpy as np
import pytest

from core.language.judging.divergence import divergence


def test_divergence_is_near_0_for_the_same_distribution_and_near_1_for_another():
    random = np.random.default_rng(1)
    centres = random.normal(size=(4, 20))
    a, b = (centres[random.integers(4, size=100)] + random.normal(scale=0.3, size=(100, 20)) for _ in range(2))
    same, apart = divergence(a, b), divergence(a, b + 8)
    assert same.mean < 0.1
    assert apart.mean > 0.9
    assert divergence(a, a).mean == pytest.approx(0, abs=1e-9)
    assert divergence(a[:3], b) is None
