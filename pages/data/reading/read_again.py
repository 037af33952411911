"""How a table was read, in words, and where to say that it should be read in another way."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.data.schema import Reading
from core.job_params import ReadParams
from core.jobs.client import Job
from core.workspace import DatasetRow
from pages.data.reading import area, masked, options_form
from pages.shared import numbers, state
from pages.shared.i18n import _, _n, listed, t
from pages.shared.markup import plain

NAMED_LINES = 5


def sentence(reading: Reading) -> str:
    """“14,640 rows, 8 columns, UTF-8, comma. 3 rows could not be read (lines 210, 877, 4,213).”"""
    parts = [
        numbers.rows(reading.n_rows),
        numbers.columns(reading.n_columns),
    ]
    if reading.encoding:
        parts.append(reading.encoding.upper())
    if reading.format in {"csv", "paste", "sample"} and reading.encoding:
        parts.append(options_form.names_of_delimiters().get(reading.delimiter, reading.delimiter))
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
    if reading.format not in options_form.TYPED or reading.sheets:
        with st.expander(_("Is something wrong? Say how to read it"), icon=":material/tune:"):
            _again(row, reading)


def retry(job: Job) -> None:
    """A file that could not be read: say how, and try once more from what was uploaded."""
    if job.params.get("sample") or job.params.get("join"):
        return
    params = ReadParams.model_validate(job.params)
    with st.expander(_("Say how to read it, and try again"), icon=":material/tune:"):
        rows = area.choose(job.id, _uploaded(params), None)
        options_form.draw(job.id, None, params, rows)


def _again(row: DatasetRow, reading: Reading) -> None:
    hide = masked.hide(row, reading)
    rows = area.choose(row.id, _kept(row, reading), reading, hide) if reading.format in area.WIDE else {}
    options_form.draw(row.id, reading, ReadParams(dataset=row.id, name=row.name, source=row.id), rows)


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
