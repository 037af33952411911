"""A run as somebody reads it who was given a link: the report's contents, and nothing that changes or takes anything.

Rows are never read here: the views are those of the Results page that draw scores, curves and settings alone.
"""

from __future__ import annotations

import streamlit as st

from core.access import shares
from core.results.comparison import Comparison, Detail, candidate_folder
from core.workspace import RunRow
from pages.reader import explanation
from pages.results import ladder, mistakes, summary, verdict_card
from pages.results import views as result_views
from pages.results.charts.mistakes import confusion
from pages.shared import names, state
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, language, t
from pages.shared.markup import plain
from pages.shared.runs import leaderboard
from pages.shared.session import current
from pages.shared.session.slots import Slot

OPENED = Slot("share-opened", "")  # the run that this session's opening was written down for


def draw() -> None:
    """The run that the address leads to; where it leads nowhere, one sentence."""
    token = str(st.query_params.get(current.LINK, ""))
    row = shares.opened(state.workspace(), token)
    folder = state.workspace().run_folder(row.id) if row else None
    result = state.stored(Comparison, folder / "result.json") if folder else None
    if row is None or folder is None or result is None:
        current.not_yours()
        return
    if OPENED.get() != row.id:
        state.record("open-shared", row.id)
        OPENED.set(row.id)
    st.title(plain(row.name), anchor=False)
    st.caption(_("Somebody has shared this comparison with you to read."))
    verdict_card.draw(result, row.id)
    for message in filter(None, [result.metric_reason]):
        st.caption(plain(t(message)))
    ladder.draw(result, row.id)
    st.subheader(_("All candidates"), anchor=False)
    leaderboard.draw(result, f"shared-{row.id}", lambda comparison: None)
    best = result.candidate(result.best or "")
    detail = state.stored(Detail, candidate_folder(folder, best.name) / "detail.json") if best else None
    if best is not None and detail is not None:
        st.subheader(_("Best candidate: {name}").format(name=plain(names.line_label(best, result.task))), anchor=False)
        _best(row, result, detail)
        st.subheader(_("In plain words"), anchor=False)
        summary.read(row, result, detail)
    st.link_button(
        _("Download the report (HTML)"),
        f"/amalgam/shared/{token}/report.html?language={language()}",
        icon=":material/download:",
        type="primary",
    )


def _best(row: RunRow, result: Comparison, detail: Detail) -> None:
    result_views.figures(result, detail)
    result_views.doubts(detail)
    views: dict[str, str] = {}
    if result.classes and detail.confusion:
        views |= {"classes": _("By class")}
    if result.classes and detail.roc:
        views |= {"curves": _("Curves"), "calibration": _("Calibration")}
    if detail.thresholds:
        views |= {"threshold": _("Threshold")}
    found = explanation.newest(row, detail.name)
    views |= {"explanation": _("What it looks at")} if found else {}
    views |= {"learning": _("Learning curve")} if detail.learning else {}
    views |= {"settings": _("Settings and timings")}
    chosen = st.segmented_control(
        _("View"), list(views), default=next(iter(views)), required=True, format_func=views.__getitem__,
        key="shared-view", label_visibility="collapsed",
    )  # fmt: skip
    {
        "classes": lambda: _by_class(result, detail),
        "curves": lambda: result_views.curves(detail),
        "calibration": lambda: result_views.calibration(detail),
        "threshold": lambda: result_views.threshold(detail),
        "explanation": lambda: explanation.draw(found) if found else None,
        "learning": lambda: result_views.learning(result, detail),
        "settings": lambda: result_views.settings(result, detail),
    }[chosen or next(iter(views))]()


def _by_class(result: Comparison, detail: Detail) -> None:
    st.caption(_("Rows are the truth, columns what was predicted."))
    chart = chart_theme.kept("confusion", detail, lambda: confusion(detail.confusion, result.classes))
    alt = _("Confusion matrix: how many rows of each class were called what")
    display.show(chart, "shared-confusion", name="confusion", alt=alt)
    mistakes.per_class(detail)


draw()
