"""The smallest changes that change the answer: what may change, and the search as it goes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.explain.asked_elsewhere import in_time
from core.job_params import CounterfactualParams, WhatIfParams
from core.jobs.resident.client import Call
from core.messages import Cancelled
from core.results.explanations.what_if import Counterfactuals, WhatIf
from core.workspace import RunRow
from pages.explain import elsewhere
from pages.explain.what_if import found
from pages.explain.what_if.state import Sheet
from pages.shared import numbers, state
from pages.shared.i18n import _, _n
from pages.shared.runs import starting
from pages.shared.session.slots import Slot

LOOK_SECONDS = 0.5
MANY = 200  # values: a column like that tells rows apart more than it describes them


def draw(sheet: Sheet, params: WhatIfParams, now: WhatIf, row: RunRow, ms_per_row: float) -> None:
    """The form, the search, its answers."""
    st.markdown(_("**Smallest change that flips it**"))
    st.caption(
        _("Looks for few changes, to values and words seen in training, that change the model's answer. It says what "
          "the model would do, not what would happen in the world.")
    )  # fmt: skip
    slot: Slot[tuple[dict[str, Any], Call] | None] = Slot(f"{sheet.key}-flips", None)
    kept = slot.get()
    busy = kept is not None and kept[1].active
    asked = _form(sheet, params, now)
    elsewhere.draw(row, params.candidate, lambda manifest: in_time(manifest, ms_per_row, asked.budget_seconds))
    label = _("Smallest change that flips it") if now.number is None else _("Smallest change that passes it")
    if st.button(label, icon=":material/swap_horiz:", key=f"{sheet.key}-flip", disabled=busy or asked.columns == []):
        kept = (sheet.changes, Call(state.workspace(), "counterfactual", asked.model_dump(mode="json"), state.owner()))
        slot.set(kept)
        busy = True
    if kept is None:
        return
    changes, call = kept
    if busy:
        st.fragment(_live, run_every=LOOK_SECONDS)(call)
        return
    if call.error is not None and not isinstance(call.error, Cancelled):
        starting.show_error(call.error)
    result = _newest(call)
    if result is not None:
        found.draw(sheet, result, changes)
    elif isinstance(call.error, Cancelled):
        st.caption(_("It was stopped before anything was found."))


def _form(sheet: Sheet, params: WhatIfParams, now: WhatIf) -> CounterfactualParams:
    names = [need.name for need in sheet.manifest.columns]
    texts = any(need.role == "text" for need in sheet.manifest.columns)
    left, middle, right = st.columns([3, 1, 2])
    usual = [need.name for need in sheet.manifest.columns if len(need.values) < MANY]
    columns = left.multiselect(
        _("What may change"), names, default=usual or names, key=f"{sheet.key}-may-change",
        help=_("Columns of very many values, such as names, take part only if you add them."),
    )  # fmt: skip
    most_words = 0
    if texts:
        most_words = middle.number_input(
            _("Words per text"), 0, 8, 3, key=f"{sheet.key}-most-words",
            help=_("At most so many words of a text are deleted or replaced by words that are used alike."),
        )  # fmt: skip
    wanted, threshold = None, None
    if now.number is not None:
        threshold = right.number_input(
            _("To the other side of"), value=float(f"{now.explanation.base:.3g}"), key=f"{sheet.key}-threshold",
            format="%g", help=_("It starts with what the model says on average."),
        )  # fmt: skip
    else:
        others = [label for label in now.probabilities if label != now.prediction]
        wanted = right.selectbox(
            _("To which answer"), others, index=None, placeholder=_("any other"), key=f"{sheet.key}-wanted",
            format_func=str,
        )  # fmt: skip
    return CounterfactualParams(
        run=params.run,
        candidate=params.candidate,
        row=params.row,
        changes=sheet.changes,
        columns=columns,
        most_words=int(most_words),
        wanted=wanted,
        threshold=threshold,
    )


def _live(call: Call) -> None:
    if not call.active:
        st.rerun()
    so_far = _newest(call)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        if so_far is None:
            st.caption(_("Trying single changes …"))
        else:
            line = _n(
                "{n} changed row tried, answers so far: {found} …",
                "{n} changed rows tried, answers so far: {found} …",
                so_far.tried,
            )
            st.caption(line.format(n=numbers.count(so_far.tried), found=len(so_far.found)))
        st.button(_("Cancel"), icon=":material/stop_circle:", key="flips-cancel", on_click=call.cancel)


def _newest(call: Call) -> Counterfactuals | None:
    found = call.result or (call.parts[-1] if call.parts else None)
    return Counterfactuals.model_validate(found) if found else None
