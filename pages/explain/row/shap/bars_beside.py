"""What the check against shap found: both bars side by side, and the sentence that goes with them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.results.explanations.shap_check import ShapBars, ShapCheck, explainer_about, reasons, sentence
from pages.explain import common
from pages.explain.row.shap import charts
from pages.shared import numbers
from pages.shared.charts import display
from pages.shared.i18n import _, t
from pages.shared.markup import plain


def draw(check: ShapCheck) -> None:
    """Each part with its bars, then the versions, the background and the times."""
    for number, part in enumerate(check.parts):
        with st.container(border=True):
            _part(check, part, f"shap-{number}")
    line = _(
        "shap {version} · its background is the same {n} rows, each as often as it counts, {repeated} in all · {ours} "
        "here, {theirs} by shap, the compiling of its loops not counted"
    )
    st.caption(
        plain(
            line.format(
                version=check.shap_version,
                n=check.background_rows,
                repeated=check.repeated_rows,
                ours=numbers.seconds(check.ours_seconds),
                theirs=numbers.seconds(check.seconds),
            )
        )
    )


def _part(check: ShapCheck, part: ShapBars, key: str) -> None:
    heading = _("The words of “{column}”").format(column=part.column) if part.column else _("The columns")
    st.markdown(f"**{plain(heading)}**")
    said = plain(t(sentence(part, check.unit)))
    if part.agreement == "apart":
        st.warning(said, icon=":material/report:")
    elif part.agreement == "grouping":
        st.info(said, icon=":material/info:")
    else:
        st.success(said, icon=":material/check_circle:")
    for message in reasons(part):
        st.caption(plain(t(message)))
    alt = _("Each bar here and beside it shap’s; the largest difference is {difference}.")
    display.show(
        charts.side_by_side(part, common.unit_words(check.unit)),
        f"{key}-bars",
        _frame(part),
        name="beside-shap",
        alt=alt.format(difference=numbers.figure(abs(part.worst.difference), 2)),
    )
    notes = [t(explainer_about(part.explainer))]
    if len(part.bars) > charts.MOST_BARS:
        text = _("The {n} longest bars are drawn; the file has all of them.")
        notes.append(text.format(n=charts.MOST_BARS))
    evaluations = _("{evaluations} evaluations · {seconds}").format(
        evaluations=numbers.count(part.evaluations), seconds=numbers.seconds(part.seconds)
    )
    st.caption(plain(" ".join([*notes, evaluations])))


def _frame(part: ShapBars) -> pd.DataFrame:
    bars = [{**bar.model_dump(), "difference": bar.difference} for bar in part.bars]
    return pd.DataFrame(bars).rename(columns={"theirs": "shap", "theirs_reach": "shap_reach"})
