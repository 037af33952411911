"""How one text column is read, on the Compare page: its encoder, pooling, layer and PCA."""

from __future__ import annotations

import streamlit as st

from core import catalog
from core.data.schema import Advice
from core.plan import EncoderChoice
from pages.shared import model_named, names, state
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.session import current


def draw(column: str, language: str, key: str) -> EncoderChoice:
    """How one text column becomes numbers: a bundled encoder, or any Hugging Face id or folder that is typed in."""
    own = "minilm" if language in {"en", ""} else "e5"
    options = ["", *(entry.name for entry in catalog.ENCODERS)]
    automatic = _("suits its language: {encoder}").format(encoder=names.encoder_label(own))
    name = st.selectbox(
        _("Encoder"),
        options,
        format_func=lambda option: names.encoder_label(option) if option else automatic,
        key=f"{key}-encoder",
        persist_state="session",
        accept_new_options=True,
        help=model_named.about(),
    )
    name = (name or "").strip()
    entry = catalog.encoder(name or own)
    if entry:
        st.caption(t(entry.about))
    else:
        model_named.draw(name)
    if (advice := _advice(column)) is not None:
        told = _("Advice: {encoder}. {reason}").format(
            encoder=names.encoder_label(advice.encoder), reason=t(advice.reason)
        )
        st.caption(plain(told))
    poolings = entry.poolings if entry else tuple(catalog.POOLINGS)
    layers = entry.layers if entry else 48
    pooling, layer = "", -1
    if poolings:
        pooling = st.selectbox(
            _("Pooling"),
            ["", *poolings],
            format_func=lambda option: t(catalog.POOLINGS[option]) if option else _("the encoder's own"),
            key=f"{key}-pooling",
            persist_state="session",
            help=_("How the numbers of all tokens become the numbers of the text."),
        )
    if layers:
        layer = st.number_input(
            _("Layer"),
            -1,
            layers,
            -1,
            key=f"{key}-layer",
            persist_state="session",
            help=_(
                "Which hidden layer is read; −1 is the last. Middle layers know more of words, late ones of meaning."
            ),
        )
    return EncoderChoice(name=name, pooling=pooling or "", layer=int(layer), pca_variance=_pca(key))


def _advice(column: str) -> Advice | None:
    """Which encoder suits a column of the current data set, by what was measured when it was read."""
    row = current.dataset()
    report = None if row is None else state.report(row.id)
    return next((entry.advice for entry in report.columns if entry.name == column), None) if report else None


def _pca(key: str) -> float | None:
    wanted = st.toggle(
        _("Condense with PCA"),
        key=f"{key}-pca",
        persist_state="session",
        help=_(
            "Fewer numbers per text: faster trees, sometimes a little worse. The share kept is shown in the results."
        ),
    )
    if not wanted:
        return None
    share = st.slider(
        _("Share of the variance kept"), 50, 99, 90, format="%d %%", key=f"{key}-variance", persist_state="session"
    )
    return share / 100
