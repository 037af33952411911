"""How a table was read, in words, and reading it again in another way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from core.data.schema import Reading, ReadOptions
from core.jobs.client import Job
from core.plan import ReadParams
from core.workspace import DatasetRow
from pages.data.reading import area, documents_form, masked
from pages.shared import numbers, state
from pages.shared.i18n import _, _n, listed, t
from pages.shared.markup import plain
from pages.shared.runs import starting

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "big5", "shift_jis", "euc-kr", "cp1252", "latin-1", "cp1251")
DELIMITERS = (",", ";", "\t", "|", ":", "^", "~")
QUOTES = ('"', "'", "")
NAMED_LINES = 5
TYPED = {"parquet", "arrow"}  # files that say all of themselves


def names_of_delimiters() -> dict[str, str]:
    """Delimiters as people call them."""
    return {
        ",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar"), ":": _("colon"),
        "^": _("caret"), "~": _("tilde"), "": _("one column"),
    }  # fmt: skip


def sentence(reading: Reading) -> str:
    """“14,640 rows, 8 columns, UTF-8, comma. 3 rows could not be read (lines 210, 877, 4,213).”"""
    parts = [
        numbers.rows(reading.n_rows),
        numbers.columns(reading.n_columns),
    ]
    if reading.encoding:
        parts.append(reading.encoding.upper())
    if reading.format in {"csv", "paste", "sample"} and reading.encoding:
        parts.append(names_of_delimiters().get(reading.delimiter, reading.delimiter))
    if reading.sheet:
        parts.append(_("sheet “{name}”").format(name=reading.sheet))
    words = _("{facts}.").format(facts=listed(parts))
    if reading.n_rejected:
        words += " " + rejected_sentence(reading)
    if reading.n_test_rows:
        words += " " + _n("The test file has {n} row.", "The test file has {n} rows.", reading.n_test_rows).format(
            n=numbers.count(reading.n_test_rows)
        )
    return words


def rejected_sentence(reading: Reading) -> str:
    """Which lines could not be read."""
    lines = [numbers.count(line.line) for line in reading.rejected[:NAMED_LINES]]
    more = "…" if reading.n_rejected > len(lines) else ""
    return _n(
        "{n} row could not be read (line {lines}{more}).",
        "{n} rows could not be read (lines {lines}{more}).",
        reading.n_rejected,
    ).format(n=numbers.count(reading.n_rejected), lines=listed(lines), more=more)


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
    if reading.format not in TYPED or reading.sheets:
        with st.expander(_("Is something wrong? Say how to read it"), icon=":material/tune:"):
            _again(row, reading)


def retry(job: Job) -> None:
    """A file that could not be read: say how, and try once more from what was uploaded."""
    if job.params.get("sample") or job.params.get("join"):
        return
    params = ReadParams.model_validate(job.params)
    with st.expander(_("Say how to read it, and try again"), icon=":material/tune:"):
        rows = area.choose(job.id, _uploaded(params), None)
        _form(job.id, None, params, rows)


def _again(row: DatasetRow, reading: Reading) -> None:
    hide = masked.hide(row, reading)
    rows = area.choose(row.id, _kept(row, reading), reading, hide) if reading.format in area.WIDE else {}
    _form(row.id, reading, ReadParams(dataset=row.id, name=row.name, source=row.id), rows)


def _kept(row: DatasetRow, reading: Reading) -> Path | None:
    """The file that a data set was read from, if it is one."""
    folder = state.workspace().dataset_folder(row.id) / "source"
    path = folder / reading.files[0] if len(reading.files) == 1 else folder
    return path if path.is_file() else None


def _uploaded(params: ReadParams) -> Path | None:
    """The one file that was uploaded, if it is still there."""
    if len(params.uploads) != 1:
        return None
    folder = state.workspace().upload_folder(params.uploads[0])
    return next((path for path in sorted(folder.glob("*")) if path.is_file() and path.name[:1] != "."), None)


def _form(key: str, reading: Reading | None, params: ReadParams, rows: dict[str, object]) -> None:
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
