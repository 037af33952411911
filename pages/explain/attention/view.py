"""Attention and layers: where each head of a text encoder looks, and how little that says about the answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st

from core.explain.row.estimate import row_seconds
from core.job_params import AttentionParams
from core.jobs import client
from core.results.comparison import Comparison
from core.results.explanations.attention import ATTENTION_FILE, WEIGHTS_FILE, Attention
from core.results.explanations.rows import Explanation
from core.workspace import RunRow
from pages.explain import common, row_picker
from pages.explain.attention import beside, charts
from pages.shared import numbers, state
from pages.shared.charts import display
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain, short
from pages.shared.runs import job_panel
from pages.shared.session import current

COUNTING = {"", "tfidf", "bow", "tfidf-svd"}  # encoders without attention; "": none
LOOKING = 3.0  # seconds for one text once the model is there


def draw(row: RunRow, result: Comparison, name: str) -> None:
    """The form, the job, the heads and the rollout."""
    st.caption(
        _(
            "A Transformer reads a text in layers. In each, several heads let every token look at the others: "
            "attention says where a head looks. It is not what decides the answer; the Shapley values beside it are."
        )
    )
    line = result.candidate(name)
    if line is None or (line.encoder or "") in COUNTING:
        st.info(
            _(
                "This candidate reads no text with a Transformer, so there is no attention to show. Choose one with "
                "MiniLM, E5 or SmolLM2, frozen, tuned or joint."
            ),
            icon=":material/visibility_off:",
        )
        return
    shown = common.newest("attention", Attention, ATTENTION_FILE, row, name)
    _start(row, result, name, first=shown is None)
    job_panel.panel("attention", row.dataset)
    if shown is None:
        st.caption(_("No text has been looked at yet. Choose a row, or type a text, and press Look."))
        return
    job, found = shown
    path = client.folder(state.workspace(), job.id) / WEIGHTS_FILE
    if path.exists():
        _heads(found, path, job.id)
    beside.draw(found)


def _start(row: RunRow, result: Comparison, name: str, *, first: bool) -> None:
    position = row_picker.draw(row, current.require_dataset(), result, name)
    typed = st.text_area(
        _("Or type a text"), key=f"attention-text-{row.id}", max_chars=2000, height=70, persist_state="session",
        help=_("It takes the place of the row's own text; the row's other columns stay as they are."),
    )  # fmt: skip
    schema = state.schema(row.dataset)
    texts = schema.names("text") if schema else []
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        column = st.selectbox(_("Text column"), texts, key=f"attention-column-{row.id}") if len(texts) > 1 else None
        label = common.class_box(row, result, "attention")
    with right:
        output = common.output_box(result, "attention")
    column = column or (texts[0] if texts else None)
    line = result.candidate(name)
    cost = row_seconds(common.columns_used(row.dataset), 1, (line.ms_per_row if line else None) or 1.0)
    words = _("This takes about {time}; longer the first time, when the encoder has to be unpacked.")
    place = common.start_place(words.format(time=numbers.seconds(cost + LOOKING)))
    if common.start_button(place, "attention", row.dataset, _("Look"), ":material/visibility:", first=first):
        kept = common.newest("explain", Explanation, "explanation.json", row, name)
        params = AttentionParams(
            run=row.id, candidate=name, row=position, column=column, text=(typed or "").strip() or None, label=label,
            output=output, explanation=kept[0].id if kept else None,
        )  # fmt: skip
        common.start("attention", params, row.dataset)


def _heads(found: Attention, path: Path, key: str) -> None:
    """One head as a table of tokens, and all heads of its layer, small."""
    weights = np.load(path, mmap_mode="r", allow_pickle=False)  # (layers, heads, tokens, tokens)
    heading = _("**Where {encoder} looks in “{text}”**")
    encoder = t(found.encoder)
    encoder = _("{encoder}, tuned on the target").format(encoder=encoder) if found.tuned else encoder
    st.markdown(heading.format(encoder=plain(encoder), text=short(found.text)))
    for note in found.notes:
        st.caption(plain(t(note)))
    if found.causal:
        st.caption(
            _(
                "This model reads from left to right: a token sees only itself and those before it, and spare "
                "attention goes to the first token."
            )
        )
    left, right = st.columns(2)
    with left:
        layer = _number(_("Layer"), found.n_layers, f"attention-layer-{key}", found.n_layers)
    with right:
        head = _number(_("Head"), found.n_heads, f"attention-head-{key}", 1)
    st.caption(
        _(
            "Each line is a token, and its cells say how its look is shared among the tokens of the columns: a line "
            "sums to 1."
        )
    )
    tokens = [token.text for token in found.tokens]
    one = np.asarray(weights[layer - 1, head - 1], dtype=float)
    display.show(
        charts.heat(one, tokens), "attention-head", charts.matrix(one, tokens), name=f"attention-{layer}-{head}",
        alt=_n(
            "Heat map of attention: layer {layer}, head {head}; {n} token looking at itself",
            "Heat map of attention: layer {layer}, head {head}; {n} tokens looking at {n} tokens",
            len(tokens),
        ).format(layer=layer, head=head, n=len(tokens)),
    )  # fmt: skip
    with st.expander(_("All heads of layer {n}").format(n=layer), icon=":material/grid_view:"):
        every = np.asarray(weights[layer - 1], dtype=float)
        display.show(
            charts.small(every), "attention-heads", charts.long(every, tokens), name=f"attention-layer-{layer}",
            alt=_("The {n} heads of layer {layer} as small heat maps").format(n=found.n_heads, layer=layer),
        )  # fmt: skip


def _number(label: str, most: int, key: str, first: int) -> int:
    if most < 2:
        st.caption(f"{plain(label)}: 1")
        return 1
    return int(st.slider(label, 1, most, first, key=key, persist_state="session"))
