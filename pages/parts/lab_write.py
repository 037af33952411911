"""Generation: one prompt feeds all models; their texts grow side by side and can be stopped."""

from __future__ import annotations

import streamlit as st

from core.evaluate.language_lab import LabModel
from core.evaluate.language_seeing import AskGenerate, GeneratedTexts
from core.jobs.resident import Call
from pages.parts import lab_ask, lab_settings, numbers, starting
from pages.parts.plain import block, plain
from pages.parts.words import _

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
            model=lab_ask.trained(run, model), text=prompt, settings=settings, n=int(n), stop=[stop] if stop else []
        )
        for model in models
    ]
    with st.container(horizontal=True, horizontal_alignment="right"):
        pressed = st.button(_("Write"), type="primary", icon=":material/edit_note:", key="lab-write")
    if pressed:
        st.session_state["lab-written"] = [lab_ask.call("lm-generate", one) for one in asked]
        st.session_state["lab-written-about"] = [one.model_dump_json() for one in asked]
    calls: list[Call] = st.session_state.get("lab-written", [])
    about = st.session_state.get("lab-written-about", [])
    if not calls or len(calls) != len(models):
        st.caption(_("Press Write: each model goes on from the prompt, in its own words."))
        return
    if about != [one.model_dump_json() for one in asked]:
        st.caption(_("These texts were written with the settings before. Press Write to write anew."))
    if any(call.active for call in calls):
        st.fragment(_growing, run_every=LOOK_SECONDS)(models, calls, prompt)
    else:
        _texts(models, calls, prompt)


def _growing(models: list[LabModel], calls: list[Call], prompt: str) -> None:
    if not any(call.active for call in calls):
        st.rerun()
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(_("Stop"), icon=":material/stop_circle:", key="lab-stop"):
            for call in calls:
                call.cancel()
    _texts(models, calls, prompt)


def _texts(models: list[LabModel], calls: list[Call], prompt: str) -> None:
    for column, model, call in zip(st.columns(len(models)), models, calls, strict=True):
        with column:
            st.markdown(f"**{plain(lab_ask.label(model))}**")
            found = lab_ask.newest(GeneratedTexts, call)
            if found is None and call.error is not None:
                starting.show_error(call.error)
                continue
            if found is None:
                st.caption(_("Asking the model"))
                continue
            for text, ended in zip(found.texts, found.ended, strict=True):
                block(prompt + text)
                st.caption(_ended(ended, call.active))
            speed = found.tokens / found.seconds if found.seconds else None
            words = _("{n} tokens in {time}, {speed} per second")
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
