"""A candidate's mistakes on the Results page: all of them with the rows behind, and class by class."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from core.results.comparison import Comparison, Detail
from pages.results.charts import mistakes
from pages.shared import numbers
from pages.shared.charts import chart_theme, display
from pages.shared.i18n import _, _n
from pages.shared.runs import rows_behind


def draw(dataset: str, result: Comparison, detail: Detail, folder: Path) -> None:
    """The confusion matrix and the rows behind a cell; for numbers, predicted against true."""
    if not result.classes:
        held = rows_behind.predictions(folder)
        display.show(mistakes.predicted_and_true(held, result.target), "predicted", held, name="predictions")
        display.show(mistakes.residuals(held, result.target), "residuals")
        st.caption(_("The rows with the largest errors."))
        rows_behind.draw(rows_behind.find(dataset, folder, rows_behind.Choice(classes=False))[1])
        return
    st.caption(_("Rows are the truth, columns what was predicted. Click a square to see the rows behind it."))
    key = f"cell-{folder.parent.parent.name}-{folder.name}"
    st.plotly_chart(
        chart_theme.kept("confusion", detail, lambda: mistakes.confusion(detail.confusion, result.classes)),
        key=key,
        on_select=lambda: _clicked(key, result.classes),
        selection_mode="points",
        config=chart_theme.config("confusion"),
        alt=_("Confusion matrix: how many rows of each class were called what"),
    )
    left, right = st.columns(2)
    any_class = _("any class")
    truth = left.selectbox(_("Truth"), result.classes, index=None, placeholder=any_class, key=f"{key}-truth")
    said = right.selectbox(_("Predicted"), result.classes, index=None, placeholder=any_class, key=f"{key}-said")
    n_rows, frame = rows_behind.find(dataset, folder, rows_behind.Choice(True, truth, said))
    if truth is None and said is None:
        st.caption(_n("The only mistake.", "All {n} mistakes.", n_rows).format(n=numbers.count(n_rows)))
    else:
        st.caption(
            _n("{n} row behind this choice.", "{n} rows behind this choice.", n_rows).format(n=numbers.count(n_rows))
        )
    rows_behind.draw(frame)


def _clicked(key: str, classes: list[str]) -> None:
    """A click on a square chooses its truth and prediction; a click beside them lets go."""
    points = st.session_state[key].selection.point_indices
    truth, said = divmod(points[0], len(classes)) if points else (None, None)
    st.session_state[f"{key}-truth"] = None if truth is None else classes[truth]
    st.session_state[f"{key}-said"] = None if said is None else classes[said]


def per_class(detail: Detail) -> None:
    """Precision, recall and F1 of each class."""
    frame = pd.DataFrame(
        [
            {
                _("Class"): one.label,
                _("Rows"): one.n_rows,
                _("Precision"): numbers.score_with_interval(one.precision),
                _("Recall"): numbers.score_with_interval(one.recall),
                "F1": numbers.score_with_interval(one.f1),
            }
            for one in detail.classes
        ]
    )
    display.table(frame, "per-class", name="classes")
