"""What checking explanations costs."""

from __future__ import annotations

from core.explain.quality import estimate


def test_costly_training_is_not_done_again():
    assert estimate.fits(5000, 0.0001) == (1000, 3)
    assert estimate.fits(5000, 0.1) == (400, 1)
    assert estimate.fits(5000, 1.0) == (0, 0)
    assert estimate.fits(60, 0.5) == (60, 1)  # a small table is small work
    assert estimate.trust_seconds(5, 5000, 4, 0.001) > estimate.trust_seconds(5, 5000, 1, 0.001)
