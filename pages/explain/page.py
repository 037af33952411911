"""The Explain page: why a row was called so, what the model looks at, and how far to trust that; one view at a time."""

from __future__ import annotations

import streamlit as st

from pages.explain.attention import view as attention_view
from pages.explain.embedding_map import view as map_view
from pages.explain.global_ import view as global_view
from pages.explain.model_internals import view as model_view
from pages.explain.quality import view as quality_view
from pages.explain.row import view as row_view
from pages.explain.what_if import view as what_if_view
from pages.shared import navigation
from pages.shared.i18n import _
from pages.shared.runs import run_picker


def draw() -> None:
    """Title, candidate, the chosen view."""
    st.title(_("Explain"))
    st.markdown(_("Why does the model say what it says? Columns and words on one scale."))
    row, result, name = run_picker.draw(without=frozenset({"dummy"}))
    views = {
        "row": _("One row"),
        "whole": _("The whole data"),
        "attention": _("Attention"),
        "map": _("Map"),
        "model": _("The model itself"),
        "what-if": _("What if"),
        "trust": _("How far to trust this"),
    }
    chosen = st.segmented_control(
        _("View"), list(views), default="row", required=True, format_func=views.__getitem__, key="explain-view",
        label_visibility="collapsed", bind="query-params",
    )  # fmt: skip
    {
        "row": lambda: row_view.draw(row, result, name),
        "whole": lambda: global_view.draw(row, result, name),
        "attention": lambda: attention_view.draw(row, result, name),
        "map": lambda: map_view.draw(row, result, name),
        "model": lambda: model_view.draw(row, result, name),
        "what-if": lambda: what_if_view.draw(row, result, name),
        "trust": lambda: quality_view.draw(row, result, name),
    }[chosen or "row"]()
    navigation.next_step(_("Use the model"), "use")


draw()
