"""The kinds of work a dispatcher and its workers know: the catalogue's, or another table named at their start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from core import catalog
from core.catalog import JobKind


def known(table: str = "") -> Mapping[str, JobKind]:
    """The catalogue's kinds, or what the import path ``module:NAME`` names."""
    if not table:
        return catalog.JOB_KINDS
    chosen: Any = catalog.load(table)
    return cast("Mapping[str, JobKind]", chosen)
