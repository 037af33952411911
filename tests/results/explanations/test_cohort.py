"""Conditions that pick rows: numbers, words, days."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.job_params import Condition
from core.results.explanations import cohort as cohorts


@pytest.mark.parametrize(
    ("how", "value", "expected"),
    [
        ("at least", "2", [False, True, True, False]),
        ("at most", "2", [True, True, False, False]),
        ("is", "2", [False, True, False, False]),
        ("missing", "", [False, False, False, True]),
    ],
)
def test_conditions_on_numbers(how, value, expected):
    values = pd.Series([1.0, 2.0, 3.0, np.nan])
    assert list(cohorts.meets(values, Condition(column="n", how=how, value=value))) == expected


def test_conditions_on_words_and_days():
    words = pd.Series(["Late flight", "late", None])
    assert list(cohorts.meets(words, Condition(column="w", how="contains", value="LATE"))) == [True, True, False]
    assert list(cohorts.meets(words, Condition(column="w", how="is", value="late"))) == [False, True, False]
    assert list(cohorts.meets(words, Condition(column="w", how="contains", value="[a"))) == [False, False, False]
    days = pd.Series(pd.to_datetime(["2024-01-01", "2024-02-01", None]))
    assert list(cohorts.meets(days, Condition(column="d", how="at least", value="2024-02-01"))) == [False, True, False]


def test_a_day_is_over_at_its_end_and_may_be_far_away():
    days = pd.Series(np.array(["2024-02-01T14:30", "2024-02-02T00:00", "9999-12-31T00:00", "NaT"], "datetime64[us]"))

    def met(how, value):
        return list(cohorts.meets(days, Condition(column="d", how=how, value=value)))

    assert met("at most", "2024-02-01") == [True, False, False, False]
    assert met("at most", "2024-02-01T14:00") == [False, False, False, False]
    assert met("at least", "9999-12-31") == [False, False, True, False]
