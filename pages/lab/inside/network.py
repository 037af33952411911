"""What goes on inside a trained network: where it attends, what its layers make of a text, which tokens are alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.results.language.inspection import (
    Asked,
    AskNeighbours,
    AttentionSeen,
    LayersSeen,
    Neighbours,
    TrainedModel,
)
from pages.lab import ask
from pages.lab.charts import inside
from pages.shared.charts import display
from pages.shared.i18n import _, _n


def attention(model: TrainedModel, prompt: str) -> None:
    """Where each token looks: one layer, one of its heads or their mean."""
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
        inside.attention(found, layer, heads[head or 0]), f"lab-attention-{layer}-{head}", frame,
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


def layers(model: TrainedModel, prompt: str) -> None:
    """What the network would say next if it stopped at a layer, and how far each layer moves each token."""
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
        inside.layers(found), "lab-layers", pd.DataFrame(lines), name="layers",
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


def neighbours(model: TrainedModel, prompt: str) -> None:
    """The tokens whose embeddings lie nearest to those of the prompt."""
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
