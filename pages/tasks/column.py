"""Answers of a text task as a new column: another table is made, so that it can be undone by deleting that one."""

from __future__ import annotations

import streamlit as st

from core.catalog.text_tasks.every import TextTask
from core.jobs import client
from core.jobs.client import Job
from core.jobs.housekeeping import delete_dataset
from core.results.text_tasks.options import AddColumnParams
from core.results.text_tasks.task import TaskResult
from core.workspace import DatasetRow, new_id
from pages.shared import navigation, state
from pages.shared.i18n import _, t
from pages.shared.markup import short
from pages.shared.runs import job_panel, starting
from pages.shared.session import current


def draw(task: TextTask, result: TaskResult, job: Job) -> None:
    """A button per way; then the table that was made, to open or to delete."""
    if not result.dataset or state.workspace().dataset(result.dataset, state.owner()) is None:
        return
    made = [
        one
        for one in client.jobs(state.workspace(), state.owner(), kind="task-column", limit=20)
        if one.params.get("run") == job.id
    ]
    busy = bool(made) and made[0].active
    with st.container(horizontal=True, vertical_alignment="center"):
        for line in result.ways:
            if line.status == "ok" and st.button(
                _("Add “{way}” as a column").format(way=t(task.way(line.way).label)),
                icon=":material/add_column_right:", key=f"add-{job.id}-{line.way}", disabled=busy,
                help=_("Makes a new table from the old one; the old one stays as it is."),
            ):  # fmt: skip
                params = AddColumnParams(run=job.id, way=line.way, dataset=new_id())
                if starting.submit("task-column", params, params.dataset):
                    st.rerun()
    if made:
        job_panel.follow(made[0])
    for one in made:
        row = state.workspace().dataset(str(one.params.get("dataset", "")), state.owner())
        if one.state == "done" and row is not None:
            _made(row)


def _made(row: DatasetRow) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(_("Added: the table **{name}** is ready.").format(name=short(row.name, 80)))
        if st.button(_("Open it"), key=f"open-made-{row.id}", icon=":material/table:"):
            current.choose_dataset(row.id)
            navigation.go("data")
        if st.button(_("Undo"), key=f"undo-made-{row.id}", icon=":material/undo:"):
            delete_dataset(state.workspace(), row.id, state.owner())
            state.record("delete", row.id)
            st.rerun()
