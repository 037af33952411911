"""A candidate: features, then a model, and what its fit took."""

from __future__ import annotations

import time

from tests.fuse.advisers import hinted, parent


def test_the_time_spent_on_features_is_part_of_the_fit():
    X, y = hinted(120)
    began = time.monotonic()
    fitted = parent().fit(X, y)
    assert 0 < fitted.encode_seconds_ < time.monotonic() - began
