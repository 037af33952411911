"""One row explained: which one, what it costs, its bars and words."""

from __future__ import annotations

import streamlit as st

from core.assistant import facts
from core.explain.asked_elsewhere import row_answers
from core.explain.row.estimate import row_seconds
from core.job_params import ExplainParams, GenerateParams
from core.jobs.client import Job
from core.results.comparison import Comparison, candidate_folder
from core.results.explanations.rows import Explanation
from core.results.kept_texts import fingerprint
from core.workspace import RunRow
from pages.explain import common, elsewhere, row_picker
from pages.explain.row import bars
from pages.explain.row.shap import check
from pages.shared import navigation, numbers, state
from pages.shared.i18n import _, language, t
from pages.shared.markup import plain
from pages.shared.runs import job_panel
from pages.shared.session import current
from pages.shared.terminal import command
from pages.shared.written import kept
from pages.shared.written.kept import Text


def draw(row: RunRow, result: Comparison, name: str) -> None:
    """The form, the job, the explained rows; bars are there as soon as they are known, while the job goes on."""
    shown = _newest(row, name)
    _start(row, result, name, first=shown is None)
    job = job_panel.panel("explain", row.dataset)
    active = job is not None and job.active
    if active:
        st.fragment(_explained, run_every=job_panel.SECONDS)(row, name)
        return
    _explained(row, name)
    if shown is None:
        st.caption(_("Nothing has been explained yet. Choose a row and press Explain."))
    elif shown[1].rows:
        _more(row, name, *shown)
        check.draw(row, result, name, *shown)


def _newest(row: RunRow, name: str) -> tuple[Job, Explanation] | None:
    return common.newest("explain", Explanation, "explanation.json", row, name)


def _explained(row: RunRow, name: str) -> None:
    shown = _newest(row, name)
    if shown is None:
        return
    _job, explanation = shown
    for message in explanation.warnings:
        st.caption(plain(t(message)))
    for number, one in enumerate(explanation.rows):
        bars.one_row(explanation, one, f"row-{number}")


def _more(row: RunRow, name: str, job: Job, explanation: Explanation) -> None:
    """The same in words, and from the command line."""
    first = explanation.rows[0]
    params = GenerateParams(
        task="row", run=row.id, candidate=name, explanation=job.id, row=first.row, language=language()
    )
    told = facts.of_row(first, explanation.unit)
    about = facts.about_row(explanation, first, language())
    text = Text(row, about, params, facts.text(told, language()), fingerprint(facts.text(told, "en")))
    kept.draw(text, _("Explain this row in words"))
    reading = state.reading(row.dataset)
    file = str(reading.files[0]) if reading and reading.files else "table.csv"
    asked = ExplainParams.model_validate(job.params)
    bundle = candidate_folder(state.workspace().run_folder(row.id), name).name
    navigation.command(
        command.explain(f"{bundle}.zip", file, asked),
        _("It explains the same rows with the bundle, which you can download on the Use page."),
    )


def _start(row: RunRow, result: Comparison, name: str, *, first: bool) -> None:
    position = row_picker.draw(row, current.require_dataset(), result, name)
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        label = common.class_box(row, result, "explain")
    with right:
        output = common.output_box(result, "explain")
    line = result.candidate(name)
    seconds = row_seconds(common.columns_used(row.dataset), 1, (line.ms_per_row if line else None) or 1.0)
    elsewhere.draw(row, name, row_answers)
    place = common.start_place(_("This takes about {time}.").format(time=numbers.seconds(seconds)))
    if common.start_button(place, "explain", row.dataset, _("Explain"), ":material/psychology:", first=first):
        params = ExplainParams(run=row.id, candidate=name, rows=[position], label=label, output=output)
        common.start("explain", params, row.dataset)
