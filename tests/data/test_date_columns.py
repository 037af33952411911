"""Days are moments that are all midnight; they are shown and written as dates."""

from __future__ import annotations

import datetime
import io

import pandas as pd
import pytest

from core.data.date_columns import as_dates, of_table
from core.run_jobs import write_rows

MOMENTS = pd.DataFrame(
    {
        "day": pd.to_datetime(["2026-10-26", None, "2026-10-27"]),
        "moment": pd.to_datetime(["2026-10-26 00:00", "2026-10-26 08:30", None]),
        "never": pd.to_datetime([None, None, None]),
        "word": ["a", "b", "c"],
    }
)


def test_a_file_says_which_columns_hold_days(tmp_path):
    MOMENTS.to_parquet(tmp_path / "table.parquet")
    assert of_table(tmp_path / "table.parquet") == {"day"}


def test_days_become_dates_and_the_rest_stays():
    shown = as_dates(MOMENTS)
    assert list(shown["day"]) == [datetime.date(2026, 10, 26), None, datetime.date(2026, 10, 27)]
    pd.testing.assert_frame_equal(shown.drop(columns="day"), MOMENTS.drop(columns="day"))
    assert as_dates(shown) is shown


@pytest.mark.parametrize(("names", "expected"), [(frozenset(), "2026-10-26 00:00:00"), (None, "2026-10-26")])
def test_what_is_known_of_the_whole_column_decides(names, expected):
    assert str(as_dates(MOMENTS.head(1), names)["moment"].iloc[0]) == expected


def test_a_written_file_holds_dates():
    file = io.StringIO()
    write_rows(MOMENTS, file)
    assert file.getvalue().splitlines()[1:] == [
        "2026-10-26,2026-10-26 00:00:00,,a",
        ",2026-10-26 08:30:00,,b",
        "2026-10-27,,,c",
    ]
