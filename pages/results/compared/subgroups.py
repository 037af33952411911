"""One candidate's score within parts of the table: does it work for everyone?"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from core.catalog import METRICS, Task
from core.evaluate.subgroups import Group, by_group
from core.results.comparison import Comparison, Detail, Interval
from core.workspace import RunRow
from pages.results.charts import comparison
from pages.shared import numbers, state
from pages.shared.charts import display
from pages.shared.charts.chart_theme import literal
from pages.shared.i18n import _
from pages.shared.markup import plain
from pages.shared.runs import held_out_rows, rows_behind


def draw(row: RunRow, result: Comparison, detail: Detail, folder: Path) -> None:
    """A column to group by, a score, and that score in each group."""
    schema = state.schema(row.dataset)
    columns = [one for one in schema.columns if one.role != "id" and one.name != result.target] if schema else []
    columns.sort(key=lambda one: ("category", "number", "date", "text", "ignored").index(_kind(one.role)))
    if not columns:
        st.caption(_("There is no column to group by besides the one that is predicted."))
        return
    if not held_out_rows.same_table(row, result):
        st.caption(_("The table was read anew since this run. Compare again to see its groups."))
        return
    left, right = st.columns(2)
    name = left.selectbox(_("Group by"), [one.name for one in columns], key=f"group-by-{row.id}")
    usual = "mae" if result.task == "regression" else result.metric  # R² within a group says little
    metrics = [one for one in METRICS if one in detail.scores]
    metric = right.selectbox(
        _("Score"), metrics, index=metrics.index(usual) if usual in metrics else 0,
        format_func=numbers.metric_label, key=f"group-score-{row.id}",
    )  # fmt: skip
    chosen = next((one for one in columns if one.name == name), columns[0])
    found = _groups(
        str(folder), (folder / "predictions.parquet").stat().st_mtime_ns, row.dataset,
        state.table_version(row.dataset), chosen.name, chosen.role == "text", result.task, str(metric),
        tuple(result.classes), result.positive, result.inflation,
    )  # fmt: skip
    labels = [_label(group) for group in found]
    overall = detail.scores.get(str(metric))
    st.caption(
        plain(
            _(
                "The dashed line is all rows together; the bars are 95 % intervals. With many groups, one in twenty "
                "stands apart by chance alone."
            )
        )
    )
    if len(found) < 2:
        st.caption(_("All rows fall into one group here. Choose another column."))
    shown = [
        f"{literal(label, 20)} ({numbers.count(group.n_rows)})" for label, group in zip(labels, found, strict=True)
    ]
    chart = comparison.groups(shown, [group.score for group in found], str(metric), overall.mean if overall else None)
    alt = _("{metric} by {column}").format(metric=numbers.metric_label(str(metric)), column=chosen.name)
    display.show(chart, f"groups-{row.id}", _frame(found, labels, chosen.name, str(metric)), name="groups", alt=alt)


def _kind(role: str) -> str:
    return role if role in {"category", "number", "date", "text"} else "ignored"


def _label(group: Group) -> str:
    return {
        "others": _("others"),
        "missing": _("no value"),
        "length": _("{range} characters").format(range=group.label),
    }.get(group.kind, group.label)


def _frame(found: list[Group], labels: list[str], column: str, metric: str) -> pd.DataFrame:
    scores: list[Interval | None] = [group.score for group in found]
    return pd.DataFrame(
        {
            column: labels,
            _("Rows"): [group.n_rows for group in found],
            numbers.metric_label(metric): [score.mean if score else None for score in scores],
            _("Low"): [score.low if score else None for score in scores],
            _("High"): [score.high if score else None for score in scores],
        }
    )


@st.cache_resource(max_entries=32, show_spinner=False)
def _groups(
    folder: str, changed: int, dataset: str, table_changed: int, column: str, text: bool, task: Task, metric: str,
    classes: tuple[str, ...], positive: str, inflation: float,
) -> list[Group]:  # fmt: skip
    held = rows_behind.predictions(Path(folder))
    values = held_out_rows.column(dataset, column, held["row"].to_numpy())
    return by_group(held, values, task, metric, list(classes), text=text, inflation=inflation, positive=positive)
