"""How a table was read, in words, and reading it again in another way."""

from __future__ import annotations

import streamlit as st

from core.data.schema import Reading, ReadOptions
from core.plan import ReadParams
from core.workspace import DatasetRow
from pages.parts import numbers, starting
from pages.parts.plain import plain, short
from pages.parts.words import _, t

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "big5", "shift_jis", "euc-kr", "cp1252", "latin-1", "cp1251")
DELIMITERS = (",", ";", "\t", "|", ":", "^", "~")
QUOTES = ('"', "'", "")
NAMED_LINES = 5


def names_of_delimiters() -> dict[str, str]:
    """Delimiters as people call them."""
    return {
        ",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar"), ":": _("colon"),
        "^": _("caret"), "~": _("tilde"), "": _("one column"),
    }  # fmt: skip


def sentence(reading: Reading) -> str:
    """“14,640 rows, 8 columns, UTF-8, comma. 3 rows could not be read (lines 210, 877, 4,213).”"""
    parts = [
        _("{n} rows").format(n=numbers.count(reading.n_rows)),
        _("{n} columns").format(n=numbers.count(reading.n_columns)),
    ]
    if reading.encoding:
        parts.append(reading.encoding.upper())
    if reading.format in {"csv", "paste", "sample"} and reading.encoding:
        parts.append(names_of_delimiters().get(reading.delimiter, reading.delimiter))
    if reading.sheet:
        parts.append(_("sheet “{name}”").format(name=reading.sheet))
    words = _("{facts}.").format(facts=", ".join(parts))
    if reading.n_rejected:
        words += " " + rejected_sentence(reading)
    if reading.n_test_rows:
        words += " " + _("The test file has {n} rows.").format(n=numbers.count(reading.n_test_rows))
    return words


def rejected_sentence(reading: Reading) -> str:
    """Which lines could not be read."""
    lines = [numbers.count(line.line) for line in reading.rejected[:NAMED_LINES]]
    more = "…" if reading.n_rejected > len(lines) else ""
    return _("{n} rows could not be read (lines {lines}{more}).").format(
        n=numbers.count(reading.n_rejected), lines=", ".join(lines), more=more
    )


def draw(row: DatasetRow, reading: Reading) -> None:
    """The sentence, the notes, the rejected lines, and the form to read it in another way."""
    st.markdown(plain(sentence(reading)))
    for note in reading.notes:
        st.caption(plain(t(note)))
    if reading.rejected:
        with st.expander(_("Lines that could not be read"), icon=":material/report:"):
            st.dataframe(
                {
                    _("Line"): [line.line for line in reading.rejected],
                    _("Why"): [t(line.reason) for line in reading.rejected],
                    _("It starts with"): [line.start for line in reading.rejected],
                },
                hide_index=True,
                key=f"rejected-{row.id}",
            )
    if reading.format != "parquet":
        with st.expander(_("Not read rightly? Say how"), icon=":material/tune:"):
            _again(row, reading)


def _again(row: DatasetRow, reading: Reading) -> None:
    delimited = reading.format in {"csv", "paste", "sample"}
    with st.form(f"read-again-{row.id}", border=False):
        options = _delimited(row.id, reading) if delimited else {}
        if reading.sheets:
            options["sheet"] = st.selectbox(
                _("Sheet"), reading.sheets, _place(reading.sheets, reading.sheet), key=f"sheet-{row.id}"
            )
        elif not delimited:
            options["encoding"] = _encoding(row.id, reading)
        wanted = st.form_submit_button(_("Read again"), icon=":material/refresh:")
    if wanted:
        chosen = ReadOptions.model_validate(options).model_dump(exclude_none=True)
        params = ReadParams(dataset=row.id, name=row.name, source=row.id, options=chosen)
        if starting.read(params):
            st.rerun()


def _delimited(key: str, reading: Reading) -> dict[str, object]:
    words = names_of_delimiters()
    left, middle, right = st.columns(3)
    with left:
        encoding = _encoding(key, reading)
        header = st.checkbox(_("The first line names the columns"), reading.header, key=f"header-{key}")
    with middle:
        options = list(dict.fromkeys((*DELIMITERS, reading.delimiter)))
        delimiter = st.selectbox(
            _("Between values stands"),
            options,
            _place(options, reading.delimiter),
            format_func=lambda mark: words.get(mark, mark),
            key=f"delimiter-{key}",
            accept_new_options=True,
        )
        skip = st.checkbox(_("Skip lines that don't fit"), True, key=f"skip-{key}")
    with right:
        quotes = {'"': _("double quotes"), "'": _("single quotes"), "": _("no quotes")}
        quote = st.selectbox(
            _("Around texts stand"),
            list(QUOTES),
            _place(list(QUOTES), reading.quote),
            format_func=lambda mark: quotes.get(mark, mark),
            key=f"quote-{key}",
        )
    return {
        "encoding": encoding, "delimiter": delimiter, "quote": quote, "header": header, "skip_bad_lines": skip,
    }  # fmt: skip


def _encoding(key: str, reading: Reading) -> str:
    options = list(dict.fromkeys((*ENCODINGS, *([reading.encoding.lower()] if reading.encoding else []))))
    return st.selectbox(
        _("Encoding"),
        options,
        _place(options, reading.encoding.lower()),
        format_func=lambda name: short(name, 20).upper(),
        key=f"encoding-{key}",
        accept_new_options=True,
    )


def _place(options: list[str], value: str) -> int:
    return options.index(value) if value in options else 0
