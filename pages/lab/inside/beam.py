"""How beam search writes on: the paths it tried, and the best of them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.results.language.inspection import (
    AskBeam,
    BeamTree,
    TrainedModel,
)
from pages.lab import ask
from pages.lab.charts import decoding
from pages.shared import numbers
from pages.shared.charts import display
from pages.shared.i18n import _
from pages.shared.markup import block, plain


def draw(model: TrainedModel, prompt: str) -> None:
    """How many paths and how far, the tree of what was tried, the best path as a text."""
    left, right = st.columns(2)
    width = left.slider(_("Beams"), 1, 6, 3, key="lab-beam-width", persist_state="session")
    depth = right.slider(_("Tokens"), 2, 20, 8, key="lab-beam-depth", persist_state="session")
    asked = AskBeam(model=model, text=prompt, width=int(width), max_tokens=int(depth))
    found = ask.answer("lm-beam", BeamTree, asked)
    if found is None:
        return
    st.caption(_("The likeliest paths are kept at every step; grey ones were dropped, the blue one is the best whole."))
    frame = pd.DataFrame([node.model_dump() for node in found.nodes])
    display.show(
        decoding.beam(found), "lab-beam", frame, name="beam-search", alt=_("Tree of the paths that beam search tried")
    )
    block(prompt + found.text)
    total = next((node.total for node in found.nodes if found.best and node.number == found.best[-1]), None)
    st.caption(plain(_("Log-probability of the best path: {value}").format(value=numbers.figure(total, 3))))
