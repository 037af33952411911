"""The whole data explained: the columns in order in a sentence, and one look at a time at the rest."""

from __future__ import annotations

import streamlit as st

from core.explain.asked_elsewhere import whole_answers
from core.explain.global_.estimate import BUDGETS, whole_seconds
from core.job_params import WholeParams
from core.results.comparison import Comparison
from core.results.explanations.global_explanation import WholeExplanation, shares
from core.workspace import RunRow
from pages.explain import common, elsewhere
from pages.explain.amortized import found as explain_learned_found
from pages.explain.global_ import cohorts, columns, contrast, interactions, partial_dependence, rows, words
from pages.explain.global_.common import Found
from pages.shared import numbers
from pages.shared.i18n import _, t
from pages.shared.markup import plain, short
from pages.shared.runs import job_panel
from pages.shared.session import current

NAMED = 3  # columns in the first sentence


def draw(row: RunRow, result: Comparison, name: str) -> None:
    """The form, the job, what was found."""
    shown = common.newest("explain-whole", WholeExplanation, "whole.json", row, name)
    _start(row, result, name, first=shown is None)
    job_panel.panel("explain-whole", row.dataset)
    if shown is None or not shown[1].shapley:
        st.caption(_("Nothing has been explained yet. Press Explain to see which columns and words matter."))
        return
    job, whole = shown
    for message in whole.warnings:
        st.caption(plain(t(message)))
    found = Found(row, result, name, job.id, whole)
    st.markdown(_headline(whole))
    looks = {
        "columns": (_("Columns"), columns.draw),
        "summary": (_("Summary"), rows.summary),
        "dependence": (_("Dependence"), rows.dependence),
        "effects": (_("Partial dependence"), partial_dependence.draw),
        "pairs": (_("Interactions"), interactions.draw),
        "words": (_("Words"), words.draw),
        "cohorts": (_("Cohorts"), cohorts.draw),
        "contrast": (_("Against another"), contrast.draw),
    }
    chosen = st.segmented_control(
        _("Look at"), list(looks), default="columns", required=True, format_func=lambda one: looks[one][0],
        key="whole-look", bind="query-params",
    )  # fmt: skip
    looks[chosen or "columns"][1](found)


def _headline(whole: WholeExplanation) -> str:
    """“It looks most at “text” (62% of all movement), then …”, in a sentence."""
    parts = list(shares(whole.shapley).items())[:NAMED]
    items = [_("“{column}” ({share} of all movement)"), *[_("“{column}” ({share})")] * (NAMED - 1)]
    named = [
        item.format(column=short(name, 40), share=f"{share:.0%}")
        for item, (name, share) in zip(items, parts, strict=False)
    ]
    if len(named) == 1:
        line = _("It looks only at {first}.").format(first=_("“{column}”").format(column=short(parts[0][0], 40)))
    elif len(named) == 2:
        line = _("It looks most at {first}, then at {second}.").format(first=named[0], second=named[1])
    else:
        line = _("It looks most at {first}, then at {second} and {third}.").format(
            first=named[0], second=named[1], third=named[2]
        )
    return f"**{line}**"


def _time(seconds: float) -> str:
    """A round time: 20 s, 3 min."""
    return numbers.seconds(seconds) if seconds < 60 else _("{n} min").format(n=round(seconds / 60))


def _start(row: RunRow, result: Comparison, name: str, *, first: bool) -> None:
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        output = common.output_box(result, "whole")
    with right:
        budget = st.segmented_control(
            _("Time at most"), list(BUDGETS), default=BUDGETS[1], required=True, format_func=_time,
            key="whole-budget", persist_state="session",
            help=_("More time opens more texts into words, and with a slow model more rows into columns."),
        )  # fmt: skip
    ms, most = elsewhere.ms_per_row(result, name), budget or BUDGETS[1]
    data = current.require_dataset()
    seconds = whole_seconds(
        common.columns_used(row.dataset),
        data.n_rows,
        ms,
        most,
        explain_learned_found.masked_texts(row, name, output),
    )
    kind = "explain-whole"
    elsewhere.draw(row, name, lambda manifest: whole_answers(manifest, data.n_rows, ms, most))
    place = common.start_place(_("This takes about {time}.").format(time=numbers.seconds(seconds)))
    if common.start_button(place, kind, row.dataset, _("Explain"), ":material/psychology:", first=first):
        params = WholeParams(run=row.id, candidate=name, output=output, budget_seconds=most)
        common.start(kind, params, row.dataset)
