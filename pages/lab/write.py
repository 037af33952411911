"""Generation: one prompt feeds all models; their texts grow side by side and can be stopped."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.jobs.resident.client import Call
from core.results.language.inspection import AskGenerate, GeneratedTexts
from core.results.language.laboratory import LabModel
from pages.lab import ask
from pages.lab import settings as lab_settings
from pages.shared import numbers
from pages.shared.i18n import _, _n
from pages.shared.markup import block, plain
from pages.shared.runs import starting

LOOK_SECONDS = 0.4


def draw(run: str, models: list[LabModel], prompt: str) -> None:
    """Settings, the button, and a column of texts per model."""
    with st.expander(_("How the next token is chosen"), icon=":material/tune:"):
        settings = lab_settings.draw("lab-write")
        left, right = st.columns(2)
        n = left.slider(_("Texts of each model"), 1, 4, 1, key="lab-write-n", persist_state="session")
        stop = right.text_input(
            _("Stop at"), key="lab-write-stop", persist_state="session", max_chars=40,
            help=_("A text ends where it would say this. Empty: it ends by itself or when it is long enough."),
        )  # fmt: skip
    asked = [
        AskGenerate(
            model=ask.trained(run, model), text=prompt, settings=settings, n=int(n), stop=[stop] if stop else []
        )
        for model in models
    ]
    with st.container(horizontal=True, horizontal_alignment="right"):
        pressed = st.button(_("Write"), type="primary", icon=":material/edit_note:", key="lab-write")
    about = [one.model_dump_json() for one in asked]
    if pressed:
        texts = [
            Written(ask.label(model), prompt, ask.call("lm-generate", one))
            for model, one in zip(models, asked, strict=True)
        ]
        st.session_state["lab-written"] = run, about, texts
    of_run, settled, written = st.session_state.get("lab-written", ("", [], []))
    if of_run != run or not written:
        st.caption(_("Press Write: each model goes on from the prompt, in its own words."))
        return
    if settled != about:
        st.caption(_("These texts were written with the settings before. Press Write to write anew."))
    if any(one.call.active for one in written):
        st.fragment(_growing, run_every=LOOK_SECONDS)(written)
    else:
        _texts(written)


@dataclass(frozen=True)
class Written:
    """What a model was asked to write, as it was asked."""

    model: str
    prompt: str
    call: Call


def _growing(written: list[Written]) -> None:
    if not any(one.call.active for one in written):
        st.rerun()
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(_("Stop"), icon=":material/stop_circle:", key="lab-stop"):
            for one in written:
                one.call.cancel()
    _texts(written)


def _texts(written: list[Written]) -> None:
    for column, one in zip(st.columns(len(written)), written, strict=True):
        with column:
            st.markdown(f"**{plain(one.model)}**")
            found = ask.newest(GeneratedTexts, one.call)
            if found is None and one.call.error is not None:
                starting.show_error(one.call.error)
                continue
            if found is None:
                st.caption(_("Asking the model"))
                continue
            for text, ended in zip(found.texts, found.ended, strict=True):
                block(one.prompt + text)
                st.caption(_ended(ended, one.call.active))
            speed = found.tokens / found.seconds if found.seconds else None
            words = _n(
                "{n} token in {time}, {speed} per second", "{n} tokens in {time}, {speed} per second", found.tokens
            )
            st.caption(
                plain(
                    words.format(
                        n=numbers.count(found.tokens), time=numbers.seconds(found.seconds),
                        speed=numbers.figure(speed, 2),
                    )
                )
            )  # fmt: skip


def _ended(ended: str | None, active: bool) -> str:
    if ended is None:
        return _("writing …") if active else _("It was stopped here.")
    return {
        "end": _("It ended by itself."),
        "length": _("It reached its longest length."),
        "stop": _("It came to where it should stop."),
    }[ended]
