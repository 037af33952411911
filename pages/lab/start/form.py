"""Which models to train, for how long, with what settings, and the button that starts it."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st

from core.job_params import LanguageModelParams
from pages.lab.start import cost, source
from pages.shared import model_named, numbers
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs import starting

KIND = "lm-train"
USUAL = ("transformer", "lstm", "ngram")
FEWEST_BYTES = 1000  # of a text that can be learned from


def draw(*, busy: bool, first: bool) -> None:
    """The form, and the button that starts the job."""
    params = source.draw()
    params["models"] = _models()
    left, right = st.columns(2, vertical_alignment="bottom")
    seconds = left.select_slider(
        _("Training time of each network"), [30, 60, 120, 300, 600, 1800], 60, key="lab-seconds",
        format_func=lambda value: numbers.seconds(float(value)), persist_state="session",
    )  # fmt: skip
    params["budget_seconds"] = float(seconds)
    with right, st.expander(_("Settings"), icon=":material/tune:"):
        params |= _settings()
    cost.draw(params)
    _start(params, busy=busy, first=first)


def _models() -> list[str]:
    names = {one.name: one for one in cost.TRAINABLE}
    chosen = st.pills(
        _("Models"), list(names), default=USUAL, selection_mode="multi", key="lab-models", persist_state="session",
        format_func=lambda name: t(names[name].label), wrap=True,
    )  # fmt: skip
    for name in chosen:
        st.caption(f"**{plain(t(names[name].label))}** · {plain(t(names[name].about))}")
    return list(chosen)


def _settings() -> dict[str, Any]:
    tokenizers: dict[Literal["bpe", "unigram", "characters"], str] = {
        "bpe": _("byte pairs"), "unigram": _("unigram"), "characters": _("characters"),
    }  # fmt: skip
    tokenizer = st.selectbox(
        _("Tokeniser"), list(tokenizers), format_func=tokenizers.__getitem__, key="lab-tokenizer",
        help=_("How text is cut into the pieces a model reads: learned from your text before the models are."),
    )  # fmt: skip
    vocabulary = st.number_input(
        _("Vocabulary"), 300, 32_000, None, 100, key="lab-vocabulary", placeholder=_("as many as suit the text"),
        help=_("How many different pieces there are. More pieces, shorter texts, but each is seen less often."),
    )  # fmt: skip
    texts = st.number_input(
        _("Texts to judge by"), 0, 200, 48, key="lab-texts",
        help=_("So many texts of each model are measured: variety, repetition, coherence, copying."),
    )  # fmt: skip
    find_rate = st.checkbox(
        _("Look for a learning rate first"), key="lab-find-rate",
        help=_("A short training with an ever higher rate: where the loss falls fastest. Shown, not used."),
    )  # fmt: skip
    processes = st.number_input(
        _("Processes that share the training"), 1, 8, 1, key="lab-processes",
        help=_(
            "Above 1: each takes a part of every step. Before that, some steps are made both ways, to see the same "
            "weights and the time saved. One process uses all cores of a small machine already."
        ),
    )  # fmt: skip
    lora = _("With LoRA: few weights are added and trained.")
    tune = st.selectbox(
        _("Fine-tune a pretrained model, too"), ["", "smollm2"], key="lab-tune", accept_new_options=True,
        format_func=lambda name: {"": _("none"), "smollm2": "SmolLM2 (135M)"}.get(name, name),
        help=lora + " " + model_named.about(),
    )  # fmt: skip
    if tune and tune != "smollm2":
        model_named.draw(tune)
    steps = st.number_input(
        _("Steps of fine-tuning"), 1, 2000, 60, key="lab-tune-steps", disabled=not tune,
        help=_("On two cores a step of the bundled model takes some seconds."),
    )  # fmt: skip
    seed = st.number_input(_("Seed"), 0, 2**31 - 1, 0, key="lab-train-seed")
    return {
        "find_rate": find_rate,
        "processes": int(processes),
        "tune": tune or "",
        "tune_steps": int(steps),
        "tokenizer": tokenizer,
        "vocabulary": None if vocabulary is None else int(vocabulary),
        "texts": int(texts),
        "seed": int(seed),
    }


def _start(params: dict[str, Any], *, busy: bool, first: bool) -> None:
    missing = _missing(params)
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if missing:
            st.caption(missing)
        pressed = st.button(
            _("Train"), type="primary" if first and not busy else "secondary", icon=":material/play_arrow:",
            disabled=busy or bool(missing), key="lab-train",
        )  # fmt: skip
    if pressed:
        wanted = LanguageModelParams.model_validate(params)
        if starting.submit(KIND, wanted, params.get("dataset") or ""):
            st.rerun()


def _missing(params: dict[str, Any]) -> str:
    """What is still needed, in a sentence; empty if nothing is."""
    if not params["models"]:
        return _("Choose at least one model.")
    if params["source"] == "text" and len(params["text"].encode()) < FEWEST_BYTES:
        return _("Paste at least {n} bytes of text.").format(n=numbers.count(FEWEST_BYTES))
    if params["source"] == "upload" and not params["upload"]:
        return _("Drop a text file first.")
    return ""
