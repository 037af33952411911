"""How the next token is chosen: the usual settings, each with what it does."""

from __future__ import annotations

import streamlit as st

from core.results.language.laboratory import Decoding
from pages.shared.i18n import _


def draw(key: str, *, length: bool = True) -> Decoding:
    """Sliders for one set of settings, shared by all models asked."""
    left, middle, right = st.columns(3)
    temperature = left.slider(
        _("Temperature"), 0.0, 2.0, 0.8, 0.05, key=f"{key}-temperature", persist_state="session",
        help=_("Divides the logits: below 1 the likely becomes likelier, above 1 all becomes alike. 0 takes the top."),
    )  # fmt: skip
    top_k = middle.slider(
        _("Top-k"), 0, 100, 0, key=f"{key}-top-k", persist_state="session",
        help=_("Only so many of the likeliest tokens. 0: all."),
    )  # fmt: skip
    top_p = right.slider(
        _("Top-p"), 0.05, 1.0, 0.95, 0.05, key=f"{key}-top-p", persist_state="session",
        help=_("Only the likeliest tokens that together have this probability."),
    )  # fmt: skip
    min_p = left.slider(
        _("Min-p"), 0.0, 0.5, 0.0, 0.01, key=f"{key}-min-p", persist_state="session",
        help=_("Only tokens at least this share as likely as the likeliest. 0: all."),
    )  # fmt: skip
    penalty = middle.slider(
        _("Repetition penalty"), 1.0, 2.0, 1.0, 0.05, key=f"{key}-penalty", persist_state="session",
        help=_("Makes tokens that were there already less likely. 1: not at all."),
    )  # fmt: skip
    most, seed = 120, 0
    if length:
        most = right.slider(_("Longest text, tokens"), 10, 400, 120, 10, key=f"{key}-most", persist_state="session")
        seed = left.number_input(
            _("Seed"), 0, 2**31, 0, key=f"{key}-seed", persist_state="session",
            help=_("The same seed gives the same text."),
        )  # fmt: skip
    return Decoding(
        temperature=temperature, top_k=int(top_k), top_p=top_p, min_p=min_p, repetition_penalty=penalty,
        max_tokens=int(most), seed=int(seed),
    )  # fmt: skip
