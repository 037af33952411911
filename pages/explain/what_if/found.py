"""The changes that were found to change the answer: a card each, in words, and all as a table."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.results.explanations.what_if import Change, Counterfactual, Counterfactuals
from pages.explain.what_if.state import Sheet
from pages.shared import numbers
from pages.shared.charts import display
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain, short

TYPICAL, ODD = 0.75, 0.95  # shares of training rows that lie nearer to their nearest one


def draw(sheet: Sheet, result: Counterfactuals, changes: dict[str, Any]) -> None:
    """A card for each answer, the smallest first, or that there is none; and how much was tried."""
    tried = _n("{n} changed row tried in {time}.", "{n} changed rows tried in {time}.", result.tried).format(
        n=numbers.count(result.tried), time=numbers.seconds(result.seconds)
    )
    if not result.found:
        depth = max(1, result.depth)
        line = _n(
            "No change was found that does it, with {depth} change at a time.",
            "No change was found that does it, with up to {depth} changes at once.",
            depth,
        )
        if not result.complete:
            line = _n(
                "No change was found in the time there was, with {depth} change at a time.",
                "No change was found in the time there was, with up to {depth} changes at once.",
                depth,
            )
        st.markdown(line.format(depth=depth))
        st.caption(
            plain(
                tried + " " + _("That does not prove that there is none: try more columns, or more words of the text.")
            )
        )
        return
    for number, one in enumerate(result.found):
        _card(sheet, one, changes, f"{sheet.key}-flip-{number}")
    if not result.complete:
        tried += " " + _("The time was over before all was tried; there may be smaller changes.")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(plain(tried))
        display.download(_table(result), f"{sheet.key}-flips-csv", "counterfactuals")


def _card(sheet: Sheet, one: Counterfactual, changes: dict[str, Any], key: str) -> None:
    with st.container(border=True):
        words, button = st.columns([5, 1], vertical_alignment="center")
        with words:
            st.markdown("  \n".join(_change(change) for change in one.changes))
            st.markdown(_becomes(one))
            if usual := _usual(one):
                st.caption(plain(usual))
        button.button(
            _("Try it"), icon=":material/edit:", key=key, on_click=sheet.put, args=(changes | one.values,),
            help=_("Puts these changes into the row above."),
        )  # fmt: skip


def _change(change: Change) -> str:
    if change.kind == "delete":
        line = _("{column}: “{before}” deleted")
    elif change.kind == "replace":
        line = _("{column}: “{before}” → “{after}”")
    else:
        line = _("{column}: {before} → {after}")
    text = line.format(
        column=f"**{short(change.column)}**", before=short(change.before or "–"), after=short(change.after)
    )
    return f"{text} · {plain(t(change.note))}" if change.note else text


def _becomes(one: Counterfactual) -> str:
    if one.number is not None:
        return _("→ the model says **{now}**").format(now=numbers.figure(one.number))
    line = _("→ the model says **“{label}”** ({probability})")
    return line.format(label=short(one.prediction), probability=numbers.figure(one.probability))


def _usual(one: Counterfactual) -> str:
    """Whether rows like it exist, in words; texts are not part of it, so changes of texts alone say nothing."""
    if one.unusual is None or one.nearest is None or all(change.kind != "value" for change in one.changes):
        return ""
    share = f"{one.unusual:.0%}"
    if one.nearest == 0:
        return _("There is a training row with the same columns, texts aside.")
    if one.unusual <= TYPICAL:
        return _("Plausible: as near to a training row as most of them are to each other, texts aside.")
    if one.unusual <= ODD:
        return _("A little unusual: {share} of the training rows have a nearer neighbour, texts aside.").format(
            share=share
        )
    return _("Unlike the training rows: {share} of them have a nearer neighbour, texts aside.").format(share=share)


def _table(result: Counterfactuals) -> pd.DataFrame:
    """One line per change."""
    return pd.DataFrame(
        [
            {
                "answer": number,
                **change.model_dump(include={"column", "kind", "before", "after"}),
                **one.model_dump(include={"prediction", "number", "probability", "distance", "nearest", "unusual"}),
            }
            for number, one in enumerate(result.found, start=1)
            for change in one.changes
        ]
    )
