"""The Advice view of the Results page: how far a language model was followed, and what a student learned from it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.results.advice import Distillation, Trust
from core.results.comparison import Comparison, Detail
from pages.results import formulas, label_functions
from pages.results.charts import trust_chart
from pages.shared import numbers
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain


def draw(result: Comparison, detail: Detail) -> None:
    """The sentence, the trust curve, then what else is known of a candidate's advice."""
    if (advice := detail.advice) is None:
        return
    st.info(plain(_sentence(advice.trust)), icon=":material/tune:")
    if advice.first_fold:
        st.caption(_("This was found in the first fold: no fit on all rows was kept."))
    if advice.formulas:
        formulas.draw(advice.formulas, _loss(result), plain(_loss_about(result)))
    else:
        _trust(result, advice.trust)
    if advice.functions:
        label_functions.draw(advice.functions)
    if advice.distillation is not None:
        _distillation(result, advice.distillation)


def _sentence(trust: Trust) -> str:
    if trust.value and trust.curve:
        return _("The LLM's advice was followed at {trust}.").format(trust=f"{trust.value:.2f}")
    return t(trust.note) if trust.note else _("The LLM's advice was not used: it did not help.")


def _loss(result: Comparison) -> str:
    return _("Squared error") if result.task == "regression" else _("Log loss")


def _loss_about(result: Comparison) -> str:
    if result.task == "regression":
        return _("The squared difference between prediction and truth, on average; lower is better.")
    return _("How little probability the truth was given, on average; lower is better, 0 is certain and right.")


def _trust(result: Comparison, trust: Trust) -> None:
    st.markdown(_("**How far the advice is trusted**"), help=plain(_trust_about()))
    if not trust.curve:
        st.caption(_("Nothing could be tried, so the classical model decides alone."))
        return
    st.caption(
        _n(
            "Tried on {n} row held back inside the training rows; the bars are 95 % intervals.",
            "Tried on {n} rows held back inside the training rows; the bars are 95 % intervals.",
            trust.n_rows,
        ).format(n=numbers.count(trust.n_rows)),
        help=plain(_loss_about(result)),
    )
    loss = _loss(result)
    frame = pd.DataFrame(
        [
            {
                _("Trust"): point.trust,
                loss: point.loss,
                _("Low"): point.low,
                _("High"): point.high,
                _("Chosen"): "✓" if point.trust == trust.value else "",
            }
            for point in trust.curve
        ]
    )
    display.show(
        chart_theme.kept(f"trust-{loss}", trust, lambda: trust_chart.over_trust(trust, loss)),
        "trust",
        frame,
        alt=_("Loss over the trust in the advice; {trust} was chosen").format(trust=f"{trust.value:.2f}"),
    )


def _trust_about() -> str:
    return _(
        "Trust is one number from 0 to 1. At 0 the classical model decides alone, as if there were no LLM; at 1 the "
        "advice counts in full. Each trust is tried on rows held back inside the training rows. Taken is the least "
        "one whose loss is not clearly above the lowest (by no more than one standard error of the difference), so "
        "that advice which helps by chance alone is left."
    )


def _distillation(result: Comparison, found: Distillation) -> None:
    loss = _loss(result)
    st.markdown(
        _("**Teacher and student**"),
        help=plain(
            _(
                "The teacher is the tuned LLM with its own model. The student is the small classical model that is "
                "kept: it learned from the teacher's answers, and predicts without it."
            )
        ),
    )
    st.caption(
        _n(
            "On {n} row held back inside the training rows.",
            "On {n} rows held back inside the training rows.",
            found.n_rows,
        ).format(n=numbers.count(found.n_rows)),
        help=plain(_loss_about(result)),
    )
    lines = (
        (_("Teacher"), found.teacher_ms_per_row, found.teacher_loss),
        (_("Student"), found.student_ms_per_row, found.student_loss),
        (_("Student without a teacher"), None, found.alone_loss),
    )
    for column, (name, speed, value) in zip(st.columns(3), lines, strict=True):
        with column.container(border=True, gap="xsmall", height="stretch"):
            st.metric(f"{name}: {loss}", numbers.figure(value), help=plain(_loss_about(result)))
            if speed is not None:
                st.caption(plain(_("{n} ms per row").format(n=numbers.figure(speed, 2))))
    frame = pd.DataFrame(lines, columns=[_("Who"), _("ms per row"), loss])
    display.table(frame, "distillation", name="distillation", formats={loss: "%.4f", _("ms per row"): "%.3f"})
