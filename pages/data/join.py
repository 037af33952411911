"""Adding the columns of a second file: choose the keys, look at what matches, then join."""

from __future__ import annotations

import streamlit as st

from core.data.join.documents import PREVIEW, JoinReport, Preview
from core.data.schema import Schema
from core.job_params import JoinParams, JoinPreviewParams, ReadParams
from core.workspace import DatasetRow, new_id
from pages.data import joined
from pages.shared import numbers, state
from pages.shared.i18n import _, _n
from pages.shared.markup import plain
from pages.shared.runs import job_panel, starting
from pages.shared.upload import Upload, drop_zone

USUAL_SIMILARITY = 0.8
KIND = "join-preview"


def draw(row: DatasetRow, schema: Schema) -> None:
    """What was joined, and the form that joins once more."""
    for number, join in enumerate(joined.joins(row.id)):
        joined.draw(row, number, join)
    slot = f"join-file-{row.id}"
    waiting: Upload | None = st.session_state.get(slot)
    with st.expander(_("Add columns from a second file"), icon=":material/join_left:", expanded=waiting is not None):
        if waiting is None:
            _ask(row, slot)
        else:
            _form(row, schema, waiting, slot)


def _ask(row: DatasetRow, slot: str) -> None:
    st.markdown(
        _("Every row stays; what the second file knows of its key comes beside it. This table is kept as it is.")
    )
    arrived = drop_zone(f"{slot}-drop", multiple=False, hint=_("CSV, Excel, JSON, Parquet"))
    if arrived:
        st.session_state[slot] = arrived[0]
        starting.submit(KIND, JoinPreviewParams(dataset=row.id, upload=arrived[0].id), row.id)
        st.rerun()


def _form(row: DatasetRow, schema: Schema, file: Upload, slot: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(file.name)
        if st.button(_("Another file"), key=f"{slot}-other", type="tertiary", icon=":material/close:"):
            del st.session_state[slot]
            st.rerun()
    job = job_panel.panel(KIND, row.id)
    preview = state.stored(Preview, state.workspace().upload_folder(file.id) / PREVIEW)
    if preview is None or (job is not None and job.active):
        return
    if preview.sheets and (sheet := _sheet(preview, file, slot)) != preview.asked.sheet:
        starting.submit(KIND, JoinPreviewParams(dataset=row.id, upload=file.id, sheet=sheet), row.id)
        st.rerun()
    asked = _settings(schema, preview, file, slot)
    if _without_repeats(asked) != _without_repeats(preview.asked):
        if st.button(_("Preview"), key=f"{slot}-preview", type="primary", icon=":material/visibility:"):
            starting.submit(KIND, JoinPreviewParams(dataset=row.id, upload=file.id, join=asked), row.id)
            st.rerun()
        return
    joined.counts(preview.report)
    if preview.report.least_similar:
        joined.pairs(preview.report, f"{slot}-pairs")
    if preview.report.n_repeated:
        asked = asked.model_copy(update={"repeats": _repeats(preview.report, slot)})
    undecided = bool(preview.report.n_repeated) and asked.repeats == "refuse"
    ready = preview.report.n_matched > 0 and not undecided
    if st.button(_("Join"), key=f"{slot}-join", type="primary", icon=":material/join_left:", disabled=not ready):
        name = _("{table} with {file}").format(table=row.name, file=file.name)
        join = asked.model_copy(update={"upload": file.id})
        if starting.read(ReadParams(dataset=new_id(), name=name, source=row.id, target=schema.target, join=join)):
            del st.session_state[slot]
            st.rerun()


def _sheet(preview: Preview, file: Upload, slot: str) -> str:
    """The sheet of the second file; another one is read at once."""
    at = preview.sheets.index(preview.asked.sheet)
    return st.selectbox(_("Sheet"), preview.sheets, at, key=f"{slot}-{file.id}-sheet")


def _settings(schema: Schema, preview: Preview, file: Upload, slot: str) -> JoinParams:
    """The keys, at first those of the preview, and how alike they have to be."""
    key = f"{slot}-{file.id}-{preview.asked.sheet}"  # another file or sheet begins anew
    mine = [column.name for column in schema.columns]
    found = preview.asked
    left, right = st.columns(2)
    with left:
        at = mine.index(found.key) if found.key in mine else 0  # the table may have been read anew meanwhile
        own = st.selectbox(_("Key in this table"), mine, at, key=f"{key}-own")
    with right:
        label = _("Key in {file}").format(file=plain(file.name))
        theirs = st.selectbox(label, preview.columns, preview.columns.index(found.other_key), key=f"{key}-theirs")
    ways = {"same": _("the same in both"), "similar": _("similar, too")}
    way = st.segmented_control(
        _("Keys match if they are"),
        list(ways),
        default="same" if found.similarity is None else "similar",
        required=True,
        format_func=ways.__getitem__,
        key=f"{key}-way",
        help=_("Spaces around a key don't count, and 7 is 7.0. Similar keys are for misspelled words."),
    )
    similarity = None
    if way == "similar":
        similarity = st.slider(
            _("At least so similar"), 0.5, 1.0, found.similarity or USUAL_SIMILARITY, 0.05, key=f"{key}-similarity",
            help=_("The share of letters that two keys have in common, in the same order."),
        )  # fmt: skip
    ignore_case = st.checkbox(_("Capital letters don't matter"), found.ignore_case, key=f"{key}-case")
    return JoinParams(key=own, other_key=theirs, sheet=found.sheet, ignore_case=ignore_case, similarity=similarity)


def _without_repeats(asked: JoinParams) -> JoinParams:
    return asked.model_copy(update={"repeats": "refuse", "upload": ""})


def _repeats(report: JoinReport, slot: str) -> str:
    """What is done where several rows of the second file have one key."""
    times = _("“{key}” ({n} times)")
    shown = ", ".join(
        [times.format(key=plain(one.key), n=numbers.count(one.n_rows)) for one in report.repeated[:5]] or ["…"]
    )
    text = _n(
        "{n} key of the second file has several rows: {shown}.",
        "{n} keys of the second file have several rows: {shown}.",
        report.n_repeated,
    )
    st.warning(text.format(n=numbers.count(report.n_repeated), shown=shown), icon=":material/content_copy:")
    ways = {"first": _("take the first"), "average": _("count them, average numbers, take the most frequent word")}
    chosen = st.radio(
        _("Of several rows with one key"), list(ways), None, format_func=ways.__getitem__, key=f"{slot}-repeats"
    )
    return chosen or "refuse"
