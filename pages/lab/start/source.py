"""What a model of the lab is to learn from: the text, what a document of it is, about how large it is."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.data import schema
from core.data.roles import language_id
from core.data.texts import documents
from pages.data.reading import documents_form
from pages.shared import state, upload
from pages.shared.i18n import _
from pages.shared.markup import plain
from pages.shared.session import current

TEXTS = ".txt,.text,.md,.log"
BYTES_OF_A_CELL = 100  # about


def draw() -> dict[str, Any]:
    """Where the text comes from, and what is asked about it.  →  that part of the job's parameters"""
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
        found |= {"dataset": row.id} | _column(row.id, schema, texts)
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


def _column(dataset: str, described: schema.Schema | None, texts: list[str]) -> dict[str, str]:
    """The column of texts, and the one whose class stands before each."""
    left, right = st.columns(2)
    column = left.selectbox(_("Texts"), texts, key=f"lab-column-{dataset}")
    classes = described.names("target", "category") if described else []
    beside = right.selectbox(
        _("Class before each text"),
        ["", *classes],
        key=f"lab-beside-{dataset}",
        format_func=lambda name: name or _("none"),
        help=plain(
            _(
                "Each text then begins with its class, such as “mood: bad”. A model that learned from it writes a text "
                "of a class when the prompt begins so."
            )
        ),
    )
    return {"column": column or "", "beside": beside or ""}


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


def text_size(params: dict[str, Any]) -> tuple[int, str]:
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
