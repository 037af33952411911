"""Layouts in a table's file: they stand in the Parquet schema's metadata, so that they go wherever the table goes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.data.schema import Layout

_KEY = b"amalgam.layouts"


def with_layouts(schema: pa.Schema, layouts: Mapping[str, Layout]) -> pa.Schema:
    """The same schema, carrying the layouts of the columns of the file that was read."""
    written = {name: layout.model_dump(exclude_defaults=True) for name, layout in layouts.items()}
    return schema.with_metadata({**(schema.metadata or {}), _KEY: json.dumps(written, ensure_ascii=False).encode()})


def layouts_of(table_path: Path) -> dict[str, Layout]:
    """Column of the file that was read → its layout; nothing for tables of an older version.

    Two columns made of one stand under the name of the one.
    """
    metadata = pq.read_schema(table_path).metadata or {}
    return {name: Layout.model_validate(one) for name, one in json.loads(metadata.get(_KEY, b"{}")).items()}
