"""Duplicates: looking for them as a job, what was set aside, and bringing it back."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.data import table
from core.data.duplicates import cleaning as clean
from core.data.schema import Cleaning, Report
from core.job_params import CleanParams
from core.messages import clip
from core.workspace import DatasetRow
from pages.shared import numbers, state
from pages.shared.i18n import _, _n
from pages.shared.markup import short
from pages.shared.runs import job_panel, starting

MOST_PAIRS = 20


def draw(row: DatasetRow, report: Report) -> None:
    """What is known of duplicates, and the button that looks for them or brings them back."""
    job = job_panel.panel("clean", row.id)
    cleaning = state.cleaning(row.id)
    if cleaning is not None:
        _set_aside(row, cleaning)
        return
    st.markdown(_counted(row, report))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        near = st.toggle(
            _("Also nearly equal texts"),
            True,
            key=f"near-{row.id}",
            help=_("Texts that share most of their letter sequences: retweets, copied messages, small edits."),
        )
        similarity = st.slider(
            _("How alike"), 50, 100, 90, format="%d %%", key=f"similarity-{row.id}", disabled=not near, width=260
        )
        if st.button(
            _("Set duplicates aside"),
            icon=":material/content_copy:",
            key=f"clean-{row.id}",
            disabled=bool(job and job.active),
            help=_("The first of each stays. Nothing is deleted: it can be undone."),
        ):
            params = CleanParams(dataset=row.id, near=near, similarity=similarity / 100)
            if starting.submit("clean", params, row.id):
                st.rerun()


def _counted(row: DatasetRow, report: Report) -> str:
    """How many rows equal an earlier one in every cell, and how many where ids are not compared."""
    exact, but_ids = report.n_duplicate_rows, report.n_duplicate_rows_but_ids
    found = _n(
        "{n} row repeats an earlier row exactly, in every cell.",
        "{n} rows repeat an earlier row exactly, in every cell.",
        exact,
    ).format(n=numbers.count(exact))
    schema = state.schema(row.id)
    if schema is None or not schema.names("id"):
        return found
    without = _n(
        "Without ids ({ids}): {n} row repeats an earlier one.",
        "Without ids ({ids}): {n} rows repeat an earlier one.",
        but_ids,
    )
    ids = ", ".join(short(name, 40) for name in schema.names("id")[:3])
    return f"{found} {without.format(ids=ids, n=numbers.count(but_ids))}"


def _set_aside(row: DatasetRow, cleaning: Cleaning) -> None:
    left = row.n_rows - len(cleaning.dropped)
    words = _n(
        "Duplicates set aside: {exact} exact, {but_ids} but for ids, {near} near. {left} row is left to train on.",
        "Duplicates set aside: {exact} exact, {but_ids} but for ids, {near} near. {left} rows are left to train on.",
        left,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            words.format(
                exact=numbers.count(cleaning.exact),
                but_ids=numbers.count(cleaning.but_ids),
                near=numbers.count(cleaning.near),
                left=numbers.count(left),
            ),
            width="stretch",
        )
        st.button(
            _("Undo"), icon=":material/undo:", key=f"undo-{row.id}", on_click=clean.undo, args=(state.folder(row.id),)
        )
    if cleaning.pairs:
        with st.expander(_("Examples"), icon=":material/compare_arrows:"):
            _pairs(row, cleaning)


@st.fragment
def _pairs(row: DatasetRow, cleaning: Cleaning) -> None:
    if not st.toggle(_("Show them"), key=f"pairs-{row.id}"):
        return
    pairs = cleaning.pairs[:MOST_PAIRS]
    schema = state.schema(row.id)
    texts = schema.names("text") if schema else []
    kept = table.rows(state.folder(row.id), [first for first, _second in pairs])
    dropped = table.rows(state.folder(row.id), [second for _first, second in pairs])
    column = (texts or list(kept.columns))[0]
    st.dataframe(
        pd.DataFrame(
            {
                _("Kept row"): [first + 1 for first, _second in pairs],
                _("Kept"): [clip(str(value), 160) for value in kept[column]],
                _("Row set aside"): [second + 1 for _first, second in pairs],
                _("Set aside"): [clip(str(value), 160) for value in dropped[column]],
            }
        ),
        hide_index=True,
        key=f"pairs-table-{row.id}",
    )
