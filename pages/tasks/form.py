"""What a text task works on: the sample, a column of the table, or typed texts; in which ways; with what settings."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.catalog.text_tasks.every import TextTask
from core.data.schema import ReadOptions
from core.data.texts.documents import split
from core.results.text_tasks.options import MOST_ROWS, TaskParams
from core.workspace import DatasetRow
from pages.shared import numbers, state
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain
from pages.shared.runs import starting
from pages.shared.session import current
from pages.tasks import options

ROWS_WHEN_WRITTEN = 20  # texts at first, where a model writes each answer
SECONDS_PER_TEXT = 2.0  # that the bundled model writes about, on two cores
NONE = ""


def draw(task: TextTask, *, busy: bool, first: bool) -> None:
    """The form, and the button that starts the job."""
    row = current.dataset()
    schema = state.schema(row.id) if row else None
    places = {"sample": _("the sample that comes along"), "typed": _("typed texts")}
    if row is not None and schema is not None and schema.columns:
        places = {"table": _("a column of {table}").format(table=plain(row.name))} | places
    source = st.radio(
        _("Work on"), list(places), format_func=places.__getitem__, horizontal=True, key=f"source-{task.name}",
        index=list(places).index("sample" if first else next(iter(places))),
    )  # fmt: skip
    params: dict[str, Any] = {"task": task.name}
    if source == "table" and row is not None:
        params |= _table(task, row)
    elif source == "typed":
        params |= _typed(task)
    else:
        params["sample"] = True
    params["ways"] = _ways(task, learns=source == "sample" or bool(params.get("reference")))
    limit = row.n_rows if source == "table" and row is not None else MOST_ROWS
    writes = any(task.way(name).writes for name in params["ways"])
    if source == "table":
        usual = min(limit, MOST_ROWS, ROWS_WHEN_WRITTEN if writes else 500)
        params["rows"] = st.number_input(
            _("Texts, drawn at random"), 1, min(limit, MOST_ROWS), usual, key=f"rows-{task.name}-{writes}",
            help=_("A model that writes needs a second or more for each text."),
        )  # fmt: skip
    with st.expander(_("Settings"), icon=":material/tune:"):
        params["options"] = options.draw(task, params)
    _start(task, params, row, busy=busy, first=first, writes=writes)


def _table(task: TextTask, row: DatasetRow) -> dict[str, Any]:
    schema = state.schema(row.id)
    columns = [column.name for column in schema.columns] if schema else []
    texts = schema.names("text") if schema else []
    left, right = st.columns(2)
    column = left.selectbox(
        _("Texts"), columns, index=columns.index(texts[0]) if texts else 0, key=f"column-{task.name}-{row.id}",
        help=plain(t(task.column)),
    )  # fmt: skip
    others = [name for name in columns if name != column]
    reference = right.selectbox(
        _("Compare with"), others, index=None, placeholder=_("nothing"), key=f"reference-{task.name}-{row.id}",
        help=plain(t(task.reference)),
    )  # fmt: skip
    found = {"dataset": row.id, "column": column or "", "reference": reference or NONE}
    if task.needs_documents:
        documents = st.selectbox(
            _("Documents"), others, index=None, placeholder=_("paste them below"),
            key=f"documents-{task.name}-{row.id}",
        )  # fmt: skip
        found |= {"documents_dataset": row.id, "documents_column": documents} if documents else _documents(task)
    return found


def _typed(task: TextTask) -> dict[str, Any]:
    words = st.text_area(
        _("Texts, one per line"), height=140, max_chars=200_000, key=f"typed-{task.name}", persist_state="session",
        placeholder=plain(t(task.column)),
    )  # fmt: skip
    found: dict[str, Any] = {"texts": [line.strip() for line in (words or "").split("\n") if line.strip()]}
    return found | (_documents(task) if task.needs_documents else {})


def _documents(task: TextTask) -> dict[str, Any]:
    words = st.text_area(
        _("Documents, with a blank line between two"), height=180, max_chars=1_000_000, key=f"pasted-{task.name}",
        persist_state="session",
    )  # fmt: skip
    return {"documents": split(words or "", ReadOptions(documents="blank lines"))}


def _ways(task: TextTask, *, learns: bool) -> list[str]:
    """Which ways; one that learns needs something to learn from."""
    possible = [way for way in task.ways if learns or not way.learns]
    usual = [way.name for way in possible if way.usual]
    chosen = st.pills(
        _("Ways"), [way.name for way in possible], default=usual, selection_mode="multi",
        key=f"ways-{task.name}-{learns}", wrap=True,
        format_func=lambda name: t(task.way(name).label),
    )  # fmt: skip
    for way in possible:
        if way.name in chosen:
            st.caption(f"**{plain(t(way.label))}** · {plain(t(way.about))}")
    if len(possible) < len(task.ways):
        st.caption(_("Ways that learn from examples need a column to compare with."))
    return list(chosen)


def _start(
    task: TextTask, params: dict[str, Any], row: DatasetRow | None, *, busy: bool, first: bool, writes: bool
) -> None:
    missing = _missing(task, params)
    n_texts = params.get("rows") or len(params.get("texts", [])) or 40
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if missing:
            st.caption(missing)
        elif writes:
            n_writing = sum(task.way(name).writes for name in params["ways"])
            words = _("About {time}; you can go on working.")
            st.caption(words.format(time=numbers.seconds(n_texts * n_writing * SECONDS_PER_TEXT)))
        if st.button(
            _("Run"), type="primary" if not busy else "secondary", icon=":material/play_arrow:",
            disabled=busy or bool(missing), key=f"run-{task.name}",
        ) and starting.submit("task", TaskParams.model_validate(params), params.get("dataset") or ""):  # fmt: skip
            st.rerun()


def _missing(task: TextTask, params: dict[str, Any]) -> str:
    """What is still needed, in a sentence; empty if nothing is."""
    if not params["ways"]:
        return _("Choose at least one way.")
    if "texts" in params and len(params["texts"]) < task.fewest_texts:
        return _n(
            "Type at least {n} text, one per line.", "Type at least {n} texts, one per line.", task.fewest_texts
        ).format(n=task.fewest_texts)
    documents = params.get("sample") or params.get("documents") or params.get("documents_column")
    if task.needs_documents and not documents:
        return _("Say in which documents the answers are.")
    return ""
