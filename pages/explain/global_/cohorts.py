"""Cohorts: the columns ranked over the rows that meet a condition, beside the rest."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.explain.asked_elsewhere import cohort_answers
from core.job_params import CohortParams, Condition
from core.jobs import client
from core.results.explanations.cohort import FEWEST, meets
from core.results.explanations.global_explanation import Cohort, Importance, of_class, ranked
from pages.explain import elsewhere
from pages.explain.global_ import condition
from pages.explain.global_.charts import bars
from pages.explain.global_.common import Found, class_or_called, stored
from pages.shared import numbers, state
from pages.shared.charts import display
from pages.shared.i18n import _, _n
from pages.shared.markup import short
from pages.shared.runs import held_out_rows, job_panel, starting


def draw(found: Found) -> None:
    """A condition, then both rankings; too few explained rows in the cohort ask for more."""
    if not held_out_rows.same_table(found.row, found.result):
        st.caption(_("The table was read anew since this run. Compare again to look at cohorts."))
        return
    rows = found.rows()
    positions = rows["row"].unique()
    where, values = condition.draw(found, positions)
    label = class_or_called(found, "whole-cohort")
    if where is None:
        st.caption(_("Choose a value."))
        return
    inside = set(positions[meets(values, where)].tolist())
    lines = of_class(rows, label)
    mask = lines["row"].isin(inside).to_numpy()
    own, rest = lines[mask], lines[~mask]
    job_panel.panel("explain-cohort", found.row.dataset)
    more = _explained(found, where)
    if more is not None:
        own = of_class(more, label)
    n_own, n_rest = own["row"].nunique(), rest["row"].nunique()
    if n_own < FEWEST and more is None:
        st.caption(
            _n(
                "Only {n} of the explained rows is in this cohort.",
                "Only {n} of the explained rows are in this cohort.",
                n_own,
            ).format(n=n_own)
        )
        params = CohortParams(run=found.row.id, candidate=found.name, where=where, output=found.whole.output)
        ms = elsewhere.ms_per_row(found.result, found.name)
        elsewhere.draw(found.row, found.name, lambda manifest: cohort_answers(manifest, ms, params.budget_seconds))
        if st.button(
            _("Explain more of its rows"), type="primary", icon=":material/group:", key="explain-cohort-start"
        ) and starting.submit("explain-cohort", params, found.row.dataset):
            st.rerun()
    if not n_own or not n_rest:
        st.caption(_("All explained rows are on one side. Choose another value."))
        return
    _sides(found, ranked(own), ranked(rest), (n_own, n_rest))


def _sides(found: Found, own: list[Importance], rest: list[Importance], counts: tuple[int, int]) -> None:
    if min(counts) >= FEWEST:
        st.markdown(f"**{_difference(own, rest)}**")
    else:
        st.caption(_("Too few rows on one side to say how they differ."))
    names = [_("in the cohort ({rows})"), _("the rest ({rows})")]
    sides = {name.format(rows=numbers.rows(n)): side for name, n, side in zip(names, counts, (own, rest), strict=True)}
    title = _("mean effect ({unit})").format(unit=found.unit)
    data = pd.concat(
        [
            pd.DataFrame([{"side": side, "column": one.name, **one.value.model_dump()} for one in entries])
            for side, entries in (("cohort", own), ("rest", rest))
        ]
    )
    alt = _("Columns by the mean size of their Shapley value in the cohort and in the rest")
    display.show(bars.two_rankings(sides, title), "whole-cohort", data, name="cohort", alt=alt)


def _difference(own: list[Importance], rest: list[Importance]) -> str:
    """The column whose importance differs most, where the intervals do not overlap."""
    others = {one.name: one.value for one in rest}
    apart = [
        (one.name, one.value.mean, others[one.name].mean)
        for one in own
        if one.name in others and (one.value.low > others[one.name].high or one.value.high < others[one.name].low)
    ]
    if not apart:
        return _("No column matters more or less here than in the rest: all intervals overlap.")
    name, here, there = max(apart, key=lambda one: abs(one[1] - one[2]))
    template = (
        _("“{column}” matters more in the cohort: {here} instead of {there}.")
        if here > there
        else _("“{column}” matters less in the cohort: {here} instead of {there}.")
    )
    return template.format(column=short(name, 40), here=numbers.figure(here, 2), there=numbers.figure(there, 2))


def _explained(found: Found, where: Condition) -> pd.DataFrame | None:
    """The rows of the newest job for this very cohort."""
    wanted = {"run": found.row.id, "candidate": found.name, "where": where.model_dump(), "output": found.whole.output}
    for job in client.jobs(
        state.workspace(), state.owner(), kind="explain-cohort", dataset=found.row.dataset, limit=20
    ):
        if all(job.params.get(key) == value for key, value in wanted.items()):
            result = state.stored(Cohort, client.folder(state.workspace(), job.id) / "cohort.json")
            if result is not None and result.n_rows:
                return stored(job.id, "whole_rows.parquet")
    return None
