"""How a file is to be read: its delimiter, encoding, sheet and the like, at first as they were found."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.data.schema import Reading, ReadOptions
from core.job_params import ReadParams
from pages.data.reading import documents_form
from pages.shared.i18n import _, listed
from pages.shared.runs import starting

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "big5", "shift_jis", "euc-kr", "cp1252", "latin-1", "cp1251")
DELIMITERS = (",", ";", "\t", "|", ":", "^", "~")
QUOTES = ('"', "'", "")
TYPED = {"parquet", "arrow"}  # files that say all of themselves


def names_of_delimiters() -> dict[str, str]:
    """Delimiters as people call them."""
    return {
        ",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar"), ":": _("colon"),
        "^": _("caret"), "~": _("tilde"), "": _("one column"),
    }  # fmt: skip


def draw(key: str, reading: Reading | None, params: ReadParams, rows: dict[str, object]) -> None:
    """Options as they were found, or “find out” where nothing is known; `rows` are those chosen by hand."""
    delimited = reading is None or reading.format in {"csv", "paste", "sample"}
    with st.form(f"read-again-{key}", border=False):
        options = _delimited(key, reading) if delimited else {}
        if reading is not None and reading.sheets:
            label = _("Sheet") if reading.format == "excel" else _("Table")
            options["sheet"] = _choice(label, reading.sheets, reading.sheet, {}, f"sheet-{key}")
        if reading is not None and not delimited and reading.format not in {"excel", "sqlite", *TYPED}:
            options["encoding"] = _encoding(key, reading)
        if reading is not None and reading.format == "text":
            options |= documents_form.draw(key, reading.documents, reading.document_counts)
        if reading is not None and reading.objects:
            options["objects"] = _objects(key, reading)
        wanted = st.form_submit_button(_("Read again"), icon=":material/refresh:")
    if reading is not None and options.get("sheet", reading.sheet) != reading.sheet:
        rows = {}  # of another sheet
    if wanted:
        chosen = ReadOptions.model_validate(options | rows).model_dump(exclude_none=True, exclude_unset=True)
        if starting.read(params.model_copy(update={"options": chosen})):
            st.rerun()


def _delimited(key: str, reading: Reading | None) -> dict[str, object]:
    left, middle, right = st.columns(3)
    with left:
        encoding = _encoding(key, reading)
        header = st.checkbox(
            _("The first line names the columns"), reading is None or reading.header, key=f"header-{key}"
        )
    with middle:
        label, found = _("Between values stands"), reading.delimiter if reading else None
        delimiter = _choice(label, DELIMITERS, found, names_of_delimiters(), f"delimiter-{key}")
        skip = st.checkbox(_("Skip lines that don't fit"), True, key=f"skip-{key}")
    with right:
        quotes = {'"': _("double quotes"), "'": _("single quotes"), "": _("no quotes")}
        found = reading.quote if reading else None
        quote = _choice(_("Around texts stand"), QUOTES, found, quotes, f"quote-{key}")
    wanted = None if reading is None and header else header
    return {
        "encoding": encoding, "delimiter": delimiter, "quote": quote, "header": wanted, "skip_bad_lines": skip,
    }  # fmt: skip


def _objects(key: str, reading: Reading) -> str | None:
    """What becomes of lists of objects."""
    ways = {"count": _("how many there are"), "explode": _("a row for each entry")}
    label = _("Lists of objects become ({columns})").format(columns=listed(reading.objects[:3]))
    return _choice(label, list(ways), "explode" if reading.exploded else "count", ways, f"objects-{key}")


def _encoding(key: str, reading: Reading | None) -> str | None:
    found = reading.encoding.lower() if reading else None
    labels = {name: name.upper() for name in (*ENCODINGS, found or "")}
    return _choice(_("Encoding"), ENCODINGS, found or None, labels, f"encoding-{key}")


def _choice(label: str, options: Sequence[str], found: str | None, labels: dict[str, str], key: str) -> str | None:
    """One of the options, the one that was found at first; None, “find out”, where nothing was."""
    every: list[str | None] = [*([] if found is not None else [None]), *options]
    if found is not None and found not in every:
        every.append(found)
    return st.selectbox(
        label,
        every,
        every.index(found),
        format_func=lambda option: _("find out") if option is None else labels.get(option, option),
        key=key,
    )
