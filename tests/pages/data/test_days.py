"""Which columns are days without a time: looked for once, and again when the table was read again."""

from __future__ import annotations

import os

import pandas as pd

from pages.data.days import days


def test_days_are_looked_for_again_when_the_table_has_changed(workspace):
    folder = workspace.dataset_folder("one")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schema.json").write_text("{}")
    moments = pd.to_datetime(["2026-03-01", "2026-03-02"])
    pd.DataFrame({"day": moments}).to_parquet(folder / "table.parquet")
    assert days("one") == {"day"}
    pd.DataFrame({"day": moments + pd.Timedelta(hours=7)}).to_parquet(folder / "table.parquet")
    os.utime(folder / "table.parquet", ns=(1, 2 * (folder / "schema.json").stat().st_mtime_ns))
    assert days("one") == frozenset()
