"""Wilson's interval against values worked by hand."""

from __future__ import annotations

import pytest

from core.evaluate.intervals.wilson import share_interval


def test_wilsons_interval():
    # Newcombe, Statistics in Medicine 17, 1998, table I, method 3: 81 of 263 and 0 of 20
    known = share_interval(81, 263)
    assert (known.low, known.high) == (pytest.approx(0.2553, abs=1e-4), pytest.approx(0.3662, abs=1e-4))
    none = share_interval(0, 20)
    assert (none.low, none.high) == (0, pytest.approx(0.1611, abs=1e-4))


def test_no_share_is_thought_to_be_beyond_all_or_below_none():
    assert all(share_interval(n, n).high == 1 and share_interval(0, n).low == 0 for n in range(1, 300))


def test_of_no_rows_a_share_is_anywhere():
    assert share_interval(0, 0).model_dump() == {"mean": 0, "low": 0, "high": 1}
