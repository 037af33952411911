"""What to train on, which models, for how long; what that costs, said before it starts."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st

from core.catalog.language import ARCHITECTURES, Architecture, memory_bytes, n_parameters, usual_vocabulary
from core.data import schema
from core.data.roles import language_id
from core.data.texts import documents
from core.plan import LanguageModelParams
from pages.data.reading import documents_form
from pages.shared import numbers, state, upload
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs import starting
from pages.shared.session import current

KIND = "lm-train"
TEXTS = ".txt,.text,.md,.log"
TRAINABLE = tuple(one for one in ARCHITECTURES.values() if one.kind in {"transformer", "lstm", "ngram"})
USUAL = ("transformer", "lstm", "ngram")
JUDGING_SECONDS = 20.0  # about, for each model, with what all need
BYTES_OF_A_CELL = 100  # about
FEWEST_BYTES = 1000  # of a text that can be learned from


def draw(*, busy: bool, first: bool) -> None:
    """The form, and the button that starts the job."""
    params = _source()
    params["models"] = _models()
    left, right = st.columns(2, vertical_alignment="bottom")
    seconds = left.select_slider(
        _("Training time of each network"), [30, 60, 120, 300, 600, 1800], 60, key="lab-seconds",
        format_func=lambda value: numbers.seconds(float(value)), persist_state="session",
    )  # fmt: skip
    params["budget_seconds"] = float(seconds)
    with right, st.expander(_("Settings"), icon=":material/tune:"):
        params |= _settings()
    _cost(params)
    _start(params, busy=busy, first=first)


def _source() -> dict[str, Any]:
    row = current.dataset()
    schema = state.schema(row.id) if row else None
    texts = schema.names("text") if schema else []
    ways = {
        "bundled": _("the Python reference that comes along"),
        "text": _("pasted text"),
        "upload": _("a text file"),
    }
    if row is not None and texts:
        ways = ways | {"column": _("a column of {table}").format(table=plain(row.name))}
    source = st.radio(
        _("Learn from"), list(ways), format_func=ways.__getitem__, horizontal=True, key="lab-source"
    )  # fmt: skip
    found: dict[str, Any] = {"source": source}
    if source == "column" and row is not None:
        found |= {"dataset": row.id, "column": st.selectbox(_("Texts"), texts, key=f"lab-column-{row.id}") or ""}
    elif source == "text":
        found["text"] = st.text_area(
            _("Text; documents with a blank line between two"), height=180, max_chars=5_000_000, key="lab-text",
            persist_state="session",
        ) or ""  # fmt: skip
        found |= {"name": _("Pasted text")} | _documents(found["text"])
    elif source == "upload":
        found |= _file()
    else:
        st.caption(_("About 320 kB of English prose and examples, cut into paragraphs; near-repeats are left out."))
    return found


def _file() -> dict[str, Any]:
    """A plain text file that has arrived, or a place to drop one."""
    if arrived := upload.drop_zone("lab-drop", multiple=False, hint=_("Plain text"), accept=TEXTS):
        st.session_state["lab-upload"] = arrived[0]
    kept: upload.Upload | None = st.session_state.get("lab-upload")
    if kept is None:
        return {"upload": ""}
    st.text(kept.name)
    return {"upload": kept.id, "name": kept.name} | _documents("")


def _documents(text: str) -> dict[str, Any]:
    """What a document of running text is, with the numbers where the text is at hand."""
    counts = documents.count([text.splitlines()])
    with st.expander(_("What a document is"), icon=":material/segment:"):
        known: dict[schema.Documents, int] = {"blank lines": counts.blocks, "lines": counts.lines} if text else {}
        return documents_form.draw("lab", None, known)


def _models() -> list[str]:
    names = {one.name: one for one in TRAINABLE}
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
    tune = st.selectbox(
        _("Fine-tune a pretrained model, too"), ["", "smollm2"], key="lab-tune", accept_new_options=True,
        format_func=lambda name: {"": _("none"), "smollm2": "SmolLM2 (135M)"}.get(name, name),
        help=_("With LoRA: few weights are added and trained. A Hugging Face id or a folder can be typed."),
    )  # fmt: skip
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


def _cost(params: dict[str, Any]) -> None:
    """Parameters, memory and time, before anything starts."""
    chosen = [one for one in TRAINABLE if one.name in params["models"]]
    networks = [one for one in chosen if one.kind != "ngram"]
    if not chosen:
        return
    usual = usual_vocabulary(*_text_size(params))
    vocabulary = params["vocabulary"] or max(one.vocabulary or usual for one in chosen)
    parts = [_size(one, vocabulary) for one in networks]
    memory = sum(memory_bytes(one, vocabulary) for one in networks) / 1e6
    seconds = len(networks) * params["budget_seconds"] + len(chosen) * JUDGING_SECONDS
    if networks:
        parts.append(_("{memory} of memory in training").format(memory=numbers.megabytes(memory)))
    parts.append(_("about {time} in all").format(time=numbers.seconds(seconds)))
    if params["tune"] or params["find_rate"] or params["processes"] > 1:
        parts.append(_("fine-tuning and what is checked first come on top"))
    st.caption(plain(" · ".join(parts)))


def _text_size(params: dict[str, Any]) -> tuple[int, str]:
    """About how many bytes there are to learn from, and their language, as far as that is known before reading."""
    if params["source"] == "text":
        return len(params["text"].encode()), language_id.guess([params["text"]])
    if params["source"] == "upload" and params["upload"]:
        folder = state.workspace().upload_folder(params["upload"])
        return sum(path.stat().st_size for path in folder.glob("*")), ""
    row = current.dataset()
    if params["source"] == "column" and row is not None:
        schema = state.schema(row.id)
        column = schema.column(params["column"]) if schema else None
        return row.n_rows * BYTES_OF_A_CELL, column.language if column else ""
    return 0, ""  # the bundled text is a small one


def _size(architecture: Architecture, vocabulary: int) -> str:
    count = numbers.count(n_parameters(architecture, vocabulary))
    return _("{model}: {n} parameters").format(model=t(architecture.label), n=count)


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
