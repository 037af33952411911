"""Learning to explain: what it is for, what it costs, and its job."""

from __future__ import annotations

import streamlit as st

from core.bundles.manifest import Manifest
from core.explain.amortized.estimate import LEARNED_TEXTS, LESSONS, learned_seconds, pays_from
from core.explain.global_.estimate import WHOLE_WORD_TEXTS
from core.job_params import LearnParams
from core.results.comparison import Comparison
from core.results.explanations.rows import Output
from core.workspace import RunRow
from pages.explain import common
from pages.explain.amortized import found
from pages.shared import numbers
from pages.shared.i18n import _, _n
from pages.shared.markup import plain
from pages.shared.runs import job_panel

KIND = "learn-words"


def draw(row: RunRow, result: Comparison, name: str, output: Output) -> None:
    """The form, the job, what is known by now."""
    manifest = found.manifest(row, name)
    if manifest is None or not manifest.read or manifest.asked:  # learning takes hundreds of thousands of answers
        return
    known = found.found(row, name, output)
    st.divider()
    st.markdown(_("**Learn to explain**"))
    st.caption(
        plain(
            _(
                "Opening a text into words asks the model about {many} versions of it with words left out. A small "
                "network can learn from the texts of this table what the answers come to; no label is read. Where "
                "that goes well, {few} versions per text are enough, so more texts are opened in the same time."
            ).format(many=WHOLE_WORD_TEXTS, few=LEARNED_TEXTS)
        )
    )
    _start(row, result, manifest, output, first=not known)
    job_panel.panel(KIND, row.dataset)
    for about in known:
        found.draw(row, name, about)


def _start(row: RunRow, result: Comparison, manifest: Manifest, output: Output, *, first: bool) -> None:
    name = manifest.candidate
    ms = ((line := result.candidate(name)) and line.ms_per_row) or 1.0
    column = manifest.read[0]
    if len(manifest.read) > 1:
        column = st.selectbox(_("Text column"), manifest.read, key=f"learn-column-{row.id}") or column
    language = next(one.language for one in manifest.column_schema if one.name == column)
    lessons = st.segmented_control(
        _("Learn from"), list(LESSONS), default=LESSONS[2], required=True, key="learn-lessons", persist_state="session",
        format_func=lambda n: _("{n} texts · {time}").format(
            n=f"{n:,}", time=numbers.seconds(learned_seconds(n, ms, language))
        ),
        help=_("Texts of this table and parts of them. The more, the less it is off."),
    ) or LESSONS[2]  # fmt: skip
    pays = pays_from(lessons, ms, language)
    st.caption(
        plain(
            _n(
                "In time this pays off from the first opened text on.",
                "In time this pays off from about {n} opened texts on, so it is for large tables and for models that "
                "are explained again and again.",
                pays,
            ).format(n=f"{pays:,}")
        )
    )
    place = st.container()
    if common.start_button(place, KIND, row.dataset, _("Learn"), ":material/school:", first=first):
        params = LearnParams(run=row.id, candidate=name, column=column, output=output, lessons=lessons)
        common.start(KIND, params, row.dataset)
