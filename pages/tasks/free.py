"""A prompt box for the bundled model: whatever one likes to ask it, with its answers so far."""

from __future__ import annotations

import streamlit as st

from core.job_params import GenerateParams
from core.jobs import client
from pages.shared import answer, state
from pages.shared.datetimes import when
from pages.shared.i18n import _, language
from pages.shared.markup import plain, short

PROMPT = "task-prompt"


def templates() -> dict[str, tuple[str, str]]:
    """Ready-made prompts: name, and the text that is filled in."""
    return {
        "free": (_("Free prompt"), ""),
        "summarise": (_("Summarise"), "Summarise this text in two sentences:\n\n"),
        "answer": (_("Answer a question"), "Text: \n\nQuestion: \n\nAnswer the question from the text."),
        "translate": (_("Translate"), "Translate into French:\n\n"),
        "label": (_("Label"), "Is the mood of this text positive, negative or neutral? Answer with one word.\n\n"),
    }


def draw() -> None:
    """The prompt with its settings, the answer, earlier ones."""
    st.markdown(_("A language model writes, on this machine. It is private; it makes mistakes."))
    made = templates()
    st.segmented_control(
        _("Begin with"), list(made), default="free", required=True, format_func=lambda name: made[name][0],
        key="prompt-kind", on_change=_fill,
    )  # fmt: skip
    prompt = st.text_area(_("Prompt"), key=PROMPT, height=160, max_chars=6000, persist_state="session")
    with st.expander(_("How it writes"), icon=":material/tune:"):
        settings = _settings()
    params = GenerateParams(task="prompt", prompt=prompt or "", language=language(), **settings)
    if not (prompt or "").strip():
        st.caption(_("Write a prompt, or begin with one of the tasks above."))
    else:
        answer.draw("task", params, _("Write"), primary=True)
    _earlier()


def _fill() -> None:
    st.session_state[PROMPT] = templates()[st.session_state["prompt-kind"] or "free"][1]


def _settings() -> dict[str, float | int]:
    left, right = st.columns(2)
    return {
        "temperature": left.slider(
            _("Temperature"),
            0.0,
            2.0,
            0.7,
            0.1,
            help=_("0 always takes the likeliest word; higher is more surprising."),
        ),
        "top_p": right.slider(
            _("Top-p"), 0.05, 1.0, 0.9, 0.05, help=_("Only the likeliest words that together have this probability.")
        ),
        "max_tokens": left.slider(_("Longest answer, tokens"), 10, 600, 200, 10),
        "seed": right.number_input(_("Seed"), 0, 2**31, 0, help=_("The same seed gives the same answer.")),
    }


def _earlier() -> None:
    jobs = client.jobs(state.workspace(), state.owner(), active=False, kind="generate", limit=20)
    prompts = [job for job in jobs if job.params.get("task") == "prompt" and job.state == "done"]
    if len(prompts) < 2:
        return
    st.subheader(_("Earlier answers"), anchor=False)
    for job in prompts[1:8]:
        with st.expander(f"{short(job.params.get('prompt', ''), 60)} · {plain(when(job.created))}"):
            answer.show(job.id)
