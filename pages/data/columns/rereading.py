"""Reading a table again, one of its columns as another kind or with other options."""

from __future__ import annotations

from core.catalog import Role
from core.data.schema import Kind, Layout, ReadOptions
from core.job_params import ReadParams
from core.jobs import client
from core.workspace import DatasetRow
from pages.shared import state
from pages.shared.runs import starting


def is_being_read(row: DatasetRow) -> bool:
    """Whether the table is being read: what is chosen meanwhile would be lost."""
    return bool(client.jobs(state.workspace(), state.owner(), active=True, kind="read", dataset=row.id, limit=1))


def read_as(row: DatasetRow, name: str, kind: Kind, layout: Layout | None = None, role: Role | None = None) -> bool:
    """Read the table again, one of its columns as a kind, written as `layout` says.  →  whether it was queued"""
    options = _options(row)
    layouts = {column: one for column, one in options.layouts.items() if column != name}
    if layout is not None:
        layouts[name] = without_cells(layout)
    return _again(row, {**options.kinds, name: kind}, layouts, {name: role} if role else {})


def read_as_found(row: DatasetRow, name: str) -> bool:
    """Read the table again, one of its columns as what it looks like.  →  whether it was queued"""
    options = _options(row)
    kinds = {column: kind for column, kind in options.kinds.items() if column != name}
    return _again(row, kinds, {column: one for column, one in options.layouts.items() if column != name}, {})


def read_with(row: DatasetRow, **changed: object) -> bool:
    """Read the table again with some options changed and the others as they were.  →  whether it was queued"""
    options = _options(row).model_copy(update=changed)
    told = options.model_dump(mode="json", exclude_defaults=True, exclude={"keep_strings"})
    return starting.read(ReadParams(dataset=row.id, name=row.name, source=row.id, options=told))


def _options(row: DatasetRow) -> ReadOptions:
    reading = state.reading(row.id)
    return (reading.options if reading else None) or ReadOptions()


def without_cells(layout: Layout | None) -> Layout:
    """What a person says of a layout: nothing of single cells."""
    of_cells = {"missing": [], "n_unread": 0, "unread": [], "asides": [], "ambiguous": False}
    return (layout or Layout()).model_copy(update=of_cells)


def _again(row: DatasetRow, kinds: dict[str, Kind], layouts: dict[str, Layout], roles: dict[str, Role]) -> bool:
    options = _options(row).model_dump(exclude_none=True, exclude={"kinds", "layouts", "keep_strings"})
    options["kinds"] = kinds
    options["layouts"] = {name: layout.model_dump(exclude_defaults=True) for name, layout in layouts.items()}
    params = ReadParams(dataset=row.id, name=row.name, source=row.id, options=options, roles=roles)
    return starting.read(params)
