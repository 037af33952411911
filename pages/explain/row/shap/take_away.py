"""An explained row for shap itself: the command that does the check, and the file for shap's own plots."""

from __future__ import annotations

import streamlit as st

from core.explain.against_shap import export
from core.job_params import ExplainParams
from core.jobs import client
from core.jobs.client import Job
from core.results.comparison import slug
from core.workspace import RunRow
from pages.shared import navigation, state
from pages.shared.i18n import _
from pages.shared.terminal import command


def command_line(row: RunRow, name: str, job: Job) -> None:
    """The command that checks the same row and writes the file."""
    reading = state.reading(row.dataset)
    file = str(reading.files[0]) if reading and reading.files else "table.csv"
    asked = ExplainParams.model_validate(job.params)
    text = command.explain(f"{slug(name)}.zip", file, asked, check_shap=True, shap_file=export.SHAP_FILE)
    about = _("It checks the same rows, and writes the file for shap’s plots.")
    navigation.command(text, about)


def notebook(job: Job) -> None:
    """The file and how to load it."""
    with st.expander(_("For shap’s plots in a notebook"), icon=":material/code:"):
        if not (client.folder(state.workspace(), job.id) / export.SHAP_FILE).exists():
            st.caption(_("This row was explained by an earlier version. Explain it again to get the file."))
            return
        st.caption(
            _(
                "The explained row as a shap.Explanation: plain arrays, nothing pickled. Two lines load it, with numpy "
                "and shap alone."
            )
        )
        st.link_button(
            _("Download {file}").format(file=export.SHAP_FILE),
            f"/amalgam/download/{job.id}/{export.SHAP_FILE}",
            icon=":material/download:",
        )
        st.code(f"{export.snippet(export.SHAP_FILE)}{export.PLOTS}", language="python", wrap_lines=True)
