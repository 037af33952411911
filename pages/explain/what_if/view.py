"""What if: any cell of a row can be changed, and the answer and its bars follow at once."""

from __future__ import annotations

from hashlib import sha256

import streamlit as st

from core.bundles.manifest import Manifest
from core.explain.asked_elsewhere import column_answers
from core.job_params import WhatIfParams
from core.results.comparison import Comparison, candidate_folder
from core.workspace import RunRow
from pages.explain import common, elsewhere, row_picker
from pages.explain.what_if import answer, counterfactuals
from pages.explain.what_if import state as what_if_state
from pages.explain.what_if.state import Sheet
from pages.shared import state
from pages.shared.i18n import _
from pages.shared.session import current
from pages.use import row_form


def draw(row: RunRow, result: Comparison, name: str) -> None:
    """Which row, on which scale; the form and the answer."""
    bundle = candidate_folder(state.workspace().run_folder(row.id), name) / "bundle"
    manifest = state.stored(Manifest, bundle / "manifest.json")
    if manifest is None:
        current.missing(_("This candidate was not kept. Compare again."), "compare", _("Go to Compare"))
        return
    position = row_picker.draw(row, current.require_dataset(), result, name)
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        label = common.class_box(row, result, "what-if")
    with right:
        output = common.output_box(result, "what-if")
    key = "wi-" + sha256(f"{row.id}|{name}|{position}".encode()).hexdigest()[:12]
    sheet = what_if_state.sheet(key, row.dataset, manifest, position)
    params = WhatIfParams(
        run=row.id, candidate=name, row=position, label=label, output=output, words=not manifest.asked
    )
    if elsewhere.at_every_change(row, name, column_answers):
        st.fragment(_edit)(sheet, params, row, elsewhere.ms_per_row(result, name))


def _edit(sheet: Sheet, params: WhatIfParams, row: RunRow, ms_per_row: float) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        _form(sheet)
    with right:
        now = answer.draw(sheet, params)
    if now is not None:
        st.divider()
        counterfactuals.draw(sheet, params, now, row, ms_per_row)


def _form(sheet: Sheet) -> None:
    st.markdown(_("**The row**"))
    st.caption(_("Change any cell; the answer follows when you leave the field or press Enter (Ctrl+Enter in a text)."))
    buttons = st.container(horizontal=True)
    with st.container(border=True):
        values = {}
        for place, need in enumerate(sheet.manifest.columns):
            key, now = sheet.widget(place), sheet.now(need.name)
            if key not in st.session_state:
                st.session_state[key] = what_if_state.start(need, now)
            more = now if need.role == "category" else None
            value = row_form.field(need, key, more=more, layout=sheet.manifest.layout_of(need.name))
            values[need.name] = now if what_if_state.same(need, value, now) else value
    sheet.set({name: value for name, value in values.items() if value != sheet.base[name]})
    with buttons:
        st.button(
            _("Undo"), icon=":material/undo:", key=f"{sheet.key}-undo", on_click=sheet.undo, disabled=not sheet.can_undo
        )
        st.button(
            _("Back to the row as it is"), icon=":material/restart_alt:", key=f"{sheet.key}-reset",
            on_click=sheet.put, args=({},), disabled=not sheet.changes,
        )  # fmt: skip
