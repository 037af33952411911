"""Which columns of a data set are days without a time."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from core.data.date_columns import of_table
from pages.shared import state


def days(dataset_id: str) -> frozenset[str]:
    """Columns of a data set whose moments are all midnight, looked for once per version of the table."""
    return _days(state.folder(dataset_id) / "table.parquet", state.table_version(dataset_id))


@lru_cache(maxsize=32)
def _days(path: Path, changed: int) -> frozenset[str]:
    return of_table(path)
