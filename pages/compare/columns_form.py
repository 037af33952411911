"""Which columns a comparison learns from, and how each text is read."""

from __future__ import annotations

import streamlit as st

from core.data.schema import Column, Schema
from core.plan import EncoderChoice
from pages.compare import encoder_form
from pages.shared import numbers
from pages.shared.i18n import _, t
from pages.shared.markup import plain, short


def masked(schema: Schema) -> list[str]:
    """Columns that were masked on the Data page: a run says so, too."""
    return [column.name for column in schema.columns if column.masked]


def encoder(column: Column | None, key: str) -> EncoderChoice:
    """How one text column is read."""
    if column is None:
        return EncoderChoice()
    with st.expander(_("How “{column}” is read").format(column=short(column.name)), icon=":material/translate:"):
        return encoder_form.draw(column.name, column.read_in, f"{key}-text-{column.name}")


def draw(schema: Schema, key: str) -> tuple[list[str], list[str]]:
    """Which columns take part; those left out with the reason, and the way to keep them.  →  dropped, kept"""
    part = schema.names("text", "number", "category", "date")
    out = [column for column in schema.columns if column.role in {"id", "ignored"}]
    label = _("Columns that take part: {n}, left out: {m}").format(
        n=numbers.count(len(part)), m=numbers.count(len(out))
    )
    with st.expander(label, icon=":material/view_column:"):
        chosen = st.multiselect(
            _("Columns to learn from"), part, part, key=f"{key}-columns", persist_state="session"
        )  # fmt: skip
        kept = []
        for place, column in enumerate(out):
            label = _("Keep {column}").format(column=short(column.name))
            if st.checkbox(label, key=f"{key}-keep-{place}-{column.name}", persist_state="session"):
                kept.append(column.name)
            st.caption(plain(t(column.reason)))
    return [name for name in part if name not in chosen], kept
