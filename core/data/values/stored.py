"""Layouts in a table's file: they stand in the Parquet schema's metadata, so that they go wherever the table goes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from core.data.schema import Layout

_KEY = "amalgam.layouts"


def with_layouts(schema: pa.Schema, layouts: Mapping[str, Layout]) -> pa.Schema:
    """The same schema, carrying the layouts of the columns of the file that was read."""
    return schema.with_metadata(
        {**(schema.metadata or {}), **{key.encode(): it.encode() for key, it in written(layouts).items()}}
    )


def written(layouts: Mapping[str, Layout]) -> dict[str, str]:
    """Layouts as an entry of a Parquet file's metadata."""
    told = {name: layout.model_dump(exclude_defaults=True) for name, layout in layouts.items()}
    return {_KEY: json.dumps(told, ensure_ascii=False)}


def layouts_of(table_path: Path) -> dict[str, Layout]:
    """Column of the file that was read → its layout; nothing for tables of an older version.

    Two columns made of one stand under the name of the one.
    """
    metadata = pq.read_metadata(table_path).metadata or {}
    return {name: Layout.model_validate(one) for name, one in json.loads(metadata.get(_KEY.encode(), b"{}")).items()}
