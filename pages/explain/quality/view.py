"""How far to trust the explanations: three findings in sentences, and the curves and correlations they rest on."""

from __future__ import annotations

import streamlit as st

from core.explain.asked_elsewhere import trust_answers
from core.explain.quality.estimate import trust_seconds
from core.job_params import TrustParams
from core.results.comparison import Comparison
from core.results.explanations.quality import TRUST_FILE, ExplainedTrust, What
from core.workspace import RunRow
from pages.explain import common, elsewhere
from pages.explain.quality import charts, findings
from pages.shared import numbers
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain
from pages.shared.runs import job_panel

KIND = "explain-trust"


def draw(row: RunRow, result: Comparison, name: str) -> None:
    """The form, the job, the findings, the charts."""
    st.caption(
        _(
            "An explanation always looks convincing. Here it is put to the test: does the answer change when what it "
            "puts first is taken away, does it stay the same by another chance, and does it change when there is "
            "nothing to learn?"
        )
    )
    shown = common.newest(KIND, ExplainedTrust, TRUST_FILE, row, name)
    _start(row, result, name, first=shown is None)
    job_panel.panel(KIND, row.dataset)
    if shown is None or not shown[1].n_rows:
        st.caption(_("Nothing has been tested yet. Press Test the explanations."))
        return
    job, trust = shown
    findings.draw(trust)
    left, right = st.columns(2, gap="medium")
    with left:
        _curves(trust, job.id)
    with right:
        _agreements(trust, job.id)
    st.caption(plain(_basis(trust)))
    for message in trust.notes:
        st.caption(plain(t(message)))


def _start(row: RunRow, result: Comparison, name: str, *, first: bool) -> None:
    line = result.candidate(name)
    flow = line.flow if line else None
    seconds = trust_seconds(
        common.columns_used(row.dataset),
        result.n_rows,
        (line.ms_per_row if line else None) or 1.0,
        flow.fit_seconds / flow.n_rows if flow and flow.n_rows else 0.0,
    )
    elsewhere.draw(row, name, lambda manifest: trust_answers(manifest, result.n_rows))
    place = common.start_place(_("This takes about {time}.").format(time=numbers.seconds(seconds)))
    label, icon = _("Test the explanations"), ":material/verified:"
    if common.start_button(place, KIND, row.dataset, label, icon, first=first):
        common.start(KIND, TrustParams(run=row.id, candidate=name), row.dataset)


def _curves(trust: ExplainedTrust, key: str) -> None:
    st.markdown(_("**When words or columns go and come back**"))
    names: dict[What, str] = {"words": _("Words"), "columns": _("Columns")}
    there = [walk.what for walk in trust.walks]
    if not there:
        st.caption(_("There are fewer than two words or columns to take away."))
        return
    what = there[0]
    if len(there) > 1:
        what = st.segmented_control(
            _("Of what"), there, default=there[0], required=True, format_func=names.__getitem__, key="trust-what",
            label_visibility="collapsed", persist_state="session",
        ) or there[0]  # fmt: skip
    walk = trust.walk(what)
    if walk is None:
        return
    target = "" if trust.classes else trust.target
    display.show(
        chart_theme.kept(f"trust-{target}", walk, lambda: charts.curves(walk, target)),
        f"trust-{key}-{what}",
        charts.curve_table(walk),
        name=f"trust-{what}",
        alt=_n(
            "Deletion and insertion curve of {n} row. Area between the explanation's order and random ones: "
            "{removal} when taken away, {insertion} when put back.",
            "Deletion and insertion curves of {n} rows. Area between the explanation's order and random ones: "
            "{removal} when taken away, {insertion} when put back.",
            walk.n_rows,
        ).format(
            n=walk.n_rows,
            removal=numbers.score_with_interval(walk.removal),
            insertion=numbers.score_with_interval(walk.insertion),
        ),
    )


def _agreements(trust: ExplainedTrust, key: str) -> None:
    st.markdown(_("**The same rows explained again**"))
    if not trust.agreements:
        st.caption(_("Fewer than three words or columns have no order to compare."))
        return
    table = charts.agreement_table(trust)
    display.show(
        charts.agreements(trust.agreements),
        f"trust-{key}-alike",
        table,
        name="trust-correlations",
        alt=_("Rank correlations with the explanations shown: {all}").format(
            all="; ".join(f"{one[0]}, {one[1]}: {one[3]}" for one in table.itertuples(index=False))
        ),
    )


def _basis(trust: ExplainedTrust) -> str:
    """How many rows, seeds, random orders and trainings this rests on."""
    parts = [_("{n} of {all} rows, seeds: {seeds}, random orders of each: {draws}")]
    if trust.walk("words") is not None:
        parts.append(_("masked texts per explanation: at most {texts}"))
    if trust.shuffles:
        again = _n(
            "trained again on {rows}, once with shuffled labels",
            "trained again on {rows}, {shuffles} times with shuffled labels",
            trust.shuffles,
        )
        parts.append(again)
    parts.append(_("intervals by drawing the rows again"))
    return " · ".join(parts).format(
        n=trust.n_rows,
        all=trust.n_wanted,
        seeds=trust.seeds,
        draws=trust.draws,
        texts=trust.texts,
        rows=numbers.rows(trust.fit_rows),
        shuffles=trust.shuffles,
    )
