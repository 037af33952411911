"""How two candidates agree, in words: the counts, and how sure a lead is."""

from __future__ import annotations

import pandas as pd
import pytest

from core.evaluate import agreement
from pages.results.compared.outcomes import in_words, sentence


def rows(first: int, second: int, both: int = 10) -> pd.DataFrame:
    """Rows that only the first, only the second, or both get right; each a row of the table drawn alone."""
    outcome = ["first"] * first + ["second"] * second + ["both"] * both
    n = len(outcome)
    return pd.DataFrame({"outcome": outcome, "row": range(n), "unit": range(n)})


@pytest.mark.parametrize(("classes", "n"), [(True, 4), (False, 3)])
def test_every_outcome_has_words_of_its_own(classes, n):
    found = in_words(classes)
    assert len(set(found.values())) == len(found) == n


def test_one_row_is_counted_in_the_singular():
    text = sentence(rows(1, 0), 1.0, {"first": 1, "second": 0, "both": 10, "neither": 0})
    assert text.startswith("Of 1 row that only one of them gets right, the first gets 1, the second 0.")


def test_a_lead_is_told_per_hundred_rows_with_its_interval():
    """Six rows of twenty against two: 20 per 100."""
    frame = rows(6, 2, both=12)
    found = agreement.lead(frame)
    text = sentence(frame, 1.0, {"first": 6, "second": 2, "both": 12}).replace("\\", "")
    assert text.startswith("Of 8 rows where one of them is closer, the first is closer on 6, the second on 2.")
    assert "per 100 rows is 20.0" in text
    assert f"{100 * found.low:.1f} to {100 * found.high:.1f}" in text


def test_without_a_difference_there_is_no_lead_to_tell():
    assert "per 100" not in sentence(rows(0, 0), 1.0, {"first": 0, "second": 0, "both": 10, "neither": 0})
