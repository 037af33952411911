"""The leaderboard on a page: its chart, what is still to come, what failed, and the same as a table."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.results.comparison import Comparison
from pages.shared import names
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs.board import dots, ranking, table


def draw(comparison: Comparison, key: str, left_out: Callable[[Comparison], None]) -> None:
    """Chart, what is still to come, what failed, and the same as a table with its download.

    left_out: draws what the time budget did not allow.
    """
    if ranking.ranked(comparison):
        best = names.line_label(ranking.ranked(comparison)[0], comparison.task)
        st.plotly_chart(
            chart_theme.kept("leaderboard", comparison, lambda: dots.drawing(comparison)),
            key=f"{key}-chart",
            config=chart_theme.config("leaderboard"),
            alt=_("Candidates by score, best: {name}").format(name=best),
        )
    _waiting(comparison)
    left_out(comparison)
    _features(comparison)
    with st.expander(_("The same as a table"), icon=":material/table:"):
        rows = chart_theme.kept_table("leaderboard-table", comparison, lambda: table.table(comparison))
        st.dataframe(rows, hide_index=True, column_config=table.columns(rows), key=f"{key}-table")
        display.download(rows, f"{key}-download", "leaderboard")


def _features(comparison: Comparison) -> None:
    """Which candidates' text features were made how; what that means on hover."""
    for badge, (word, sentence) in ranking.badges().items():
        lines = [line for line in ranking.ranked(comparison) if line.leak_badge == badge]
        if lines:
            named = ", ".join(names.line_label(line, comparison.task) for line in lines)
            st.caption(
                plain(_("Text features, {badge}: {names}").format(badge=word, names=named)), help=plain(sentence)
            )


def _waiting(comparison: Comparison) -> None:
    running = [names.line_label(line, comparison.task) for line in comparison.candidates if line.status == "running"]
    waiting = [names.line_label(line, comparison.task) for line in comparison.candidates if line.status == "waiting"]
    if running:
        st.caption(plain(_("Now training: {names}").format(names=", ".join(running))))
    if waiting:
        st.caption(plain(_("Still to come: {names}").format(names=", ".join(waiting))))
    for line in comparison.candidates:
        if line.status in {"failed", "skipped", "cancelled"} and not line.left_out:
            reason = t(line.reason) if line.reason else ""
            words = _("{name}: {state}. {reason}").format(
                name=names.line_label(line, comparison.task), state=names.status_label(line), reason=reason
            )
            st.caption(plain(words.strip()))
