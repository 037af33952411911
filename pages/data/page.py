"""The Data page: bring a table, see what was read, say what each column is."""

from __future__ import annotations

import streamlit as st

from core.data.personal.masked_reading import masked_reading
from core.data.schema import Schema
from core.workspace import DatasetRow
from pages.data import add, duplicates, join, joined, rows, tables
from pages.data import report as data_report
from pages.data.columns import editor, group_offer, overview, personal, sending, spellings, target
from pages.data.reading import read_again
from pages.shared import navigation, state
from pages.shared.i18n import _
from pages.shared.markup import short
from pages.shared.runs import job_panel, starting
from pages.shared.session import current
from pages.shared.terminal import command, flags


def draw() -> None:
    """Title, the job that reads, and one of three views: this table, another one, all of them."""
    st.title(_("Data"))
    st.markdown(_("What is in the table, and what is each column?"))
    job = job_panel.panel("read")
    if job is not None and job_panel.shown_as_failed(job):
        read_again.retry(job)
    row = current.dataset()
    view = _view(row)
    if view == "add":
        if add.draw("add"):
            st.rerun()
    elif view == "all":
        tables.draw()
    elif row is not None:
        _table(row)


def _view(row: DatasetRow | None) -> str:
    if row is None:
        return "add"
    views = {"table": _("This table"), "add": _("Add a table"), "all": _("All tables")}
    st.session_state.setdefault(starting.VIEW, "table")
    view = st.segmented_control(
        _("View"),
        list(views),
        required=True,
        format_func=views.__getitem__,
        key=starting.VIEW,
        label_visibility="collapsed",
        persist_state="page",
    )
    return view or "table"


def _table(row: DatasetRow) -> None:
    schema, report, reading = state.schema(row.id), state.report(row.id), state.reading(row.id)
    if schema is None or reading is None:
        st.warning(_("The files of this table are gone. Delete it under “All tables” and read it again."))
        return
    st.subheader(short(row.name, 80), anchor=False)
    read_again.draw(row, masked_reading(reading, schema))
    rows.draw(row.id, row.n_rows)
    join.draw(row, schema)
    st.subheader(_("Columns"), anchor=False)
    overview.target(row, schema)
    target.draw(row, schema, report)
    st.caption(overview.summary(schema))
    overview.marked(row, schema)
    personal.draw(row, schema)
    sending.draw(row, schema, report)
    if report is not None:
        spellings.draw(row, schema, report)
    editor.draw(row)
    if report is not None:
        st.subheader(_("What the table looks like"), anchor=False)
        data_report.findings(report)
        group_offer.draw(row, schema, report, "data")
        group_offer.measure(row, report)
        data_report.draw(row, report, schema)
        st.subheader(_("Duplicates"), anchor=False)
        duplicates.draw(row, report)
    _next(row, schema)


def _next(row: DatasetRow, schema: Schema) -> None:
    if row.n_rows > 5000:
        st.caption(_("For a quick try, choose a sample of the rows on the Compare page: the table stays whole."))
    navigation.next_step(
        _("Compare models"),
        "compare",
        disabled=schema.target is None,
        help=None if schema.target else _("Choose the column to predict first."),
    )
    about = _("It reads the file, takes the columns in the same way, and compares.")
    about = joined.about(joined.joins(row.id), command.does_the_same(schema, state.cleaning(row.id), about))
    navigation.command(typed(row, schema), about)


def typed(row: DatasetRow, schema: Schema) -> str:
    """The command line for what this page says: file, target, changed roles, duplicates set aside."""
    reading = state.reading(row.id)
    files = list(reading.files) if reading and reading.files else [row.name]
    parts = ["python", "-m", "core", "compare", *files]
    if schema.target:
        parts += ["--target", schema.target, *flags.of_target(schema.target_as)]
    schema_flags = [*flags.of_table(schema, state.cleaning(row.id)), *flags.masks(schema)]
    parts += [*joined.flags(joined.joins(row.id)), *schema_flags]
    if group := group_offer.chosen(row, schema):
        parts += ["--group", group]
    return command.with_roles(schema, reading.options if reading else None, parts)


draw()
