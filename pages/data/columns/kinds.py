"""A column read as something else: what would be converted and what would become missing."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from core.catalog import Role
from core.data import overrides
from core.data.schema import Column, Kind, Layout, Schema
from core.data.values.lists import SEPARATORS
from core.data.values.recognise import MOST_OFF_SCALE, shown_by
from core.data.values.shown.preview import Preview, exchanged, preview
from core.data.values.strings import strings_of
from core.workspace import DatasetRow
from pages.data.columns import layout_words, rereading
from pages.shared import numbers, state
from pages.shared.i18n import _, _n
from pages.shared.markup import short

READ_AS: dict[str, tuple[Kind, Role]] = {
    "number": ("number", "number"), "date": ("date", "date"), "ordered": ("ordered", "category"),
    "category": ("text", "category"), "text": ("text", "text"), "list": ("list", "category"),
}  # fmt: skip
SHORT = 60  # characters of a cell


def form(row: DatasetRow, schema: Schema) -> None:
    """Choose a column and what its cells are to be read as, see what comes of it, and have it read so.

    The cells of masked columns are not shown.
    """
    opened = st.expander(_("Read a column as something else"), icon=":material/swap_horiz:", on_change="rerun",
                         key=f"kinds-{row.id}")  # fmt: skip
    with opened:
        if opened.open:
            st.fragment(_form)(row, schema)


def _form(row: DatasetRow, schema: Schema) -> None:
    names = list(dict.fromkeys(column.source or column.name for column in schema.columns if not column.masked))
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    placeholder = _("choose a column")
    name = left.selectbox(_("Column"), names, None, placeholder=placeholder, key=f"kind-column-{row.id}")
    labels = {
        "number": _("number"), "date": _("date"), "ordered": _("ordered scale"), "category": _("category"),
        "text": _("text"), "list": _("list of items"),
    }  # fmt: skip
    label = _("Read its cells as")
    choice = right.segmented_control(label, list(READ_AS), format_func=labels.__getitem__, key=f"kind-of-{row.id}")
    if name is None:
        return
    column = _column(schema, name)
    if column.layout is not None:
        st.caption(_("Now it is read as: {kind}.").format(kind=short(layout_words.words(column.layout), 80)))
    if choice:
        _offer(row, column, name, choice, labels[choice])


def _column(schema: Schema, name: str) -> Column:
    return next(column for column in schema.columns if name in (column.source, column.name))


def _offer(row: DatasetRow, column: Column, name: str, choice: str, label: str) -> None:
    kind, role = READ_AS[choice]
    found = _seen(row.id, state.table_version(row.id), name, kind, "")
    given = _details(row, name, found)
    seen = _seen(row.id, state.table_version(row.id), name, kind, given.model_dump_json()) if given else found
    _draw(row, name, seen)
    same_kind = column.layout is not None and column.layout.kind == kind
    same = same_kind and (given is None or rereading.without_cells(given) == rereading.without_cells(column.layout))
    if same and column.role in (role, "target"):
        st.caption(_("It is read so already."))
        return
    too_many = kind == "ordered" and seen.n_different > MOST_OFF_SCALE
    if too_many:
        text = _("Different values: {n}. A scale can be made of at most {most}.")
        st.caption(text.format(n=numbers.count(seen.n_different), most=numbers.count(MOST_OFF_SCALE)))
    wanted = st.button(
        _("Read it as {kind}").format(kind=label),
        icon=":material/check:",
        key=f"kind-apply-{row.id}",
        disabled=too_many or not seen.n_converted or rereading.is_being_read(row),
    )
    if wanted and same:
        overrides.change(state.folder(row.id), column.name, role)
        st.rerun()
    if wanted and rereading.read_as(row, name, kind, given, role):
        st.rerun()


def _details(row: DatasetRow, name: str, found: Preview) -> Layout | None:
    """What else must be said of this kind: which part of a date stands first, what the levels are, what is between."""
    key, layout = f"kind-{row.id}-{name}-{state.table_version(row.id)}", found.layout
    if layout.kind == "ordered":
        label = _("Levels, one a line, the lowest first; what is not among them becomes missing")
        written = st.text_area(label, "\n".join(layout.levels), key=f"{key}-levels")
        levels = list(dict.fromkeys(line.strip() for line in written.splitlines() if line.strip()))
        return layout.model_copy(update={"levels": levels}) if levels and levels != layout.levels else None
    if layout.kind == "list":
        marks = list(dict.fromkeys([layout.separator, *SEPARATORS]))
        mark = st.segmented_control(
            _("Between items stands"), marks, default=marks[0], required=True, key=f"{key}-mark"
        )
        return layout.model_copy(update={"separator": mark}) if mark != layout.separator else None
    if (other := exchanged(layout)) is None:
        return None
    ways = {layout_words.order(one): one for one in (layout, other)}
    way = st.segmented_control(_("Written"), list(ways), default=next(iter(ways)), required=True, key=f"{key}-order")
    return ways[way or next(iter(ways))]


@lru_cache(maxsize=32)
def _seen(dataset: str, version: int, name: str, kind: Kind, given: str) -> Preview:
    """What a kind makes of a column, once per version of the table."""
    layout = Layout.model_validate_json(given) if given else None
    strings, reading = strings_of(state.folder(dataset) / "table.parquet", name), state.reading(dataset)
    others = [one for column, one in reading.layouts.items() if column != name] if reading else []
    habits = frozenset().union(*map(shown_by, others))
    return preview(strings, name, kind, layout, habits, reading.delimiter if reading else "")


def _draw(row: DatasetRow, name: str, seen: Preview) -> None:
    text = _n(
        "{converted} of {n} cell that holds something is converted; {missing} becomes missing.",
        "{converted} of {n} cells that hold something are converted; {missing} become missing.",
        seen.n_converted + seen.n_missing,
    )
    words = text.format(
        converted=numbers.count(seen.n_converted),
        n=numbers.count(seen.n_converted + seen.n_missing),
        missing=numbers.count(seen.n_missing),
    )
    if seen.n_rows < row.n_rows:
        words += " " + _("Looked at: the first {n} rows.").format(n=numbers.count(seen.n_rows))
    st.markdown(words)
    left, right = st.columns(2)
    becomes = _("Level") if seen.layout.kind == "ordered" else _("Becomes")
    if seen.examples:
        cells, made = zip(*seen.examples, strict=True)
        left.dataframe({_("Cell"): _clipped(cells), becomes: made}, hide_index=True, key=f"kind-made-{row.id}")
    if seen.missing:
        cells, counts = zip(*seen.missing, strict=True)
        frame = {_("Becomes missing"): _clipped(cells), _("Rows"): counts}
        right.dataframe(frame, hide_index=True, key=f"kind-missing-{row.id}")


def _clipped(cells: tuple[str, ...]) -> list[str]:
    return [cell if len(cell) <= SHORT else cell[: SHORT - 1] + "…" for cell in cells]
