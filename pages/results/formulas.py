"""The columns that a language model proposed, in the Advice view: by how much each helps, and which are used."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.results.advice import Formula
from pages.shared.charts import display
from pages.shared.i18n import _
from pages.shared.markup import plain


def draw(formulas: list[Formula], loss: str, about: str) -> None:
    """The table of formulas, in the order in which they were tried.

    loss: what it is called; about: what it means
    """
    st.markdown(
        _("**Proposed columns**"),
        help=plain(
            _(
                "The language model was told the columns and some rows that were got wrong, and wrote these formulas. "
                "Each was tried, in its order, on rows held back inside the training rows, together with those used "
                "before it; it is used where the loss falls by more than chance would do (one standard error)."
            )
        ),
    )
    fall = _("Fall of: {loss}").format(loss=loss)
    columns = [_("Formula"), _("Called by the model"), _("Used"), fall, _("Low"), _("High")]
    frame = pd.DataFrame(
        [
            (one.text, one.name.replace("_", " "), "✓" if one.used else "", one.gain, one.low, one.high)
            for one in formulas
        ],
        columns=columns,
    )
    shapes = dict.fromkeys(columns[3:], "%.4g")
    display.table(frame, "formulas", name="formulas", formats=shapes)
    st.caption(
        plain(
            _("Low and high are the ends of a 95 % interval. Names are the language model's own. {about}").format(
                about=about
            )
        )
    )
