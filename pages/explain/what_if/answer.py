"""What the model says of a row with some cells changed, beside what it said before."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from core.job_params import WhatIfParams
from core.jobs.resident.client import Call
from core.results.explanations.what_if import WhatIf
from pages.explain import common
from pages.explain.row import charts as row_charts
from pages.explain.what_if import charts
from pages.explain.what_if import state as what_if_state
from pages.explain.what_if.state import Sheet
from pages.shared import numbers, state
from pages.shared.charts import display
from pages.shared.i18n import _, t
from pages.shared.markup import plain, short
from pages.shared.runs import starting

FIRST_SECONDS = 40.0  # the model may have to be opened
LOOK_SECONDS = 0.4


def draw(sheet: Sheet, params: WhatIfParams) -> WhatIf | None:
    """The answer, its bars and its words, each as soon as it is there; None: there is none."""
    first = _call(sheet, "before", params.model_copy(update={"words": False}))
    before = _wait(first)
    if before is None:
        return None
    label = before.explanation.label or None
    asked = params.model_copy(update={"changes": sheet.changes, "label": label})
    call = _call(sheet, "now", asked)
    now = _wait(call)
    if now is None:
        return None
    st.markdown(_headline(before, now, changed=bool(sheet.changes)))
    for message in now.notes:
        st.caption(plain(t(message)))
    _charts(sheet, before, now)
    if call.active:
        st.fragment(_words_to_come, run_every=LOOK_SECONDS)(call)
    elif call.result is not None:
        _words(WhatIf.model_validate(call.result))
    elif call.error is not None:
        starting.show_error(call.error)
    return now


def _call(sheet: Sheet, which: str, params: WhatIfParams) -> Call:
    make = partial(Call, state.workspace(), "what-if", params.model_dump(mode="json"), state.owner())
    return what_if_state.call(sheet.key, which, params, make)


def _wait(call: Call) -> WhatIf | None:
    """The newest that is known of an answer, once anything is; else the reason why there is none."""
    if call.active and not call.parts:
        call.wait(0.3, parts=1)
    if call.active and not call.parts:
        with st.spinner(_("Asking the model")):
            call.wait(FIRST_SECONDS, parts=1)
    found = call.result or (call.parts[-1] if call.parts else None)
    if found is not None:
        return WhatIf.model_validate(found)
    if call.error is not None:
        starting.show_error(call.error)
    else:
        st.warning(_("The model has not answered yet. Try again in a moment."))
    st.button(_("Ask again"), icon=":material/refresh:", key="what-if-again")
    return None


def _headline(before: WhatIf, now: WhatIf, *, changed: bool) -> str:
    if now.number is not None and before.number is not None:
        was, said = numbers.figure(before.number), numbers.figure(now.number)
        if not changed:
            return _("The model says **{now}**.").format(now=said)
        return _("Was {before}, is now **{now}** ({change}).").format(
            before=was, now=said, change=numbers.signed(now.number - before.number)
        )
    said = _called(now)
    if not changed:
        return _("The model says {now}.").format(now=said)
    if now.prediction == before.prediction:
        line = _("Still {now}; it was {before}.")
    else:
        line = _("**The answer changes**: {now}; it was {before}.")
    return line.format(now=said, before=_called(before))


def _called(answer: WhatIf) -> str:
    probability = answer.probabilities.get(answer.prediction)
    return f"**“{short(answer.prediction)}”** ({numbers.figure(probability)})"


def _charts(sheet: Sheet, before: WhatIf, now: WhatIf) -> None:
    unit, label = common.unit_words(now.unit), now.explanation.label
    if now.probabilities:
        frame = _compared(sheet, charts.probabilities(before, now))
        display.show(
            charts.pairs(frame, "class", _("probability")),
            f"{sheet.key}-classes",
            frame,
            name="what_if_classes",
            alt=_("Probability of each class before and after the change"),
        )
    frame = _compared(sheet, charts.effects(before, now))
    if label:
        st.markdown(_("**What each column does to “{label}”**").format(label=short(label)))
    else:
        st.markdown(_("**What each column does to the number**"))
    display.show(
        charts.pairs(frame, "column", _("effect ({unit})").format(unit=unit)),
        f"{sheet.key}-bars",
        frame,
        name="what_if",
        alt=_("Effect of each column before and after the change"),
    )


def _compared(sheet: Sheet, frame: pd.DataFrame) -> pd.DataFrame:
    """Without what was before, where nothing has changed."""
    return frame if sheet.changes else frame.drop(columns=["before", "cell_before"], errors="ignore")


def _words_to_come(call: Call) -> None:
    if not call.active:
        st.rerun()
    st.caption(_("Opening the texts into words …"))


def _words(now: WhatIf) -> None:
    for column in (one for one in now.explanation.columns if one.parts):
        st.markdown(f"**{plain(column.name)}**")
        st.markdown(row_charts.shaded(column.shown, column.parts))
        if now.explanation.label:
            line = _("Blue words push toward “{label}”, orange ones away from it.")
            st.caption(line.format(label=short(now.explanation.label)))
        else:
            st.caption(_("Blue words push the number up, orange ones down."))
