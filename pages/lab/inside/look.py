"""Looking into a trained model: which one, and which view of it."""

from __future__ import annotations

import streamlit as st

from core.results.language.laboratory import LabModel
from pages.lab import ask
from pages.lab.inside import beam, network
from pages.shared.i18n import _

ATTENTIVE = ("transformer",)
LAYERED = ("transformer", "lstm")


def draw(run: str, models: list[LabModel], prompt: str) -> None:
    """Which model, which view."""
    names = {model.name: ask.label(model) for model in models}
    left, right = st.columns([2, 3])
    with left:
        name = st.selectbox(_("Model"), list(names), format_func=names.__getitem__, key=f"lab-inside-{run}")
    model = next(one for one in models if one.name == name)
    kind = model.card.kind if model.card is not None else ""
    views = {
        "attention": _("Attention"),
        "layers": _("Layer by layer"),
        "neighbours": _("Neighbours"),
        "beam": _("Beam search"),
    }
    with right:
        view = st.segmented_control(
            _("View"), list(views), default="attention", required=True, format_func=views.__getitem__,
            key="lab-inside-view", persist_state="session",
        )  # fmt: skip
    asked = ask.trained(run, model)
    if view != "beam" and kind == "pretrained":
        st.info(
            _("Only a model that was trained here from scratch can be looked into."), icon=":material/visibility_off:"
        )
    elif view == "attention" and kind not in ATTENTIVE:
        st.info(_("This model has no attention. Choose a Transformer."), icon=":material/visibility_off:")
    elif view in {"layers", "neighbours"} and kind not in LAYERED:
        st.info(_("This model has no layers or embeddings: it counts. Choose a network."), icon=":material/functions:")
    elif view == "attention":
        network.attention(asked, prompt)
    elif view == "layers":
        network.layers(asked, prompt)
    elif view == "neighbours":
        network.neighbours(asked, prompt)
    else:
        beam.draw(asked, prompt)
