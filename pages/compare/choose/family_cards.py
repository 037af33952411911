"""The families on the Compare page: cards in rows by kind."""

from __future__ import annotations

import streamlit as st

from core import catalog
from core.catalog import Fusion, Task
from core.data.schema import Schema
from pages.compare.choose import families, variants
from pages.shared.i18n import _, t
from pages.ways import numbered

USUAL = ("dummy", "columns", "classical", "cooperative")  # families that are chosen at first


def draw(schema: Schema, task: Task, key: str) -> list[families.Family]:
    """Rows of cards, each with its sentence; under a row, what may be chosen of the families in it."""
    st.markdown(_("**What to compare**"))
    chosen: list[families.Family] = []
    for title, about, fusions in _rows(schema, task):
        st.markdown(f"**{title}**")
        st.caption(about)
        with st.container(horizontal=True):
            wanted = [fusion for fusion in fusions if _card(fusion, key)]
        chosen += [variants.draw(fusion, key) for fusion in wanted]
    return chosen


def _rows(schema: Schema, task: Task) -> list[tuple[str, str, list[Fusion]]]:
    """Title, sentence and families of each row; what can't apply to this table is not there."""
    has = {"text": bool(schema.names("text")), "columns": bool(schema.names("number", "category", "date"))}
    fitting = [
        fusion
        for fusion in catalog.FUSIONS
        if has.get(fusion.needs, True) and not (fusion.classes_only and task == "regression")
    ]
    to_beat = _(
        "Guessing, each half alone, and both without a language model. A fusion that does not beat them is not worth "
        "what it costs."
    )
    rows = [(_("Baselines"), to_beat, [fusion for fusion in fitting if fusion.baseline])]
    rows += [
        (title, about, [fusion for fusion in fitting if fusion.way == way])
        for way, (title, about) in numbered.titles().items()
    ]
    left = _("Amalgam tries many candidates itself and keeps the best.")
    rows.append((_("Left to Amalgam"), left, [one for one in fitting if not one.baseline and not one.way]))
    return [row for row in rows if row[2]]


def _card(fusion: Fusion, key: str) -> bool:
    with st.container(border=True, width=230, height="stretch"):
        wanted = st.checkbox(
            t(fusion.label), fusion.name in USUAL, key=f"{key}-family-{fusion.name}", persist_state="session"
        )
        st.caption(t(fusion.about))
    return bool(wanted)
