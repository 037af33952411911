"""Looking into a trained network: where it attends, what its layers make of a text, which tokens it holds alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.results.language.inspection import (
    AskBeam,
    Asked,
    AskNeighbours,
    AttentionSeen,
    BeamTree,
    LayersSeen,
    Neighbours,
    TrainedModel,
)
from core.results.language.laboratory import LabModel
from pages.lab import ask, charts
from pages.shared import numbers
from pages.shared.charts import display
from pages.shared.i18n import _, _n
from pages.shared.markup import block, plain

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
        _attention(asked, prompt)
    elif view == "layers":
        _layers(asked, prompt)
    elif view == "neighbours":
        _neighbours(asked, prompt)
    else:
        _beam(asked, prompt)


def _attention(model: TrainedModel, prompt: str) -> None:
    found = ask.answer("lm-attention", AttentionSeen, Asked(model=model, text=prompt))
    if found is None:
        return
    left, right = st.columns(2)
    layer = left.segmented_control(
        _("Layer"), list(range(len(found.weights))), default=0, required=True,
        format_func=lambda place: str(place + 1), key="lab-layer",
    )  # fmt: skip
    layer = layer or 0
    heads = [None, *range(len(found.weights[layer]))]
    head = right.segmented_control(
        _("Head"), list(range(len(heads))), default=0, required=True, key="lab-head", wrap=True,
        format_func=lambda place: _("mean") if place == 0 else str(place),
    )  # fmt: skip
    st.caption(
        _("Each line is a token and where it looks: only at itself and what came before. Attention is not attribution.")
    )
    _left_out(found.left_out)
    weights = np.asarray(found.weights[layer])
    frame = pd.DataFrame(weights[head - 1] if head else weights.mean(axis=0), columns=[*_numbered(found.pieces)])
    display.show(
        charts.attention(found, layer, heads[head or 0]), f"lab-attention-{layer}-{head}", frame,
        name="attention", alt=_("Attention weights of layer {n}").format(n=layer + 1),
    )  # fmt: skip


def _numbered(pieces: list[str]) -> list[str]:
    return [f"{number} {piece}" for number, piece in enumerate(pieces)]


def _left_out(n: int) -> None:
    if n:
        st.caption(
            _n(
                "The first token is left out: the model would not see it, or it could not be read.",
                "The first {n} tokens are left out: the model would not see them, or they could not be read.",
                n,
            ).format(n=n)
        )


def _layers(model: TrainedModel, prompt: str) -> None:
    found = ask.answer("lm-layers", LayersSeen, Asked(model=model, text=prompt))
    if found is None:
        return
    st.caption(
        _(
            "What the model would say next after each token if it stopped at that layer (the logit lens): watch a "
            "guess become surer, or change, from left to right."
        )
    )
    _left_out(found.left_out)
    lines = [
        {_("Token"): piece}
        | {
            (_("layer {n}").format(n=number) if number else _("embeddings")): layer[place][0].piece
            for number, layer in enumerate(found.guesses)
        }
        for place, piece in enumerate(found.pieces)
    ]
    display.show(
        charts.layers(found), "lab-layers", pd.DataFrame(lines), name="layers",
        alt=_("The likeliest next token after each token, layer by layer"),
    )  # fmt: skip
    with st.expander(_("How far each layer moves each token"), icon=":material/table:"):
        moves = [
            {_("Token"): piece}
            | {_("layer {n}").format(n=number): found.changes[number][place] for number in range(1, len(found.changes))}
            for place, piece in enumerate(found.pieces)
        ]
        st.caption(_("As a share of the length of the token's vector after the layer."))
        display.table(pd.DataFrame(moves), "lab-moves", name="layer-moves")


def _neighbours(model: TrainedModel, prompt: str) -> None:
    if not prompt.strip():
        st.caption(_("Type a text above to see the neighbours of its tokens."))
        return
    found = ask.answer("lm-neighbours", Neighbours, AskNeighbours(model=model, text=prompt))
    if found is None:
        return
    st.caption(_("Tokens whose embeddings point the same way, with the cosine of the angle: 1 is the same direction."))
    lines = [
        {_("Token"): one.piece, _("Nearest"): " · ".join(f"{near.piece} {near.cosine:.2f}" for near in one.near)}
        for one in found.tokens
    ]
    display.table(pd.DataFrame(lines), "lab-neighbours", name="neighbours")


def _beam(model: TrainedModel, prompt: str) -> None:
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
        charts.beam(found), "lab-beam", frame, name="beam-search", alt=_("Tree of the paths that beam search tried")
    )
    block(prompt + found.text)
    total = next((node.total for node in found.nodes if found.best and node.number == found.best[-1]), None)
    st.caption(plain(_("Log-probability of the best path: {value}").format(value=numbers.figure(total, 3))))
