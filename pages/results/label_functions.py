"""Who voted for labels, in the Advice view: what each votes for, how often, and how often it is right."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.results.advice import LabelFunction
from pages.shared import names
from pages.shared.charts import display
from pages.shared.i18n import _
from pages.shared.markup import plain


def draw(functions: list[LabelFunction]) -> None:
    """The table of those who voted, with what its columns mean."""
    kinds = {
        "rule": _("keyword rule"),
        "names": _("likeness to class names"),
        "prompt": _("the instruct model, asked"),
    }
    st.markdown(
        _("**Who voted for labels**"),
        help=plain(
            _("Each votes on rows, or says nothing. From all votes together, how far each may be believed is learned.")
        ),
    )
    columns = [
        _("Who"), _("Votes for"), _("Kind"), _("Coverage"), _("Conflicts"), _("Accuracy, estimated"),
        _("Accuracy, measured"), _("Rows measured on"),
    ]  # fmt: skip
    frame = pd.DataFrame(
        [
            (
                one.name if one.kind == "rule" else names.encoder_label(one.name),
                one.label or _("any class"),
                kinds.get(one.kind, one.kind),
                one.coverage,
                one.conflicts,
                one.accuracy,
                one.measured,
                one.n_measured,
            )
            for one in functions
        ],
        columns=columns,
    )
    told = {
        columns[3]: _("The share of all training rows, with a label or without, that it votes on."),
        columns[4]: _("The share of all training rows on which it votes and another one votes for another class."),
        columns[5]: _("How often its votes are right, as learned from how all votes agree and from known labels."),
        columns[6]: _("How often its votes are right on rows whose label is known."),
    }
    shapes = {name: st.column_config.NumberColumn(format="percent", help=plain(text)) for name, text in told.items()}
    display.table(frame, "label-functions", name="label-functions", formats=shapes)
