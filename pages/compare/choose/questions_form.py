"""Questions for a language model on the Compare page: what is asked about each text, who answers, what it takes."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.allowed import endpoint
from core.allowed.endpoint import EndpointSettings
from core.catalog.encoders import LLM
from core.catalog.providers import BUNDLED, OPENAI
from core.data.schema import Schema
from core.job_params import GenerateParams
from core.messages import UnusableData, clip
from core.providers.gguf import files as gguf_files
from core.questions import MOST, askable, of_lines, seconds_for, written
from core.workspace import DatasetRow
from pages.compare.choose import proposed
from pages.data.columns import sending
from pages.shared import numbers, state
from pages.shared.i18n import _, _n, language, t
from pages.shared.markup import plain


def draw(asked: set[str], key: str, row: DatasetRow, schema: Schema, classes: list[str]) -> tuple[list[str], str]:
    """Questions and the name of the language model, "" being the one that takes part here, as far as they are needed.

    asked: what the families that take part ask for, and the encoders
    """
    model = _language_model(key) if asked & {"questions", "model", LLM} else ""
    if model == OPENAI:
        sending.draw(row, schema, state.report(row.id))
    if "questions" not in asked:
        return [], model
    lines = _questions(key, row.n_rows, model)
    params = GenerateParams(
        task="questions",
        dataset=row.id,
        target=str(schema.target),
        classes=classes,
        language=language(),
        max_tokens=300,
    )
    proposed.draw(f"{key}-questions", params)
    return lines, model


def _questions(key: str, n_rows: int, model: str) -> list[str]:
    """One question a line; what can't be asked is said below, and left out."""
    typed = st.text_area(
        _("Questions about each text"),
        key=f"{key}-questions",
        persist_state="session",
        max_chars=MOST * 320,
        placeholder=_("Does the writer threaten to leave?\nHow angry is the writer? [1-5]"),
        help=plain(
            _(
                "One a line, answered by yes or no; a scale such as [1-5] at the end asks for a number. Each answer is "
                "a column for the classical model. Left empty, it is asked whether the text is about each class."
            )
        ),
    )
    lines = written(typed.splitlines())
    try:
        of_lines(lines)
    except UnusableData as error:
        st.error(plain(f"{t(error.message)} {t(error.hint)}".strip()), icon=":material/error:")
        lines = askable(lines)
        st.caption(
            _n("{n} question is asked as it stands.", "{n} questions are asked as they stand.", len(lines)).format(
                n=len(lines)
            )
        )
    if lines:
        _cost(model, n_rows * len(lines))
    return lines


def _language_model(key: str) -> str:
    files = [path.stem for path in _chats()]
    named = {"": _("the one that writes here"), BUNDLED: _("SmolLM2, which comes along")}
    if (there := _endpoint()) is not None:
        named[OPENAI] = _("{model} at {host}").format(model=clip(there.model), host=there.host)
    elif not files:
        return ""
    options, chosen = [*named, *dict.fromkeys(files)], f"{key}-language-model"
    if st.session_state.get(chosen, "") not in options:  # of an earlier plan; its file is gone
        del st.session_state[chosen]
    return st.selectbox(
        _("Language model that answers"),
        options,
        key=chosen,
        persist_state="session",
        format_func=lambda name: named.get(name) or clip(name),
    )


def _cost(model: str, n_answers: int) -> None:
    """How long the answers take on this machine, about; what an endpoint costs is said beside its consent."""
    if model == OPENAI:
        return
    path = next((one for one in _chats() if model in {"", one.stem}), None)
    about = numbers.seconds(seconds_for(n_answers, path.stat().st_size if path else 0))
    text = _n(
        "{n:,} answer, about {time} on one core; each is kept, and asked for once.",
        "{n:,} answers, about {time} on one core; each is kept, and asked for once.",
        n_answers,
    )
    st.caption(plain(text.format(n=n_answers, time=about)))


def _endpoint() -> EndpointSettings | None:
    """The endpoint that is set up here; one that is set up by half is none."""
    try:
        return endpoint.settings(state.workspace().home)
    except UnusableData:
        return None


def _chats() -> list[Path]:
    """The GGUF files at hand that answer in a chat, the largest first."""
    return [path for path in gguf_files.files(state.workspace().models_folder) if gguf_files.is_chat(path)]
